import { type JsonValue, type Problem, readJson, withLines } from '#base';
import { ERASURE_KEYS } from './generated/erasure-keys.ts';
import { SNAPSHOT_KEYS } from './generated/snapshot-keys.ts';
import { checkErasure, checkSnapshot } from './read-snapshot.ts';

export type DataDocumentForm = 'snapshot' | 'erasure';

/** What a document about data turned out to be; every problem with its JSON pointer, and its line where the place is known. */
export type DataDocumentCheck =
  | { readonly kind: 'valid'; readonly form: DataDocumentForm; readonly schemaVersion: string; readonly unknown: readonly string[] }
  | { readonly kind: 'invalid'; readonly form: DataDocumentForm; readonly problems: readonly Problem[] }
  | { readonly kind: 'newer'; readonly form: DataDocumentForm; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/** Checks untrusted bytes as a snapshot or an erasure, whichever they look like; undefined if they look like neither. Never throws. */
export const checkDataDocument = (bytes: Uint8Array): DataDocumentCheck | undefined => {
  const json = readJson(bytes);
  const form = json.kind === 'rejected' ? undefined : dataDocumentForm(json.value);
  if (json.kind === 'rejected' || form === undefined) return undefined;
  const reading = form === 'snapshot' ? checkSnapshot(json.value) : checkErasure(json.value);
  switch (reading.kind) {
    case 'accepted':
      return { kind: 'valid', form, schemaVersion: reading.value.schemaVersion, unknown: reading.unknown };
    case 'rejected':
      return withLines<DataDocumentCheck>({ kind: 'invalid', form, problems: reading.problems }, bytes);
    case 'newer': {
      const problem = { pointer: '/schemaVersion', message: `the ${form} has schema version ${reading.schemaVersion}; this trainlock knows 0.x`, hint: 'use a newer trainlock' };
      return withLines<DataDocumentCheck>({ kind: 'newer', form, schemaVersion: reading.schemaVersion, problems: [problem] }, bytes);
    }
  }
};

/** With so many members a document without version is a broken one of its form and not something else. */
const FEWEST_MEMBERS = 3;

/** The form that at least half of the members belong to, so that one that is misspelled does not hide it. */
export const dataDocumentForm = (value: JsonValue): DataDocumentForm | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = Object.keys(value).filter((name) => name !== 'schemaVersion');
  const least = Math.max('schemaVersion' in value ? 1 : FEWEST_MEMBERS, members.length / 2);
  const knownTo = (keys: ReadonlyMap<string, readonly string[]>): number => members.filter((name) => keys.get('')!.includes(name)).length;
  const [snapshot, erasure] = [knownTo(SNAPSHOT_KEYS), knownTo(ERASURE_KEYS)];
  if (Math.max(snapshot, erasure) < least) return undefined;
  return snapshot >= erasure ? 'snapshot' : 'erasure';
};
