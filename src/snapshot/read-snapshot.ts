import { type JsonValue, nearest, type Problem, problemsOf, readJson, valueAt } from '#base';
import type { Erasure } from './generated/erasure-types.ts';
import { schemaErrors as erasureErrors } from './generated/erasure-validator.ts';
import type { Snapshot } from './generated/snapshot-types.ts';
import { type SchemaError, schemaErrors as snapshotErrors } from './generated/snapshot-validator.ts';

/** The version of the contract that this program writes. */
export const SNAPSHOT_SCHEMA_VERSION = '0.1';

/** What untrusted bytes turned out to be; `newer` must not be judged by this version. */
export type DocumentReading<T> =
  | { readonly kind: 'accepted'; readonly value: T }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] }
  | { readonly kind: 'newer'; readonly schemaVersion: string };

/** Reads the document of a snapshot from untrusted bytes. Never throws on bad input; every problem is told with its JSON pointer. */
export const readSnapshot = (bytes: Uint8Array): DocumentReading<Snapshot> => readDocument(bytes, snapshotErrors);

/** Reads the statement of an erasure from untrusted bytes, as readSnapshot does. */
export const readErasure = (bytes: Uint8Array): DocumentReading<Erasure> => readDocument(bytes, erasureErrors);

const readDocument = <T>(bytes: Uint8Array, errorsOf: (value: unknown) => readonly SchemaError[]): DocumentReading<T> => {
  const json = readJson(bytes);
  if (json.kind === 'rejected') return json;
  const newer = newerVersion(json.value);
  if (newer !== undefined) return { kind: 'newer', schemaVersion: newer };
  const errors = errorsOf(json.value);
  if (errors.length > 0) return { kind: 'rejected', problems: problemsOf(errors, json.value, nearest) };
  return { kind: 'accepted', value: json.value as unknown as T };
};

const newerVersion = (value: JsonValue): string | undefined => {
  const stated = valueAt(value, '/schemaVersion');
  const match = typeof stated === 'string' ? /^(\d{1,6})\.\d{1,6}$/.exec(stated) : null;
  return match !== null && Number(match[1]) > 0 ? (stated as string) : undefined;
};
