import { constants, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
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

export type PlacedInputs = { readonly binds: readonly Bind[]; readonly problems: readonly string[] };

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
  const binds = folders.flatMap((one) => folderBind(one, { ...options, isLarge }));
  const copied = isLarge && options.canMount ? [] : await Promise.all(inProject.map((one) => filesOf(one, options.snapshot)));
  const files = new Map([...proven, ...copied.flat()].map((one) => [inputKey(one.input), one]));
  const placed = await placeFiles([...files.values()], { ...options, isLarge });
  return { binds: [...binds, ...placed.binds], problems: placed.problems };
};

type Sized = PlaceOptions & { /** Whether what lies in the project is too large to be copied. */ readonly isLarge: boolean };

/** A folder is shown whole where that is possible: its files are as recorded, and the replay cannot change them. */
const folderBind = ({ folder, path }: ProvenFolder, { canMount, isLarge, seenAs }: Sized): readonly Bind[] => {
  if (!canMount) return [];
  if (folder.inProject !== undefined) return isLarge ? [{ outside: path, inside: join(seenAs, folder.inProject) }] : [];
  return path === folder.recordedPath ? [] : [{ outside: path, inside: folder.recordedPath }];
};

const filesOf = async ({ folder, path }: ProvenFolder, snapshot: ReadonlyMap<string, string>): Promise<readonly ProvenInput[]> =>
  (await folder.files()).map((input) => {
    const isRestored = input.inProject !== undefined && input.sha256 !== undefined && snapshot.get(input.inProject) === input.sha256;
    return { input, at: isRestored ? { kind: 'snapshot' } : { kind: 'place', path: path + input.recordedPath.slice(folder.recordedPath.length) } };
  });

const placeFiles = async (inputs: readonly ProvenInput[], options: Sized): Promise<PlacedInputs> => {
  const mounts = options.canMount && options.isLarge && inputs.length <= MOST_BINDS;
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
      else if (options.isLarge) await symlink(one.at.path, place);
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
