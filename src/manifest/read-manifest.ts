import { type JsonValue, nearest, type Problem, problemsOf, readJson, withLines } from '#base';
import { memberNames, schemaPathOf } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';
import { MOST_ERRORS, type SchemaError, schemaErrors } from './generated/manifest-validator.ts';
import { newerMajor, newerMinor, unknownCritical } from './schema-version.ts';

/**
 * What untrusted bytes turned out to be.
 * accepted: a manifest; `unknown` lists the places that a newer minor version added and this reader kept without understanding them.
 * rejected: not a manifest, with every problem found (at least one).
 * newer: it must not be judged by this version: another major version, or critical fields that are not known. Never valid, never invalid: undecided.
 */
export type ManifestReading =
  | { readonly kind: 'accepted'; readonly value: Manifest; readonly unknown: readonly string[] }
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

/** Checks a value from readJson against the schema of manifests; every problem is reported, without lines. */
export const checkManifest = (value: JsonValue): ManifestReading => {
  const newer = newerMajor(value);
  if (newer !== undefined) return newer;
  const minor = newerMinor(value);
  const errors: readonly SchemaError[] = schemaErrors(value);
  const additions = minor ? errors.filter((error) => error.keyword === 'additionalProperties') : [];
  const faults = minor ? errors.filter((error) => error.keyword !== 'additionalProperties') : errors;
  const cut: readonly Problem[] = errors.length > MOST_ERRORS ? [{ pointer: '', message: `there are more than ${MOST_ERRORS} problems; the others are not listed` }] : [];
  if (faults.length > 0 || cut.length > 0) return { kind: 'rejected', problems: [...problemsOf(faults, value, nearest, knownKeys), ...cut] };
  const manifest = value as unknown as Manifest;
  const unknown = problemsOf(additions, value, () => undefined).map((problem) => problem.pointer);
  return unknownCritical(manifest) ?? { kind: 'accepted', value: manifest, unknown };
};

const knownKeys = (pointer: string): readonly string[] => {
  const path = schemaPathOf(pointer);
  return path === undefined ? [] : memberNames(path);
};
