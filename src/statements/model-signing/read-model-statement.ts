import { type Crypto, type JsonValue, toHex } from '#base';
import { isObject, type JsonObject, unknownMember } from '../json-object.ts';
import { type AnySubject, readAnyStatement, type StatementRefusal } from '../read-any-statement.ts';
import { modelRoot } from './model-root.ts';
import type { ModelFile } from './model-statement.ts';
import { problemOfModelName, SINGLE_FILE } from './problem-of-model-name.ts';
import { shownText } from '../shown-text.ts';

/** What a statement of OpenSSF Model Signing says about a model. The root is checked and not given on: it binds no names, so it identifies nothing. */
export type ModelStatement = {
  /** The name of the model, for people only. */
  readonly name: string;
  /** The files in the order of the statement, names unique. */
  readonly files: readonly ModelFile[];
  /** Paths that the signer did not look at, with what is below them. */
  readonly ignorePaths: readonly string[];
  /** Whether the signer followed links. */
  readonly followedLinks: boolean;
};

/** `refusal` is a word for programs, `because` a sentence for people. */
export type ModelStatementReading =
  | { readonly kind: 'accepted'; readonly value: ModelStatement }
  | { readonly kind: 'refused'; readonly refusal: ModelRefusal; readonly because: string };

export type ModelRefusal = StatementRefusal | 'subject' | 'serialization' | 'method' | 'hash' | 'no-file' | 'malformed-resource' | 'bad-name' | 'name-twice' | 'other-root';

type Refused = Extract<ModelStatementReading, { readonly kind: 'refused' }>;

/**
 * Reads the statement of a signed model from untrusted bytes. Only the method files with sha256 is known; every name is checked, and the
 * root is computed again in the order in which the statement lists the files, because signers sort differently. Never throws.
 * Source: ossf/model-signing-spec v1.0.
 */
export const readModelStatement = (bytes: Uint8Array, crypto: Crypto): ModelStatementReading => {
  const reading = readAnyStatement(bytes, 'model-signing');
  if (reading.kind === 'refused') return reading;
  const { subjects, predicate } = reading.value;
  const [subject] = subjects;
  if (subjects.length !== 1 || subject?.name === undefined || subject.name === '') return refuse('subject', 'a signed model is one subject, with a name');
  const unknown = unknownMember(predicate, ['resources', 'serialization']);
  if (unknown !== undefined) return refuse('unknown-member', `the predicate of a signed model has no member ${shownText(unknown)}`);
  const rules = rulesOf(predicate['serialization']);
  if ('kind' in rules) return rules;
  const files = filesOf(predicate['resources']);
  if ('kind' in files) return files;
  return rootRefusal(subject, files, crypto) ?? { kind: 'accepted', value: { name: subject.name, files, ...rules } };
};

const rootRefusal = (subject: AnySubject, files: readonly ModelFile[], crypto: Crypto): Refused | undefined =>
  toHex(modelRoot(files, crypto)) === subject.digest.sha256 ? undefined : refuse('other-root', 'the digest of the subject is not that of the listed files');

const rulesOf = (value: JsonValue | undefined): Pick<ModelStatement, 'ignorePaths' | 'followedLinks'> | Refused => {
  if (!isObject(value)) return refuse('serialization', 'the predicate does not say how the files were hashed');
  if (value['method'] !== 'files') return refuse('method', `the files were hashed by the method ${shownText(value['method'])}; only files is known`);
  if (value['hash_type'] !== 'sha256') return refuse('hash', `the files were hashed with ${shownText(value['hash_type'])}; only sha256 is trusted`);
  const unknown = unknownMember(value, ['method', 'hash_type', 'allow_symlinks', 'ignore_paths']);
  if (unknown !== undefined) return refuse('unknown-member', `serialization has no member ${shownText(unknown)} with this method`);
  const { allow_symlinks: followedLinks, ignore_paths: ignorePaths = [] } = value;
  if (typeof followedLinks !== 'boolean') return refuse('serialization', 'allow_symlinks must be true or false');
  if (!Array.isArray(ignorePaths)) return refuse('serialization', 'ignore_paths must be a list');
  for (const path of ignorePaths as readonly JsonValue[]) {
    // An ignored path `.` would hide everything.
    const problem = typeof path === 'string' ? problemOfModelName(path) : 'is no text';
    if (problem !== undefined) return refuse('bad-name', `the ignored path ${shownText(path)} ${problem}`);
  }
  return { ignorePaths: ignorePaths as readonly string[], followedLinks };
};

const filesOf = (value: JsonValue | undefined): readonly ModelFile[] | Refused => {
  if (!Array.isArray(value) || value.length === 0) return refuse('no-file', 'the statement lists no file');
  const files: ModelFile[] = [];
  const names = new Set<string>();
  for (const resource of value as readonly JsonValue[]) {
    const file = isObject(resource) ? fileOf(resource, value.length) : refuse('malformed-resource', 'a listed file is not an object');
    if ('kind' in file) return file;
    if (names.has(file.path)) return refuse('name-twice', `the file ${shownText(file.path)} is listed twice`);
    names.add(file.path);
    files.push(file);
  }
  return files;
};

const fileOf = (resource: JsonObject, count: number): ModelFile | Refused => {
  const { name, digest, algorithm } = resource;
  const unknown = unknownMember(resource, ['name', 'digest', 'algorithm']);
  if (unknown !== undefined) return refuse('unknown-member', `a listed file has no member ${shownText(unknown)}`);
  if (typeof name !== 'string') return refuse('malformed-resource', 'a listed file has no name');
  const problem = count === 1 && name === SINGLE_FILE ? undefined : problemOfModelName(name);
  if (problem !== undefined) return refuse('bad-name', `the name ${shownText(name)} ${problem}`);
  if (algorithm !== 'sha256') return refuse('hash', `${shownText(name)} is hashed with ${shownText(algorithm)}; only sha256 is trusted`);
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return refuse('malformed-resource', `the digest of ${shownText(name)} is not 64 lower-case hexadecimal digits`);
  return { path: name, sha256: digest };
};

const refuse = (refusal: ModelRefusal, because: string): Refused => ({ kind: 'refused', refusal, because });
