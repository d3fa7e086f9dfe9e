import { readJson, toHex, valueAt } from '#base';
import { nodeCrypto } from '#files';
import { checkDocument } from '#manifest';
import { readBundle } from '#seal';
import { type RunRecord, sealsOf, type Store } from '#store';
import type { CompletedRecord } from './complete-record.ts';

/**
 * Brings a lost statement back from the bundle that signs it: a run that was signed had a finished record, and must not get another one.
 * Undefined if there is no bundle of this run. Throws TL0003.
 */
export const restoreStatement = async (store: Store, run: RunRecord): Promise<CompletedRecord | undefined> => {
  const seals = await sealsOf(run.statementPath).catch(() => []);
  const bundle = seals.find(({ isFurther }) => !isFurther);
  const read = bundle === undefined ? undefined : readBundle(bundle.bytes);
  if (read?.kind !== 'accepted' || read.value.content.kind !== 'dsse') return undefined;
  const { payload } = read.value.content;
  const checked = checkDocument(payload);
  if (checked.kind !== 'valid' || checked.form !== 'statement' || checked.manifest.run.id !== run.id) return undefined;
  await store.finishRun(run.folder, { statement: payload, predicate: predicateIn(payload) });
  return { manifest: checked.manifest, sha256: toHex(nodeCrypto.sha256(payload)) };
};

/** What a statement says, as it stands there. */
const predicateIn = (statement: Uint8Array): unknown => {
  const json = readJson(statement);
  return json.kind === 'accepted' ? valueAt(json.value, '/predicate') : undefined;
};
