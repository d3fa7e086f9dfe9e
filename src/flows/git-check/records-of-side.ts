import { checkDocument, readStatement } from '#manifest';
import { MAX_STATEMENT, summaryOf } from '#store';
import type { ComparedRecord } from '../policy/decide-change.ts';
import type { GitFile } from '../git/git-files.ts';
import { payloadOfBundle } from '../signed-documents/signed-at.ts';
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

/** The record that lies beside a model; undefined if it cannot be read. */
export const sidecarOf = async (side: Side, { path, after }: { readonly path: string; readonly after?: GitFile }): Promise<KeptRecord | undefined> => {
  const bytes = await side.bytes(after, MAX_BUNDLE);
  const isSigned = bytes !== undefined && checkDocument(bytes).form === 'bundle';
  const statement = isSigned ? payloadOfBundle(bytes) : bytes;
  const reading = statement === undefined ? undefined : readStatement(statement);
  return statement === undefined || reading?.kind !== 'accepted' ? undefined : { manifest: reading.value.manifest, statement, bundles: isSigned ? [bytes] : [], file: path };
};

/** Where a state keeps records. */
export type KeptPlace = { readonly folders: readonly string[]; readonly stores: readonly string[] };

/** The records that a state keeps, the newest first: their names begin with the time. */
const recordsIn = async (side: Side, { folders, stores }: KeptPlace): Promise<readonly RecordFiles[]> => {
  const units = new Map<string, RecordFiles['parts'][number][]>();
  for (const [path, file] of await side.below(folders)) {
    const part = documentPart(path, stores);
    if (part?.kind === 'record') units.set(part.unit, [...(units.get(part.unit) ?? []), { part: part.part, path, file }]);
  }
  return [...units].map(([unit, parts]) => ({ unit, parts })).toSorted((a, b) => (nameOf(a.unit) < nameOf(b.unit) ? 1 : -1));
};

/** Most records that are read to find the replays of one. */
const MOST_REPLAYS = 1000;

/** The replays of a record that a state keeps; `leftOut` counts newer records that were not or could not be read, of which each may be one. */
export const replaysOf = async (side: Side, place: KeptPlace, candidate: KeptRecord): Promise<{ readonly replays: readonly KeptRecord[]; readonly leftOut: number }> => {
  const { id, startedAt } = candidate.manifest.run;
  const all = await recordsIn(side, place);
  const from = startedAt.slice(0, 10).replaceAll('-', '');
  const isLater = ({ unit }: RecordFiles): boolean => nameOf(unit).slice(0, 8) >= from;
  const replays: KeptRecord[] = [];
  let unread = 0;
  for (const one of all.slice(0, MOST_REPLAYS)) {
    const record = await recordOf(side, one);
    // One that cannot be read may be a replay that came out different.
    if (record === undefined && isLater(one)) unread += 1;
    const { kind, parents } = record === undefined ? { kind: undefined, parents: [] } : summaryOf(record.manifest);
    if (record !== undefined && kind === 'replay' && parents.includes(id)) replays.push(record);
  }
  return { replays, leftOut: unread + all.slice(MOST_REPLAYS).filter(isLater).length };
};

/** Most records of the base that are read to find the one that a new record follows. */
const MOST_READ = 200;

/**
 * The record of a state that a new one follows: the newest of the same model, or, where no model is named, of the same program; else the
 * newest of all, so that another name is no way round a rule. Undefined where the state keeps none. `unread` counts those that cannot be read.
 */
export const baselineOf = async (
  side: Side,
  { folders, stores, candidate }: KeptPlace & { readonly candidate: KeptRecord },
): Promise<{ readonly baseline?: KeptRecord; readonly unread: number }> => {
  let newest: KeptRecord | undefined;
  let unread = 0;
  for (const one of (await recordsIn(side, { folders, stores })).slice(0, MOST_READ)) {
    const record = await recordOf(side, one);
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
