import { type JsonValue, nearest, type Problem, pointerToken, readJson, withLines } from '#base';
import { CURRENT_MAJOR } from '#migrate';
import type { Manifest } from './generated/manifest-types.ts';
import { checkManifest, type WrittenAs } from './read-manifest.ts';
import { SCHEMA_VERSION, statedMajor } from './schema-version.ts';

/** Source: in-toto attestation v1. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** Type of our predicate in a major version. */
export const predicateTypeOf = (major: number): string => `https://trainlock.dev/training-run/v${major}`;

/** Type of our predicate as it is written now. */
export const PREDICATE_TYPE = predicateTypeOf(CURRENT_MAJOR);

/** Type of our predicate of any version. */
const OUR_PREDICATE = /^https:\/\/trainlock\.dev\/training-run\/v([0-9]{1,4})$/;

/** Most subjects that verifiers of statements accept. Source: sigstore-go. */
const MAX_SUBJECTS = 1024;

/** One thing that a statement is about. */
export type Subject = { readonly name?: string; readonly digest: { readonly sha256: string } };

export type Statement = {
  readonly subjects: readonly Subject[];
  readonly manifest: Manifest;
  /** Places that a newer minor version added; kept, not understood. */ readonly unknown: readonly string[];
  /** Of the schema in which it was written. */ readonly major: number;
  readonly writtenAs?: WrittenAs;
};

/** What untrusted bytes turned out to be, as for readManifest. */
export type StatementReading =
  | { readonly kind: 'accepted'; readonly value: Statement }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] }
  | { readonly kind: 'newer'; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/**
 * Reads an in-toto Statement that carries a manifest from untrusted bytes: every problem with JSON pointer and line.
 * Strict, because other verifiers are: no member but the four, at least one subject, each with a SHA-256.
 */
export const readStatement = (bytes: Uint8Array): StatementReading => {
  const json = readJson(bytes);
  return json.kind === 'rejected' ? json : withLines(checkStatement(json.value), bytes);
};

/** Checks a value from readJson as a statement; without lines. */
export const checkStatement = (value: JsonValue): StatementReading => {
  if (!isObject(value)) return { kind: 'rejected', problems: [{ pointer: '', message: 'a statement is an object' }] };
  const newer = newerPredicate(value['predicateType']);
  if (newer !== undefined) return newer;
  const problems = [...envelopeProblems(value, statedMajor(value['predicate'] ?? null)), ...subjectProblems(value['subject'])];
  const manifest = checkManifest(value['predicate'] ?? null);
  if (manifest.kind === 'newer') return { ...manifest, problems: below(manifest.problems) };
  if (manifest.kind === 'rejected') return { kind: 'rejected', problems: [...problems, ...(value['predicate'] === undefined ? [] : below(manifest.problems))] };
  if (problems.length > 0) return { kind: 'rejected', problems };
  return {
    kind: 'accepted',
    value: {
      subjects: value['subject'] as unknown as readonly Subject[],
      manifest: manifest.value,
      unknown: manifest.unknown.map((pointer) => `/predicate${pointer}`),
      major: statedMajor(value['predicate'] ?? null),
      ...(manifest.writtenAs === undefined ? {} : { writtenAs: manifest.writtenAs }),
    },
  };
};

const below = (problems: readonly Problem[]): readonly Problem[] => problems.map((problem) => ({ ...problem, pointer: `/predicate${problem.pointer}` }));

type JsonObject = Readonly<Record<string, JsonValue>>;

const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const newerPredicate = (type: JsonValue | undefined): StatementReading | undefined => {
  const version = typeof type === 'string' ? OUR_PREDICATE.exec(type)?.[1] : undefined;
  if (version === undefined || Number(version) <= CURRENT_MAJOR) return undefined;
  return {
    kind: 'newer',
    schemaVersion: `${Number(version)}.0`,
    problems: [
      {
        pointer: '/predicateType',
        message: `the statement has predicate version ${Number(version)}; this trainlock knows schema version ${SCHEMA_VERSION}`,
        hint: 'use a newer trainlock',
      },
    ],
  };
};

const MEMBERS = ['_type', 'subject', 'predicateType', 'predicate'];

const envelopeProblems = (value: JsonObject, major: number): readonly Problem[] => [
  ...MEMBERS.filter((key) => value[key] === undefined).map((key) => ({ pointer: '', message: `the key ${key} is missing` })),
  ...unknownKeys(value, '', MEMBERS),
  ...(value['_type'] === undefined || value['_type'] === STATEMENT_TYPE ? [] : [{ pointer: '/_type', message: `must be ${STATEMENT_TYPE}` }]),
  ...predicateTypeProblems(value['predicateType'], major),
];

/** The type states the same major version as the manifest. */
const predicateTypeProblems = (type: JsonValue | undefined, major: number): readonly Problem[] => {
  if (type === undefined || type === predicateTypeOf(major)) return [];
  const isOurs = typeof type === 'string' && OUR_PREDICATE.test(type);
  const what = isOurs ? `the manifest has schema version ${major}.x` : 'this statement is about something else than a training run';
  return [{ pointer: '/predicateType', message: `${what}; must be ${predicateTypeOf(major)}` }];
};

const unknownKeys = (value: JsonObject, pointer: string, known: readonly string[]): readonly Problem[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key, known);
      return {
        pointer: `${pointer}/${pointerToken(key)}`,
        message: `the key ${JSON.stringify(key)} is not known here`,
        ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
      };
    });

const subjectProblems = (subjects: JsonValue | undefined): readonly Problem[] => {
  if (subjects === undefined) return [];
  if (!Array.isArray(subjects)) return [{ pointer: '/subject', message: 'must be a list' }];
  if (subjects.length === 0) return [{ pointer: '/subject', message: 'a statement needs at least one subject' }];
  if (subjects.length > MAX_SUBJECTS) return [{ pointer: '/subject', message: `has ${subjects.length} subjects; at most ${MAX_SUBJECTS} are allowed` }];
  return subjects.flatMap((subject: JsonValue, index) => oneSubjectProblems(subject, `/subject/${index}`));
};

const oneSubjectProblems = (subject: JsonValue, pointer: string): readonly Problem[] => {
  if (!isObject(subject)) return [{ pointer, message: 'a subject is an object with name and digest' }];
  const { name, digest } = subject;
  const sha256 = isObject(digest) ? digest['sha256'] : undefined;
  return [
    ...unknownKeys(subject, pointer, ['name', 'digest']),
    ...(name === undefined || typeof name === 'string' ? [] : [{ pointer: `${pointer}/name`, message: 'must be text' }]),
    ...(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? [] : [{ pointer: `${pointer}/digest`, message: 'needs sha256 in 64 lower-case hexadecimal digits' }]),
    ...(isObject(digest) ? unknownKeys(digest, `${pointer}/digest`, ['sha256']) : []),
  ];
};
