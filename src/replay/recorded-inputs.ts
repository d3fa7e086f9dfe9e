import { join } from 'node:path';
import { isBelow, pathOfName } from '#assembly';
import { readFileList } from '#digest';
import type { FileDigest, Manifest } from '#manifest';
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

/** Every file that the run read, from the files and lists of its data sets. Throws TL0501 if a list is missing or damaged. */
export const recordedInputs = async (manifest: Manifest, roots: Readonly<Record<string, string>>, readObject: ReadObject): Promise<readonly RecordedInput[]> => {
  const inputs = new Map<string, RecordedInput>();
  for (const set of manifest.data) {
    const files: readonly FileDigest[] = set.list === undefined ? (set.files ?? []) : await listed(set.list.sha256, set.path ?? set.name, readObject);
    for (const file of files) {
      const input = inputOf(file, roots, set.stability === 'changed' ? 'it changed while the run was recorded' : undefined);
      if (input !== undefined) inputs.set(input.recordedPath, input);
    }
  }
  return [...inputs.values()];
};

const listed = async (sha256: string, folder: string, readObject: ReadObject): Promise<readonly FileDigest[]> => {
  const list = readFileList(await checkedObject(sha256, readObject, `the file list of ${folder}`));
  if (list.kind === 'rejected') return [{ path: folder, withheld: 'its file list is not valid' }];
  return list.value.map((entry) => ({ path: `${folder}/${entry.path}`, sizeBytes: entry.size, sha256: entry.sha256, ...(entry.link === undefined ? {} : { link: entry.link }) }));
};

const inputOf = (file: FileDigest, roots: Readonly<Record<string, string>>, changed: string | undefined): RecordedInput | undefined => {
  const recordedPath = pathOfName(file.path, roots);
  const project = roots['project'];
  if (recordedPath === undefined) return { name: file.path, recordedPath: file.path, unproven: 'its place is not known' };
  const unproven = file.sha256 === undefined ? (file.withheld ?? 'no digest was recorded') : changed;
  return {
    name: file.path,
    recordedPath,
    ...(file.rawName === undefined ? {} : { raw: file.rawName }),
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    ...(file.sizeBytes === undefined ? {} : { sizeBytes: file.sizeBytes }),
    ...(file.link === undefined ? {} : { link: file.link }),
    ...(project !== undefined && isBelow(recordedPath, project) && recordedPath !== project ? { inProject: recordedPath.slice(join(project, '/').length) } : {}),
    ...(unproven === undefined ? {} : { unproven }),
  };
};
