import { type JsonValue, type Problem, valueAt } from '#base';
import { CURRENT_MAJOR, KNOWN_MAJORS, placeNow } from '#migrate';
import { schemaPathOf } from './field-dictionary.ts';

/** The version of the contract that this program writes. */
export const SCHEMA_VERSION = '1.0';

/** The last minor of each major version that this program knows completely. */
const LAST_MINORS: Readonly<Record<(typeof KNOWN_MAJORS)[number], number>> = { 0: 1, 1: 0 };

type Version = { readonly major: number; readonly minor: number };

export type NewerManifest = { readonly kind: 'newer'; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/** Major and minor of a version text, as numbers however they are written; undefined if it is none. */
const versionOf = (text: unknown): Version | undefined => {
  const match = typeof text === 'string' ? /^([0-9]{1,9})\.([0-9]{1,9})$/.exec(text) : null;
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
  const message = `the manifest has schema version ${version.major}.${version.minor}; this trainlock knows ${CURRENT_MAJOR}.x`;
  return newerOf(value, [{ pointer: POINTER, message, hint: USE_NEWER }]);
};

/** Whether a document states a later minor of its major version than is known: it may have more fields. */
export const newerMinor = (value: JsonValue): boolean => {
  const version = statedVersion(value);
  const known = KNOWN_MAJORS.find((major) => major === version?.major);
  return version !== undefined && known !== undefined && version.minor > LAST_MINORS[known];
};

/** What a document says must be understood; nothing where it does not say it in the form of the schema. */
const criticalOf = (value: JsonValue): readonly string[] => {
  const critical = valueAt(value, '/critical');
  return Array.isArray(critical) ? critical.filter((pointer) => typeof pointer === 'string') : [];
};

/**
 * The manifest names critical fields of which this program does not know everything: it must not give a verdict. undefined if it knows all.
 * Names are those of the version in which it was written; `unknown` are the places that a later minor version of it added.
 */
export const unknownCritical = (value: JsonValue, unknown: readonly string[]): NewerManifest | undefined => {
  const major = statedMajor(value);
  const isKnown = (pointer: string): boolean => {
    const place = placeNow(pointer, major);
    return place !== undefined && schemaPathOf(place) !== undefined && !unknown.some((one) => one === pointer || one.startsWith(`${pointer}/`));
  };
  const problems = criticalOf(value).flatMap((pointer, index): readonly Problem[] =>
    isKnown(pointer)
      ? []
      : [
          {
            pointer: `/critical/${index}`,
            message: `the manifest says that ${JSON.stringify(pointer)} must be understood; this trainlock does not know all of it`,
            hint: USE_NEWER,
          },
        ],
  );
  return problems.length === 0 ? undefined : newerOf(value, problems);
};

/** A document that states a version of which this program knows too little to say anything about it. */
export const newerOf = (value: JsonValue, problems: readonly Problem[]): NewerManifest => ({ kind: 'newer', schemaVersion: String(valueAt(value, POINTER)), problems });

export const USE_NEWER = 'use a newer trainlock';
