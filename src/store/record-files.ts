import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { readBounded } from '#files';
import { MAX_STATEMENT } from './finish-run.ts';
import { besideStatement } from './seals.ts';
import { RUN_FILES } from './store-layout.ts';

/** A file of a record: its name as records have it that git keeps, and where it lies. */
export type RecordFile = { readonly name: string; readonly path: string; readonly bytes: Uint8Array };

/** What may be passed on of a record: signatures, the key beside them, leaves and proofs. Other files that lie there are nobody's. */
const BELOW = /^(?:seals\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.sigstore\.json|proofs\/[A-Za-z0-9][A-Za-z0-9._-]{0,160}\.(?:leaf|tlog-proof|lost-proof))$/;

/**
 * Everything beside a statement that proves something about it, in the order of the names. Throws TL0002 for what cannot be read, and for
 * links: a repository may bring one that leads to a file that nobody wants to pass on.
 */
export const recordFiles = async (statementPath: string): Promise<readonly RecordFile[]> => {
  const names: string[] = [RUN_FILES.bundle, RUN_FILES.signer];
  for (const folder of [RUN_FILES.seals, RUN_FILES.proofs]) {
    const path = besideStatement(statementPath, folder);
    if (!(await isThere(path))) continue;
    names.push(...(await readdir(path)).toSorted().map((name) => join(folder, name)));
  }
  const files: RecordFile[] = [];
  for (const name of names) {
    const path = besideStatement(statementPath, name);
    if ((name.includes('/') && !BELOW.test(name)) || !(await isThere(path))) continue;
    files.push({ name, path, bytes: await readBounded(path, 2 * MAX_STATEMENT) });
  }
  return files;
};

const isThere = async (path: string): Promise<boolean> => {
  const facts = await lstat(path).catch(() => undefined);
  if (facts?.isSymbolicLink() !== true) return facts !== undefined;
  throw new TrainlockError('TL0002', `${escapeControl(path)} is a link, and what lies behind it is none of the record`, { where: path, fix: 'look where it leads, and remove it' });
};
