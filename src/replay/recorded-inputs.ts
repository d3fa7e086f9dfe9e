import { join } from 'node:path';
import { isBelow, pathOfName } from '#assembly';
import { nameInside, nameKey, readFileList } from '#digest';
import type { DataSet, FileDigest, Manifest } from '#manifest';
import { checkedObject, type ReadObject } from './restore-code.ts';

/** One file that the recorded run read. */
export type RecordedInput = {
  /** As the manifest names it. */
  readonly name: string;
  /** Where the recorded run saw it. */
  readonly recordedPath: string;
  readonly raw?: string;
  readonly sha256?: string;
  readonly sizeBytes?: number;
  readonly link?: string;
  /** Relative to the project, if it lies in it. */
  readonly inProject?: string;
  /** Why nothing can be proven about it, if so. */
  readonly unproven?: string;
};

/** A declared folder that was recorded whole, and that the run did not change. */
export type RecordedFolder = {
  readonly name: string;
  /** Where the recorded run saw it. */
  readonly recordedPath: string;
  /** SHA-256 of its file list: the folder is proven by having the same. */
  readonly listSha256: string;
  readonly fileCount: number;
  readonly totalBytes: number;
  /** Relative to the project, if it lies in it. */
  readonly inProject?: string;
  /** Its files one by one. */
  readonly files: () => Promise<readonly RecordedInput[]>;
};

export type RecordedInputs = { readonly files: readonly RecordedInput[]; readonly folders: readonly RecordedFolder[] };

/** A text that only this input has: names that are no text may look alike. */
export const inputKey = ({ recordedPath: path, raw }: RecordedInput): string => nameKey(raw === undefined ? { path } : { path, raw });

export type InputQuestion = {
  readonly roots: Readonly<Record<string, string>>;
  readonly readObject: ReadObject;
  /** Absolute paths that the run wrote: what they were before is another question. */
  readonly written: ReadonlySet<string>;
  /** Where a path of the recorded run leads, if a link stands in it. */
  readonly realPath: (path: string) => string;
};

/** What the run read, from the files and lists of its data sets. Throws TL0501 if a list is missing or damaged. */
export const recordedInputs = async (manifest: Manifest, question: InputQuestion): Promise<RecordedInputs> => {
  const files = new Map<string, RecordedInput>();
  const folders: RecordedFolder[] = [];
  for (const set of manifest.data) {
    const folder = folderOf(set, question);
    if (folder !== undefined) folders.push(folder);
    else for (const input of await inputsOf(set, question)) files.set(inputKey(input), input);
  }
  return { files: [...files.values()], folders };
};

/** Undefined for what was not recorded whole, or is not as it was read. */
const folderOf = (set: DataSet, question: InputQuestion): RecordedFolder | undefined => {
  const recordedPath = set.path === undefined ? undefined : pathOfName(set.path, question.roots);
  if (set.complete !== true || set.list === undefined || set.stability === 'changed' || recordedPath === undefined) return undefined;
  const inProject = relativeToProject(recordedPath, question.roots);
  const real = question.realPath(recordedPath);
  const isShared = recordedPath === question.roots['project'] || [...question.written].some((path) => isBelow(path, recordedPath) || isBelow(path, real));
  if (isShared) return undefined;
  return {
    name: set.name,
    recordedPath,
    listSha256: set.list.sha256,
    fileCount: set.list.fileCount,
    totalBytes: set.list.totalBytes,
    ...(inProject === undefined ? {} : { inProject }),
    files: () => inputsOf(set, question),
  };
};

const inputsOf = async (set: DataSet, { roots, readObject, written }: InputQuestion): Promise<readonly RecordedInput[]> => {
  const files: readonly FileDigest[] = set.list === undefined ? (set.files ?? []) : await listed(set.list.sha256, { folder: set.path ?? set.name, roots, readObject });
  return files.flatMap((file) => {
    const input = inputOf(file, roots, set.stability === 'changed' ? 'it changed while the run was recorded' : undefined);
    return input === undefined || written.has(input.recordedPath) ? [] : [input];
  });
};

type ListPlace = Pick<InputQuestion, 'roots' | 'readObject'> & { /** As the manifest names it. */ readonly folder: string };

const listed = async (sha256: string, { folder, roots, readObject }: ListPlace): Promise<readonly FileDigest[]> => {
  const list = readFileList(await checkedObject(sha256, readObject, `the file list of ${folder}`));
  if (list.kind === 'rejected') return [{ path: folder, withheld: 'its file list is not valid' }];
  const place = { path: pathOfName(folder, roots) ?? folder };
  return list.value.map(({ path, raw, size, sha256: digest, link }) => ({
    path: `${folder}/${path}`,
    // Bytes of a name are those of the whole path.
    ...(raw === undefined ? {} : { rawName: nameInside(place, { path, raw }).raw! }),
    sizeBytes: size,
    sha256: digest,
    ...(link === undefined ? {} : { link }),
  }));
};

const inputOf = (file: FileDigest, roots: Readonly<Record<string, string>>, changed: string | undefined): RecordedInput | undefined => {
  const recordedPath = pathOfName(file.path, roots);
  if (recordedPath === undefined) return { name: file.path, recordedPath: file.path, unproven: 'its place is not known' };
  const inProject = relativeToProject(recordedPath, roots);
  const unproven = file.sha256 === undefined ? (file.withheld ?? 'no digest was recorded') : changed;
  return {
    name: file.path,
    recordedPath,
    ...(file.rawName === undefined ? {} : { raw: file.rawName }),
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    ...(file.sizeBytes === undefined ? {} : { sizeBytes: file.sizeBytes }),
    ...(file.link === undefined ? {} : { link: file.link }),
    ...(inProject === undefined ? {} : { inProject }),
    ...(unproven === undefined ? {} : { unproven }),
  };
};

const relativeToProject = (path: string, { project }: Readonly<Record<string, string>>): string | undefined =>
  project !== undefined && path !== project && isBelow(path, project) ? path.slice(join(project, '/').length) : undefined;
