import { type JsonValue, type Problem, valueAt } from '#base';
import { CURRENT_MAJOR, KNOWN_MAJORS } from '#migrate';
import { schemaPathOf } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';

/** The version of the contract that this program writes. */
export const SCHEMA_VERSION = '1.0';

/** The last minor of each major version that this program knows completely. */
const LAST_MINORS: Readonly<Record<(typeof KNOWN_MAJORS)[number], number>> = { 0: 1, 1: 0 };

type Version = { readonly major: number; readonly minor: number };

export type NewerManifest = { readonly kind: 'newer'; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/** Major and minor of a version text; undefined if it is none. */
const versionOf = (text: unknown): Version | undefined => {
  const match = typeof text === 'string' ? /^(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$/.exec(text) : null;
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
};

const POINTER = '/schemaVersion';

const statedVersion = (value: JsonValue): Version | undefined => versionOf(valueAt(value, POINTER));

/** The major version by whose schema a document is to be checked: the one it states, and where it states none the one of now. */
export const statedMajor = (value: JsonValue): number => statedVersion(value)?.major ?? CURRENT_MAJOR;

/** A document of a later major version: this program cannot say anything about it. undefined for any other. */
export const newerMajor = (value: JsonValue): NewerManifest | undefined => {
  const version = statedVersion(value);
  if (version === undefined || version.major <= CURRENT_MAJOR) return undefined;
  const schemaVersion = `${version.major}.${version.minor}`;
  return {
    kind: 'newer',
    schemaVersion,
    problems: [{ pointer: POINTER, message: `the manifest has schema version ${schemaVersion}; this trainlock knows ${CURRENT_MAJOR}.x`, hint: 'use a newer trainlock' }],
  };
};

/** Whether a document states a later minor of its major version than is known: it may have more fields. */
export const newerMinor = (value: JsonValue): boolean => {
  const version = statedVersion(value);
  const known = KNOWN_MAJORS.find((major) => major === version?.major);
  return version !== undefined && known !== undefined && version.minor > LAST_MINORS[known];
};

/** The manifest names critical fields that this program does not know: it must not give a verdict. undefined if it knows all. */
export const unknownCritical = (manifest: Manifest): NewerManifest | undefined => {
  const problems = manifest.critical.flatMap((pointer, index): readonly Problem[] =>
    schemaPathOf(pointer) === undefined
      ? [
          {
            pointer: `/critical/${index}`,
            message: `the manifest says that ${JSON.stringify(pointer)} must be understood; this trainlock does not know it`,
            hint: 'use a newer trainlock',
          },
        ]
      : [],
  );
  return problems.length === 0 ? undefined : { kind: 'newer', schemaVersion: manifest.schemaVersion, problems };
};
