import { type JsonValue, readJson } from '#base';
import { STATEMENT_TYPE } from '#manifest';
import { type JsonObject, isObject, unknownMember } from './json-object.ts';
import { kindOfPredicate, otherVersionOf, type StatementKind } from './predicate-types.ts';
import { shownText } from './shown-text.ts';

/** A statement of a kind that is known. What its predicate says has not been looked at. */
export type AnyStatement = { readonly kind: StatementKind; readonly predicateType: string; readonly subjects: readonly AnySubject[]; readonly predicate: JsonObject };

/** A subject of a statement that somebody else may have written: it always has a SHA-256, and may have further digests, which are only kept. */
export type AnySubject = { readonly name?: string; readonly uri?: string; readonly digest: Readonly<Record<string, string>> & { readonly sha256: string } };

/** `refusal` is a word for programs, `because` a sentence for people. */
export type AnyStatementReading =
  | { readonly kind: 'accepted'; readonly value: AnyStatement }
  | { readonly kind: 'refused'; readonly refusal: StatementRefusal; readonly because: string };

export type StatementRefusal =
  | 'not-json'
  | 'not-a-statement'
  | 'statement-type'
  | 'unknown-member'
  | 'predicate-missing'
  | 'predicate-type'
  | 'predicate-version'
  | 'other-kind'
  | 'no-subject'
  | 'too-many-subjects'
  | 'malformed-subject'
  | 'no-sha256'
  | 'malformed-digest'
  | 'too-many-digests';

type Refused = Extract<AnyStatementReading, { readonly kind: 'refused' }>;

/** Most subjects and most digests of one subject. Source: sigstore-go pkg/verify. */
const MOST_SUBJECTS = 1024;
const MOST_DIGESTS = 32;

const MEMBERS = ['_type', 'subject', 'predicateType', 'predicate'];

/**
 * Reads an in-toto Statement v1 of a known kind from untrusted bytes. `expected` is the kind that the caller is going to use it as: a
 * statement made for one purpose never passes for another, however good its signature is. Never throws.
 * Source: in-toto attestation v1; the strictness is that of protojson, with which other verifiers read.
 */
export const readAnyStatement = (bytes: Uint8Array, expected?: StatementKind): AnyStatementReading => {
  const json = readJson(bytes);
  if (json.kind === 'rejected') return refuse('not-json', `the payload cannot be read: ${json.problems[0]?.message ?? 'not JSON'}`);
  if (!isObject(json.value)) return refuse('not-a-statement', 'a statement is an object');
  const statement = json.value;
  if (statement['_type'] !== STATEMENT_TYPE) return refuse('statement-type', `_type must be ${STATEMENT_TYPE}, not ${shownText(statement['_type'])}`);
  const unknown = unknownMember(statement, MEMBERS);
  if (unknown !== undefined) return refuse('unknown-member', `a statement has no member ${shownText(unknown)}`);
  const kind = kindOf(statement['predicateType'], expected);
  if (typeof kind !== 'string') return kind;
  const subjects = subjectsOf(statement['subject']);
  if ('kind' in subjects) return subjects;
  const { predicate } = statement;
  if (!isObject(predicate)) return refuse('predicate-missing', 'predicate must be an object');
  return { kind: 'accepted', value: { kind, predicateType: statement['predicateType'] as string, subjects, predicate } };
};

const kindOf = (type: JsonValue | undefined, expected: StatementKind | undefined): StatementKind | Refused => {
  const kind = typeof type === 'string' ? kindOfPredicate(type) : undefined;
  if (kind === undefined) {
    const near = typeof type === 'string' ? otherVersionOf(type) : undefined;
    return near === undefined
      ? refuse('predicate-type', `the statement is about something unknown: ${shownText(type)}`)
      : refuse('predicate-version', `${shownText(type)} is another version of ${near} than the one that is known`);
  }
  return expected === undefined || kind === expected ? kind : refuse('other-kind', `this is a statement of the kind ${kind}; one of the kind ${expected} was asked for`);
};

const subjectsOf = (value: JsonValue | undefined): readonly AnySubject[] | Refused => {
  if (!Array.isArray(value) || value.length === 0) return refuse('no-subject', 'a statement needs a list of at least one subject');
  if (value.length > MOST_SUBJECTS) return refuse('too-many-subjects', `the statement has ${value.length} subjects; at most ${MOST_SUBJECTS} are allowed`);
  const subjects: AnySubject[] = [];
  for (const [at, one] of (value as readonly JsonValue[]).entries()) {
    const subject = subjectOf(one, `subject ${at}`);
    if ('kind' in subject) return subject;
    subjects.push(subject);
  }
  return subjects;
};

/** Members of a subject that are text. Source: in-toto attestation v1, ResourceDescriptor. */
const TEXTS = ['name', 'uri', 'content', 'downloadLocation', 'mediaType'];

const subjectOf = (value: JsonValue, place: string): AnySubject | Refused => {
  if (!isObject(value)) return refuse('malformed-subject', `${place} is not an object`);
  const unknown = unknownMember(value, [...TEXTS, 'digest', 'annotations']);
  if (unknown !== undefined) return refuse('unknown-member', `${place} has a member ${shownText(unknown)}, which no subject has`);
  const malformed = TEXTS.find((key) => value[key] !== undefined && typeof value[key] !== 'string');
  if (malformed !== undefined) return refuse('malformed-subject', `${place}: ${malformed} must be text`);
  if (value['annotations'] !== undefined && !isObject(value['annotations'])) return refuse('malformed-subject', `${place}: annotations must be an object`);
  const refused = digestRefusal(value['digest'], place);
  if (refused !== undefined) return refused;
  const { name, uri, digest } = value as { readonly name?: string; readonly uri?: string; readonly digest: AnySubject['digest'] };
  return { ...(name === undefined ? {} : { name }), ...(uri === undefined ? {} : { uri }), digest };
};

const digestRefusal = (digest: JsonValue | undefined, place: string): Refused | undefined => {
  if (!isObject(digest)) return refuse('no-sha256', `${place} has no digest`);
  const entries = Object.entries(digest);
  if (entries.length > MOST_DIGESTS) return refuse('too-many-digests', `${place} has ${entries.length} digests; at most ${MOST_DIGESTS} are allowed`);
  const malformed = entries.find(([, value]) => typeof value !== 'string' || value === '' || value.length > 1024);
  if (malformed !== undefined) return refuse('malformed-digest', `${place}: the digest ${shownText(malformed[0])} must be text`);
  const { sha256 } = digest;
  if (sha256 === undefined) return refuse('no-sha256', `${place} has no sha256, and no other digest is trusted`);
  return /^[0-9a-f]{64}$/.test(sha256 as string) ? undefined : refuse('malformed-digest', `${place}: sha256 must be 64 lower-case hexadecimal digits`);
};

const refuse = (refusal: StatementRefusal, because: string): Refused => ({ kind: 'refused', refusal, because });
