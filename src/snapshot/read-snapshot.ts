import { type JsonValue, keysAt, nearest, type Problem, problemsOf, readJson, valueAt } from '#base';
import { ERASURE_KEYS } from './generated/erasure-keys.ts';
import type { Erasure } from './generated/erasure-types.ts';
import { schemaErrors as erasureErrors } from './generated/erasure-validator.ts';
import { SNAPSHOT_KEYS } from './generated/snapshot-keys.ts';
import type { Snapshot } from './generated/snapshot-types.ts';
import { MOST_ERRORS, type SchemaError, schemaErrors as snapshotErrors } from './generated/snapshot-validator.ts';

/** The version of the contract that this program writes. */
export const SNAPSHOT_SCHEMA_VERSION = '0.1';

/**
 * What untrusted bytes turned out to be; `newer` must not be judged by this version. `unknown` are the places that a newer minor
 * version added, and that were kept without understanding them.
 */
export type DocumentReading<T> =
  | { readonly kind: 'accepted'; readonly value: T; readonly unknown: readonly string[] }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] }
  | { readonly kind: 'newer'; readonly schemaVersion: string };

/** Reads the document of a snapshot from untrusted bytes. Never throws on bad input; every problem is told with its JSON pointer. */
export const readSnapshot = (bytes: Uint8Array): DocumentReading<Snapshot> => readDocument(bytes, checkSnapshot);

/** Reads the statement of an erasure from untrusted bytes, as readSnapshot does. */
export const readErasure = (bytes: Uint8Array): DocumentReading<Erasure> => readDocument(bytes, checkErasure);

/** Checks a value from readJson as the document of a snapshot. */
export const checkSnapshot = (value: JsonValue): DocumentReading<Snapshot> => checkDocument(value, { errorsOf: snapshotErrors, keys: SNAPSHOT_KEYS });

/** Checks a value from readJson as the statement of an erasure. */
export const checkErasure = (value: JsonValue): DocumentReading<Erasure> => checkDocument(value, { errorsOf: erasureErrors, keys: ERASURE_KEYS });

const readDocument = <T>(bytes: Uint8Array, check: (value: JsonValue) => DocumentReading<T>): DocumentReading<T> => {
  const json = readJson(bytes);
  return json.kind === 'rejected' ? json : check(json.value);
};

type Contract = { readonly errorsOf: (value: unknown) => readonly SchemaError[]; readonly keys: ReadonlyMap<string, readonly string[]> };

const checkDocument = <T>(value: JsonValue, { errorsOf, keys }: Contract): DocumentReading<T> => {
  const version = versionOf(value);
  if (version !== undefined && version.major > 0) return { kind: 'newer', schemaVersion: `${version.major}.${version.minor}` };
  const errors = errorsOf(value);
  // Minor versions only add members: those that are not known here are kept and told.
  const isAddition = ({ keyword }: SchemaError): boolean => version !== undefined && version.minor > OUR_MINOR && keyword === 'additionalProperties';
  const faults = errors.filter((error) => !isAddition(error));
  const cut: readonly Problem[] = errors.length > MOST_ERRORS ? [{ pointer: '', message: `there are more than ${MOST_ERRORS} problems; the others are not listed` }] : [];
  if (faults.length + cut.length > 0) return { kind: 'rejected', problems: [...problemsOf(faults, value, nearest, (pointer) => keysAt(pointer, keys)), ...cut] };
  return { kind: 'accepted', value: value as unknown as T, unknown: problemsOf(errors, value, () => undefined).map(({ pointer }) => pointer) };
};

const OUR_MINOR = Number(SNAPSHOT_SCHEMA_VERSION.split('.')[1]);

const versionOf = (value: JsonValue): { readonly major: number; readonly minor: number } | undefined => {
  const stated = valueAt(value, '/schemaVersion');
  const match = typeof stated === 'string' ? /^(\d{1,6})\.(\d{1,6})$/.exec(stated) : null;
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
};
