import { constants, copyFile, mkdir, readdir, readlink, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bind } from './bubblewrap.ts';
import type { Proof, ProvenFolder, ProvenInput } from './prove-inputs.ts';
import { inputKey } from './recorded-inputs.ts';
import { checkedObject, type ReadObject } from './restore-code.ts';

/** Inputs up to this size together are copied; larger ones are shown in place. Unit: byte. */
const COPIED_BYTES = 512 * 1024 * 1024;

/** More files than this are never mounted one by one. */
const MOST_BINDS = 500;

export type PlaceOptions = {
  readonly work: string;
  /** Where the program sees the work folder. */
  readonly seenAs: string;
  /** Whether files can be mounted at their place. */
  readonly canMount: boolean;
  readonly readObject: ReadObject;
  /** Files that the work folder has already: path relative to the project, to digest. */
  readonly snapshot: ReadonlyMap<string, string>;
  /** A folder for files that lie outside the project and are no longer what they were. */
  readonly scratch: string;
};

export type PlacedInputs = {
  readonly binds: readonly Bind[];
  /** Folders whose entries are mounted one by one, as if they were mounted whole. */
  readonly shown: readonly Bind[];
  readonly problems: readonly string[];
  /** Folders of the project in which the program cannot write, as the manifest names them. */
  readonly readOnly: readonly string[];
};

/**
 * Brings the inputs to where the program looks for them. In the project: a copy (a clone where the file system can), or for large
 * ones a mount or a link. Outside: they stay where they are; kept bytes are mounted over what has changed.
 */
export const placeInputs = async ({ proven, folders }: Pick<Proof, 'proven' | 'folders'>, options: PlaceOptions): Promise<PlacedInputs> => {
  const inProject = folders.filter(({ folder }) => folder.inProject !== undefined);
  const total =
    proven.reduce((sum, one) => sum + (one.input.inProject !== undefined && one.at.kind === 'place' ? (one.input.sizeBytes ?? 0) : 0), 0) +
    inProject.reduce((sum, { folder }) => sum + folder.totalBytes, 0);
  const isLarge = total > COPIED_BYTES;
  const shown: ShownFolder[] = [];
  const others: ProvenFolder[] = [];
  for (const one of inProject) {
    const folder = isLarge && options.canMount ? await showFolder(one, options) : undefined;
    if (folder === undefined) others.push(one);
    else shown.push(folder);
  }
  const single = (await Promise.all(others.map((one) => filesOf(one, options.snapshot)))).flat();
  const files = new Map([...proven, ...single].map((one) => [inputKey(one.input), one]));
  const mounts = options.canMount && isLarge && files.size <= MOST_BINDS;
  const placed = await placeFiles([...files.values()], { ...options, isLarge, mounts });
  const outside = folders.flatMap(({ folder, path }) =>
    folder.inProject === undefined && options.canMount && path !== folder.recordedPath ? [{ outside: path, inside: folder.recordedPath }] : [],
  );
  return {
    binds: [...outside, ...shown.flatMap(({ binds }) => binds), ...placed.binds],
    shown: [...shown.map(({ whole }) => whole), ...(mounts ? others.map((one) => wholeBind(one, options)) : [])],
    problems: placed.problems,
    readOnly: shown.flatMap(({ name, isReadOnly }) => (isReadOnly ? [name] : [])),
  };
};

type Sized = PlaceOptions & {
  /** Whether what lies in the project is too large to be copied. */
  readonly isLarge: boolean;
  /** Whether its files are mounted one by one. */
  readonly mounts: boolean;
};

const wholeBind = ({ folder, path }: ProvenFolder, { seenAs }: Pick<PlaceOptions, 'seenAs'>): Bind => ({ outside: path, inside: join(seenAs, folder.inProject!) });

type ShownFolder = { readonly name: string; readonly whole: Bind; readonly binds: readonly Bind[]; readonly isReadOnly: boolean };

/**
 * Shows a large folder without copying it. Its entries are mounted one by one in a folder that can be written: programs put lock files
 * beside their data. One with too many entries is mounted whole, read-only. Undefined if a link in it leads to where the program would
 * find nothing.
 */
const showFolder = async (proven: ProvenFolder, { work, seenAs }: PlaceOptions): Promise<ShownFolder | undefined> => {
  const { folder, path, leadingOut } = proven;
  const place = folder.inProject!;
  const whole = wholeBind(proven, { seenAs });
  const entries = await readdir(path, { withFileTypes: true });
  if (entries.length > MOST_BINDS) return leadingOut.length > 0 ? undefined : { name: place, whole, binds: [whole], isReadOnly: true };
  if (leadingOut.some((name) => name.includes('/')) || entries.some(({ name }) => name.includes('\ufffd'))) return undefined;
  await mkdir(join(work, place), { recursive: true });
  const binds: Bind[] = [];
  for (const entry of entries) {
    const own = join(path, entry.name);
    const isOut = leadingOut.includes(entry.name);
    if (entry.isSymbolicLink() && !isOut) await symlinkIfFree(await readlink(own), join(work, place, entry.name));
    else binds.push({ outside: isOut ? await realpath(own) : own, inside: join(seenAs, place, entry.name) });
  }
  return { name: place, whole, binds, isReadOnly: false };
};

const symlinkIfFree = async (target: string, path: string): Promise<void> => {
  await symlink(target, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
};

const filesOf = async ({ folder, path }: ProvenFolder, snapshot: ReadonlyMap<string, string>): Promise<readonly ProvenInput[]> =>
  (await folder.files()).map((input) => {
    const isRestored = input.inProject !== undefined && input.sha256 !== undefined && snapshot.get(input.inProject) === input.sha256;
    return { input, at: isRestored ? { kind: 'snapshot' } : { kind: 'place', path: path + input.recordedPath.slice(folder.recordedPath.length) } };
  });

const placeFiles = async (inputs: readonly ProvenInput[], options: Sized): Promise<Pick<PlacedInputs, 'binds' | 'problems'>> => {
  const { mounts } = options;
  const binds: Bind[] = [];
  const problems: string[] = [];
  for (const [index, one] of inputs.entries()) {
    const { inProject, recordedPath } = one.input;
    if (one.at.kind === 'snapshot') continue;
    if (inProject !== undefined && one.input.raw !== undefined) {
      problems.push(`${one.input.name} has a name that is no text, and cannot be brought to its place`);
      continue;
    }
    if (inProject !== undefined) {
      const place = join(options.work, inProject);
      await mkdir(dirname(place), { recursive: true });
      if (one.at.kind === 'object') await writeFile(place, await checkedObject(one.at.sha256, options.readObject, one.input.name), { flag: 'wx' });
      else if (mounts) binds.push({ outside: one.at.path, inside: join(options.seenAs, inProject) });
      // Where the project is hidden behind the folder of the replay a link would lead to nothing.
      else if (options.isLarge && !options.canMount) await symlink(one.at.path, place);
      else await copyFile(one.at.path, place, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    } else if (one.at.kind === 'object') {
      if (!options.canMount) problems.push(`${one.input.name} has changed, and its kept bytes cannot be mounted at its place`);
      else {
        const place = join(options.scratch, 'kept', String(index));
        await mkdir(dirname(place), { recursive: true });
        await writeFile(place, await checkedObject(one.at.sha256, options.readObject, one.input.name));
        binds.push({ outside: place, inside: recordedPath });
      }
    } else if (one.at.path !== recordedPath && options.canMount) binds.push({ outside: one.at.path, inside: recordedPath });
  }
  return { binds, problems };
};
