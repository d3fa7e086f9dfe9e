import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { utf8 } from '#base';
import { notWritable, readBoundedIfThere, writeAtomic } from '#files';
import { MAX_STATEMENT } from './finish-run.ts';
import { predicateOf } from './predicate-of.ts';
import type { RunRecord } from './run-record.ts';
import { makeStore } from './store-folder.ts';
import { isRunName, keptFolder, RUN_FILES, runName, runsFolder } from './store-layout.ts';

/** What became of a record that was to be kept in git. */
export type Kept = {
  /** Absolute paths of the files to commit. */
  readonly files: readonly string[];
  /** Whether git would ignore them all the same, for example because of a .gitignore further up. */
  readonly ignoredByGit: boolean;
};

/** Records are bytes: git must neither merge them nor change their line ends. */
const GITATTRIBUTES = '* -merge -text\n';

/**
 * Copies the record of a run to the folder that git tracks: statement, readable view, signatures and proofs, byte by byte. Keeping it twice
 * changes nothing. Throws TL0303 without a finished record, TL0003.
 */
export const keepRun = async (root: string, run: RunRecord): Promise<Kept> => {
  const statement = await run.statement();
  const folder = keptFolder(root);
  await makeStore(root);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
  await writeAtomic(join(folder, '.gitattributes'), utf8(GITATTRIBUTES));
  const name = isRunName(run.folder.name) ? run.folder.name : runName(run.id, run.startedAt);
  const kept = join(folder, `${name}.${RUN_FILES.statement}`);
  const files = run.statementPath === kept ? [] : await copyRecord(root, run, { statement, target: join(folder, name) });
  return { files, ignoredByGit: await isIgnored(kept, folder) };
};

const copyRecord = async (root: string, run: RunRecord, to: { readonly statement: Uint8Array; readonly target: string }): Promise<readonly string[]> => {
  const files: string[] = [];
  const copy = async (name: string, bytes: Uint8Array | undefined): Promise<void> => {
    if (bytes === undefined) return;
    await writeAtomic(`${to.target}.${name}`, bytes);
    files.push(`${to.target}.${name}`);
  };
  // Beside a statement that lies elsewhere may lie anything: only our own run folders are copied from.
  const isOurs = dirname(run.folder.path) === runsFolder(root);
  const beside = (name: string): Promise<Uint8Array | undefined> => (isOurs ? readBoundedIfThere(join(run.folder.path, name), 2 * MAX_STATEMENT) : Promise.resolve(undefined));
  await copy(RUN_FILES.manifest, (await beside(RUN_FILES.manifest)) ?? utf8(`${JSON.stringify(predicateOf(to.statement), null, 2)}\n`));
  await copy(RUN_FILES.bundle, await beside(RUN_FILES.bundle));
  await copy(RUN_FILES.signer, await beside(RUN_FILES.signer));
  for (const folder of [RUN_FILES.seals, RUN_FILES.proofs]) {
    const names = isOurs ? await readdir(join(run.folder.path, folder)).catch(() => []) : [];
    if (names.length > 0) await mkdir(`${to.target}.${folder}`, { recursive: true });
    for (const name of names.toSorted()) await copy(`${folder}/${name}`, await beside(join(folder, name)));
  }
  // Last: its appearance makes the record a kept one.
  await copy(RUN_FILES.statement, to.statement);
  return files;
};

const execute = promisify(execFile);

/** Asks git; where there is no git or no repository nothing is ignored. */
const isIgnored = async (path: string, folder: string): Promise<boolean> =>
  execute('git', ['check-ignore', '--quiet', path], { cwd: folder, timeout: 10_000 }).then(
    () => true,
    () => false,
  );
