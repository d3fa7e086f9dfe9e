import { accepted, compareBytes, type Crypto, escapeControl, fromBase64, type Problem, type Reading, rejected } from '#base';
import { readSshPublicKey, SSH_KEY_TYPES, type SshPublicKey } from '#seal';
import { readSignerOptions, type SignerOptions } from './allowed-signer-options.ts';

/** One line of an allowed_signers file: who signs with this key, for what, and when. */
export type AllowedSigner = SignerOptions & { readonly principals: readonly string[]; readonly key: SshPublicKey; readonly line: number };

/** Some two thousand signers; looking at the point of each key takes milliseconds. */
const MOST_LETTERS = 256 * 1024;
const LONGEST_LINE = 8192;

/** Names that mean one person each: no patterns, no quotes, nothing that cannot be seen. */
const PRINCIPAL = /^[^\s"*?!,#]+$/u;

/**
 * Reads the text of an allowed_signers file. The text is hostile. Stricter than ssh-keygen: one line that is not understood rejects the
 * whole file, and so do patterns, certificate authorities and times without Z, which mean something else on the next machine.
 * Source: ssh-keygen(1), ALLOWED SIGNERS.
 */
export const readAllowedSigners = (text: string, crypto: Crypto): Reading<readonly AllowedSigner[]> => {
  if (text.length > MOST_LETTERS) return rejected({ pointer: '', message: 'the list of allowed signers is too long' });
  const signers: AllowedSigner[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '');
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const read = readLine(trimmed, crypto);
    if (read.kind === 'accepted') signers.push({ ...read.value, line: index + 1 });
    else problems.push(...read.problems.map((problem) => ({ ...problem, line: index + 1 })));
  }
  const [first, ...more] = problems;
  return first === undefined ? accepted(signers) : rejected(first, ...more);
};

const readLine = (line: string, crypto: Crypto): Reading<Omit<AllowedSigner, 'line'>> => {
  if (line.length > LONGEST_LINE) return refused('it is too long');
  const [names = '', ...rest] = wordsOf(line);
  const principals = names.split(',');
  const unfit = principals.find((one) => !PRINCIPAL.test(one) || escapeControl(one) !== one);
  if (unfit !== undefined) return refused('its names must be written out, without patterns and quotes');
  const hasOptions = !SSH_KEY_TYPES.some((type) => type === rest[0]);
  const options = readSignerOptions(hasOptions ? (rest[0] ?? '') : '');
  if (options.kind === 'rejected') return options;
  // What stands behind the key is a comment.
  const [type, base64] = hasOptions ? rest.slice(1) : rest;
  const blob = base64 === undefined ? undefined : fromBase64(base64);
  if (blob === undefined) return refused('it has no key behind the names and options');
  const key = readSshPublicKey(blob, crypto);
  if (key.kind === 'rejected') return key;
  return key.value.type === type ? accepted({ ...options.value, principals, key: key.value }) : refused('its key is of another type than is written before it');
};

/** Words between blanks; blanks inside quotes belong to a word. */
const wordsOf = (line: string): readonly string[] => line.match(/(?:"[^"]*"|[^ \t"]|")+/g) ?? [];

const refused = (why: string): Reading<never> => rejected({ pointer: '', message: `the line of an allowed signer is not accepted: ${why}` });

/** What is asked about a signature whose bytes were found right. */
export type SignerQuestion = {
  readonly principal: string;
  readonly key: SshPublicKey;
  readonly namespace: string;
  /** When it was made, as far as something trusted says it. Unit: second since 1970. */
  readonly atSeconds: number | undefined;
};

export type SignerAnswer =
  | { readonly kind: 'allowed'; readonly signer: AllowedSigner }
  | { readonly kind: 'refused'; readonly refusal: 'unknown-key' | 'other-principal' | 'other-namespace' | 'time' | 'time-unknown'; readonly because: string };

/**
 * Whether this person may sign with this key, for this, at this time. Where a line has a time and none is known, the answer is no. Both
 * ends of a time belong to it, as in ssh-keygen.
 */
export const findAllowedSigner = (signers: readonly AllowedSigner[], question: SignerQuestion): SignerAnswer => {
  const ofKey = signers.filter(({ key }) => compareBytes(key.blob, question.key.blob) === 0);
  if (ofKey.length === 0) return refuse('unknown-key', `the key ${question.key.fingerprint} is not in the list of allowed signers`);
  const ofPrincipal = ofKey.filter(({ principals }) => principals.includes(question.principal));
  if (ofPrincipal.length === 0) return refuse('other-principal', `the key ${question.key.fingerprint} belongs to somebody else`);
  const ofNamespace = ofPrincipal.filter(({ namespaces }) => namespaces === undefined || namespaces.includes(question.namespace));
  if (ofNamespace.length === 0) return refuse('other-namespace', 'the key is not allowed for this kind of statement');
  const signer = ofNamespace.find((one) => isWithin(one, question.atSeconds));
  if (signer !== undefined) return { kind: 'allowed', signer };
  return question.atSeconds === undefined
    ? refuse('time-unknown', 'the key is allowed for a time only, and nothing trusted says when the signature was made')
    : refuse('time', 'the key was not allowed at that time');
};

const isWithin = ({ validAfterSeconds: after, validBeforeSeconds: before }: SignerOptions, at: number | undefined): boolean =>
  (after === undefined && before === undefined) || (at !== undefined && (after === undefined || at >= after) && (before === undefined || at <= before));

const refuse = (refusal: Extract<SignerAnswer, { kind: 'refused' }>['refusal'], because: string): SignerAnswer => ({ kind: 'refused', refusal, because });
