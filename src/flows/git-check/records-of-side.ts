import { readStatement } from '#manifest';
import { MAX_STATEMENT, summaryOf } from '#store';
import type { ComparedRecord } from '../policy/decide-change.ts';
import { documentPart } from './document-part.ts';
import { MAX_BUNDLE, partBytes, type RecordFiles } from './judge-record-here.ts';
import type { Side } from './side-of.ts';

/** A record that git keeps, and its bytes. */
export type KeptRecord = ComparedRecord & { readonly file: string };

/** The record of a unit; undefined if it cannot be read. */
export const recordOf = async (side: Side, record: RecordFiles): Promise<KeptRecord | undefined> => {
  const statement = await partBytes(side, record, 'statement', MAX_STATEMENT);
  const reading = statement === undefined ? undefined : readStatement(statement);
  if (statement === undefined || reading?.kind !== 'accepted') return undefined;
  const bundles: Uint8Array[] = [];
  for (const { part, file } of record.parts) {
    const bytes = part === 'bundle' || part === 'seal' ? await side.bytes(file, MAX_BUNDLE) : undefined;
    if (bytes !== undefined) bundles.push(bytes);
  }
  return { manifest: reading.value.manifest, statement, bundles, file: record.parts.find(({ part }) => part === 'statement')!.path };
};

/** Most records of the base that are read to find the one that a new record follows. */
const MOST_READ = 200;

/**
 * The record of a state that a new one follows: the newest of the same model, or, where no model is named, of the same program; else the
 * newest of all, so that another name is no way round a rule. Undefined where the state keeps none. `unread` counts those that cannot be read.
 */
export const baselineOf = async (
  side: Side,
  { folders, stores, candidate }: { readonly folders: readonly string[]; readonly stores: readonly string[]; readonly candidate: KeptRecord },
): Promise<{ readonly baseline?: KeptRecord; readonly unread: number }> => {
  const files = [...(await side.below(folders))];
  const units = new Map<string, RecordFiles['parts'][number][]>();
  for (const [path, file] of files) {
    const part = documentPart(path, stores);
    if (part?.kind === 'record') units.set(part.unit, [...(units.get(part.unit) ?? []), { part: part.part, path, file }]);
  }
  let newest: KeptRecord | undefined;
  let unread = 0;
  // Names begin with the time: the last one is the newest.
  for (const unit of [...units.keys()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? 1 : -1)).slice(0, MOST_READ)) {
    const record = await recordOf(side, { unit, parts: units.get(unit)! });
    if (record === undefined) unread += 1;
    else if (summaryOf(record.manifest).kind === 'run') {
      newest ??= record;
      if (isSameLine(record, candidate)) return { baseline: record, unread };
    }
  }
  return newest === undefined ? { unread } : { baseline: newest, unread };
};

const nameOf = (unit: string): string => unit.slice(unit.lastIndexOf('/') + 1);

const isSameLine = ({ manifest: a }: KeptRecord, { manifest: b }: KeptRecord): boolean =>
  a.model?.name !== undefined || b.model?.name !== undefined ? a.model?.name === b.model?.name : a.run.entryPoint?.path === b.run.entryPoint?.path;
