import { type JsonValue, type Problem, valueAt } from '#base';
import { schemaPathOf } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';

/** The version of the contract that this program writes and knows completely. */
export const SCHEMA_VERSION = '0.1';

type Version = { readonly major: number; readonly minor: number };

export type NewerManifest = { readonly kind: 'newer'; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/** Major and minor of a version text; undefined if it is none. */
const versionOf = (text: unknown): Version | undefined => {
  const match = typeof text === 'string' ? /^(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$/.exec(text) : null;
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
};

const OURS = versionOf(SCHEMA_VERSION)!;

const POINTER = '/schemaVersion';

const statedVersion = (value: JsonValue): Version | undefined => versionOf(valueAt(value, POINTER));

/** A document of a later major version: this program cannot say anything about it. undefined for any other. */
export const newerMajor = (value: JsonValue): NewerManifest | undefined => {
  const version = statedVersion(value);
  if (version === undefined || version.major <= OURS.major) return undefined;
  const schemaVersion = `${version.major}.${version.minor}`;
  return {
    kind: 'newer',
    schemaVersion,
    problems: [{ pointer: POINTER, message: `the manifest has schema version ${schemaVersion}; this trainlock knows ${OURS.major}.x`, hint: 'use a newer trainlock' }],
  };
};

/** Whether a document states a later minor version of the same major: it may have more fields. */
export const newerMinor = (value: JsonValue): boolean => {
  const version = statedVersion(value);
  return version !== undefined && version.major === OURS.major && version.minor > OURS.minor;
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
