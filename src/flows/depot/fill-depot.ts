import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '#base';
import { nodeCrypto } from '#files';
import type { DeliveredRecord } from '#manifest';
import type { Remote } from '#remote';
import { recordFiles, type Store } from '#store';
import { MOST_CANARY_BYTES } from '../canary/run-canary.ts';
import type { ExactRecord } from '../policy/exact-record.ts';
import { modelNote, objectName, recordNote } from './depot-layout.ts';
import { noteModel, noteRecord } from './write-notes.ts';

export type Filling = {
  /** Absolute. */
  readonly folder: string;
  /** The same folder. */
  readonly remote: Remote;
  readonly store: Store;
  /** A folder of ours. */
  readonly scratch: string;
};

export type FilledRecord = {
  readonly manifestSha256: string;
  /** Names below the folder that were written. */
  readonly written: readonly string[];
  /** What the gate would need and this store does not have. */
  readonly missing: readonly string[];
};

/**
 * Lays a record into a depot: bytes first, then the note of the record, then those of its models, so that what a note names is there. Bytes
 * under a digest are never replaced; the second time nothing is written. Throws TL0801 to TL0804, TL0002, TL0003.
 */
export const fillDepot = async (filling: Filling, record: ExactRecord): Promise<FilledRecord> => {
  const { run, statement, manifest, sha256: manifestSha256 } = record;
  const { remote, folder } = filling;
  const written: string[] = [];
  const put = async (path: string, facts: { readonly sha256: string; readonly sizeBytes: number }): Promise<void> => {
    if ((await remote.putFile(objectName(facts.sha256), path, facts)) === 'sent') written.push(objectName(facts.sha256));
  };
  const files: DeliveredRecord['files'][number][] = [];
  for (const { name, path, bytes } of [...(await recordFiles(run.statementPath)), { name: 'statement.json', path: run.statementPath, bytes: statement }]) {
    const facts = { sha256: toHex(nodeCrypto.sha256(bytes)), sizeBytes: bytes.length };
    await put(path, facts);
    files.push({ name, ...facts });
  }
  const missing = await putCanary(filling, manifest, put);
  if (await noteRecord(folder, { manifestSha256, files })) written.push(recordNote(manifestSha256));
  for (const { role, sha256 } of manifest.outputs) {
    if (sha256 === undefined || (role !== 'model' && role !== 'checkpoint')) continue;
    if (await noteModel(folder, sha256, manifestSha256)) written.push(modelNote(sha256));
  }
  return { manifestSha256, written, missing };
};

const putCanary = async (
  { store, scratch }: Filling,
  { evaluation: { canary } }: ExactRecord['manifest'],
  put: (path: string, facts: { readonly sha256: string; readonly sizeBytes: number }) => Promise<void>,
): Promise<readonly string[]> => {
  const missing: string[] = [];
  for (const [what, file] of [['inputs', canary?.inputs] as const, ['predictions', canary?.outputs] as const]) {
    if (file?.sha256 === undefined || file.sizeBytes === undefined || file.sizeBytes > MOST_CANARY_BYTES) continue;
    const facts = { sha256: file.sha256, sizeBytes: file.sizeBytes };
    if (!(await store.hasObject(facts.sha256))) {
      missing.push(`the ${what} of its canary`);
      continue;
    }
    const path = join(scratch, facts.sha256);
    await store.copyObject(facts, path);
    await put(path, facts);
    await rm(path, { force: true });
  }
  return missing;
};
