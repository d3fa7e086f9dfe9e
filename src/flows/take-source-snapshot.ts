import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { isSecretFile, makeRedactor, toHex, withoutUndefined } from '#base';
import { type FileEntryInput, fileListOf, treeRootOf } from '#digest';
import { type FilePath, nodeCrypto, statFiles } from '#files';
import type { Code } from '#manifest';
import type { Gap, StoredFile } from '#assembly';
import type { Store } from '#store';

export type SourceLimits = { readonly maxSourceBytes: number; readonly maxSourceFileBytes: number };

export type SourceSnapshot = {
  readonly snapshot?: Code['snapshot'];
  /** Files whose bytes are kept, by absolute path. */
  readonly kept: ReadonlyMap<string, StoredFile>;
  readonly gaps: readonly Gap[];
  readonly maskings: number;
  /** What was asked for, so that it can be asked again with more files. */
  readonly files: readonly FilePath[];
  readonly limits: SourceLimits;
};

/**
 * Keeps the bytes of source files in the object store, with a list by which a replay can restore them. Key files, files in which a
 * secret is found and files beyond the limits are left out, and each reason is told. A fault of the store is a gap, not an error.
 */
export const takeSourceSnapshot = async (store: Store, projectRoot: string, files: readonly FilePath[], limits: SourceLimits): Promise<SourceSnapshot> => {
  const entries: FileEntryInput[] = [];
  const kept = new Map<string, StoredFile>();
  const leftOut: Record<string, string[]> = {};
  const leave = (why: string, path: string): void => void (leftOut[why] ??= []).push(relative(projectRoot, path));
  const redactor = makeRedactor();
  let totalBytes = 0;
  for (const facts of await statFiles(files)) {
    if (facts.kind !== 'file' || facts.raw !== undefined) continue;
    const size = facts.sizeBytes ?? 0;
    if (relative(projectRoot, facts.path).startsWith('..')) leave('outside of the project', facts.path);
    else if (isSecretFile(facts.path)) leave('key files are never kept', facts.path);
    else if (size > limits.maxSourceFileBytes) leave(`larger than ${limits.maxSourceFileBytes} bytes (run.maxSourceFileBytes)`, facts.path);
    else if (totalBytes + size > limits.maxSourceBytes) leave(`the source snapshot is limited to ${limits.maxSourceBytes} bytes (run.maxSourceBytes)`, facts.path);
    else {
      const bytes = await readFile(facts.path).catch(() => undefined);
      if (bytes === undefined) leave('not readable', facts.path);
      else if (redactor.scan(bytes.toString('latin1')).length > 0) leave('a secret was found', facts.path);
      else {
        const sha256 = await store.putObject(bytes);
        totalBytes += bytes.length;
        kept.set(facts.path, withoutUndefined({ sha256, mtimeNs: facts.mtimeNs }));
        entries.push(withoutUndefined({ path: relative(projectRoot, facts.path), sha256, size: bytes.length, mode: executable(facts.mode), link: facts.link }));
      }
    }
  }
  const count = Object.values(leftOut).reduce((sum, paths) => sum + paths.length, 0);
  return {
    ...(entries.length === 0 ? {} : { snapshot: await keepList(store, entries, totalBytes, count) }),
    kept,
    gaps: Object.entries(leftOut).map(gapOf),
    maskings: leftOut['a secret was found']?.length ?? 0,
    files,
    limits,
  };
};

const executable = (mode: string | undefined): 'x' | undefined => (mode !== undefined && (Number.parseInt(mode, 8) & 0o111) !== 0 ? 'x' : undefined);

const keepList = async (store: Store, entries: readonly FileEntryInput[], totalBytes: number, leftOut: number): Promise<NonNullable<Code['snapshot']>> => {
  const lines = fileListOf(entries);
  await store.putObject(lines);
  return { sha256: toHex(nodeCrypto.sha256(lines)), treeRoot: treeRootOf(lines, nodeCrypto).root, fileCount: entries.length, totalBytes, leftOut };
};

const gapOf = ([why, paths]: readonly [string, readonly string[]]): Gap => ({
  about: '/code/snapshot',
  reason: `not kept in the source snapshot: ${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''} (${why})`,
});
