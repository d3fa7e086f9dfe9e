import { type JsonValue, nearest, type Problem, problemsOf, readJson, valueAt, withLines } from '#base';
import { CURRENT_MAJOR, migrateManifest, type MigrationNote } from '#migrate';
import { memberNames, schemaPathOf } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';
import { MOST_ERRORS, olderSchemaErrors, type SchemaError, schemaErrors } from './generated/manifest-validator.ts';
import { newerMajor, newerMinor, statedMajor, unknownCritical } from './schema-version.ts';

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
  const errors = major === CURRENT_MAJOR ? schemaErrors(value) : olderSchemaErrors(value);
  const { faults, unknown } = sorted(errors, value, major);
  if (faults.length > 0) return { kind: 'rejected', problems: faults };
  if (major === CURRENT_MAJOR) return accepted(value as unknown as Manifest, unknown);
  const { value: view, notes } = migrateManifest(value, major, CURRENT_MAJOR);
  const inView = sorted(schemaErrors(view), view, CURRENT_MAJOR).faults;
  if (inView.length > 0) return { kind: 'rejected', problems: inView.map((problem) => ({ ...problem, message: `as schema ${CURRENT_MAJOR} says it: ${problem.message}` })) };
  return accepted(view as unknown as Manifest, unknown, { schemaVersion: valueAt(value, '/schemaVersion') as string, notes });
};

/** What breaks the schema, and what a later minor version added. */
const sorted = (errors: readonly SchemaError[], value: JsonValue, major: number): { readonly faults: readonly Problem[]; readonly unknown: readonly string[] } => {
  const minor = newerMinor(value);
  const additions = minor ? errors.filter((error) => error.keyword === 'additionalProperties') : [];
  const faults = minor ? errors.filter((error) => error.keyword !== 'additionalProperties') : errors;
  const cut: readonly Problem[] = errors.length > MOST_ERRORS ? [{ pointer: '', message: `there are more than ${MOST_ERRORS} problems; the others are not listed` }] : [];
  return {
    faults: [...problemsOf(faults, value, nearest, major === CURRENT_MAJOR ? knownKeys : () => []), ...cut],
    unknown: problemsOf(additions, value, () => undefined).map((problem) => problem.pointer),
  };
};

const accepted = (manifest: Manifest, unknown: readonly string[], writtenAs?: WrittenAs): ManifestReading => {
  const newer = unknownCritical(manifest);
  if (newer !== undefined) return { ...newer, schemaVersion: writtenAs?.schemaVersion ?? newer.schemaVersion };
  return { kind: 'accepted', value: manifest, unknown, ...(writtenAs === undefined ? {} : { writtenAs }) };
};

const knownKeys = (pointer: string): readonly string[] => {
  const path = schemaPathOf(pointer);
  return path === undefined ? [] : memberNames(path);
};
