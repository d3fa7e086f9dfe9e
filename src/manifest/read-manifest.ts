import { type JsonValue, nearest, type Problem, problemsOf, readJson, valueAt, withLines } from '#base';
import { CURRENT_MAJOR, migrateManifest, type MigrationNote } from '#migrate';
import { memberNames, schemaPathOf } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';
import { MOST_ERRORS, olderSchemaErrors, type SchemaError, schemaErrors } from './generated/manifest-validator.ts';
import { newerMajor, newerMinor, newerOf, statedMajor, unknownCritical, USE_NEWER } from './schema-version.ts';
import { withoutAdditions } from './without-additions.ts';

/** In which version of the schema a record was written, where that is not the one of now, and what its view says otherwise. */
export type WrittenAs = { readonly schemaVersion: string; readonly notes: readonly MigrationNote[] };

/**
 * What untrusted bytes turned out to be.
 * accepted: a manifest. One of an earlier major version is shown as the version of now, and `writtenAs` tells what it said itself; `unknown`
 * lists the places that a newer minor version added and this reader kept without understanding them.
 * rejected: not a manifest, with every problem found (at least one).
 * newer: it must not be judged by this version: another major version, or critical fields that are not known. Never valid, never invalid: undecided.
 */
export type ManifestReading =
  | { readonly kind: 'accepted'; readonly value: Manifest; readonly unknown: readonly string[]; readonly writtenAs?: WrittenAs }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] }
  | { readonly kind: 'newer'; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/**
 * Reads a manifest (the bare predicate) from untrusted bytes. Never throws on bad input; reports every problem with JSON
 * pointer and line. A document with problems in its JSON is reported with the first of them only: nothing behind it can be trusted.
 */
export const readManifest = (bytes: Uint8Array): ManifestReading => {
  const json = readJson(bytes);
  return json.kind === 'rejected' ? json : withLines(checkManifest(json.value), bytes);
};

/** Checks a value from readJson against the schema of the version that it states; every problem is reported, without lines. */
export const checkManifest = (value: JsonValue): ManifestReading => {
  const newer = newerMajor(value);
  if (newer !== undefined) return newer;
  const major = statedMajor(value);
  const { faults, unknown, hasMore } = findingsOf(value, major);
  // Of a later minor version even what looks broken may be what it says must be understood.
  const critical = faults.length === 0 || newerMinor(value) ? unknownCritical(value, unknown) : undefined;
  if (critical !== undefined) return critical;
  if (faults.length > 0) return { kind: 'rejected', problems: faults };
  if (hasMore) return newerOf(value, [{ pointer: '', message: `there are more than ${unknown.length} fields that this trainlock does not know`, hint: USE_NEWER }]);
  return major === CURRENT_MAJOR ? { kind: 'accepted', value: value as unknown as Manifest, unknown } : shownNow(value, major, unknown);
};

/** A record of an earlier major version, as the version of now says it. What fits its own schema and cannot be shown is never wrong: it is undecided. */
const shownNow = (value: JsonValue, major: number, unknown: readonly string[]): ManifestReading => {
  const taken = unknown.filter((pointer) => schemaPathOf(pointer) !== undefined);
  if (taken.length > 0)
    return newerOf(
      value,
      taken.map((pointer) => ({ pointer, message: `a later version of schema ${major} added it, and schema ${CURRENT_MAJOR} has another thing of that name`, hint: USE_NEWER })),
    );
  const { value: view, notes } = migrateManifest(value, major, CURRENT_MAJOR);
  const { faults } = findingsOf(view, CURRENT_MAJOR);
  if (faults.length > 0)
    return newerOf(
      value,
      faults.map((problem) => ({ ...problem, message: `it cannot be shown as schema ${CURRENT_MAJOR}: ${problem.message}` })),
    );
  return { kind: 'accepted', value: view as unknown as Manifest, unknown, writtenAs: { schemaVersion: valueAt(value, '/schemaVersion') as string, notes } };
};

type Findings = {
  readonly faults: readonly Problem[];
  /** What a later minor version added. */ readonly unknown: readonly string[];
  /** Whether it added more than was looked at. */ readonly hasMore: boolean;
};

/** Most fields that a later minor version may have added and that are still listed. */
const MOST_ADDITIONS = 100_000;

const errorsOf = (value: JsonValue, major: number, most?: number): readonly SchemaError[] => (major === CURRENT_MAJOR ? schemaErrors(value, most) : olderSchemaErrors(value, most));

/** What breaks the schema, and what a later minor version added. */
const findingsOf = (value: JsonValue, major: number): Findings => {
  const toldKeys = major === CURRENT_MAJOR ? knownKeys : () => [];
  if (!newerMinor(value)) {
    const errors = errorsOf(value, major);
    const cut: readonly Problem[] = errors.length > MOST_ERRORS ? [{ pointer: '', message: `there are more than ${MOST_ERRORS} problems; the others are not listed` }] : [];
    return { faults: [...problemsOf(errors, value, nearest, toldKeys), ...cut], unknown: [], hasMore: false };
  }
  const { additions, errors, hasMore } = withoutAdditions(value, (one) => errorsOf(one, major, MOST_ADDITIONS), MOST_ADDITIONS);
  return { faults: problemsOf(errors.slice(0, MOST_ERRORS), value, nearest, toldKeys), unknown: additions, hasMore };
};

const knownKeys = (pointer: string): readonly string[] => {
  const path = schemaPathOf(pointer);
  return path === undefined ? [] : memberNames(path);
};
