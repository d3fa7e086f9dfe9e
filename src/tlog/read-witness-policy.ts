import { accepted, compareBytes, type Crypto, escapeControl, fromUtf8, type Problem, type Reading, rejected } from '#base';
import { readDecimal } from './read-decimal.ts';
import { type KeyUse, readVerifierKey, type VerifierKey } from './verifier-key.ts';
import { NO_WITNESS, type WitnessGroup, type WitnessPolicy } from './witness-policy.ts';

/** The format asks for 32 of each; more than these are no policy a person can read. Looking at a key takes milliseconds, also at one that is wrong. */
const MOST = { bytes: 256 * 1024, components: 256, problems: 100 };

/**
 * Reads a policy from untrusted bytes: the logs that are accepted, and which witnesses must have signed. Every line is one known
 * statement, ends with a line feed and names only what stands before it; there is exactly one quorum. Text must be UTF-8, which the
 * format only recommends. Reports every wrong line, up to a hundred. Never throws.
 * Source: C2SP tlog-policy.
 */
export const readWitnessPolicy = (bytes: Uint8Array, crypto: Crypto): Reading<WitnessPolicy> => {
  if (bytes.length > MOST.bytes) return rejected({ pointer: '', message: `the policy has ${bytes.length} bytes; at most ${MOST.bytes} are read` });
  const text = fromUtf8(bytes);
  if (text === undefined) return rejected({ pointer: '', message: 'the policy is not UTF-8' });
  if (text !== '' && !text.endsWith('\n')) return rejected({ pointer: '', message: 'the last line of the policy does not end with a line feed' });
  const draft: Draft = { logs: [], witnesses: [], groups: [], quorums: [], names: new Set(), members: new Set() };
  const problems: Problem[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const message = problemIn(line, draft, crypto);
    if (message !== undefined) problems.push({ pointer: '', line: at + 1, message });
    if (problems.length === MOST.problems) break;
  }
  const [quorum] = draft.quorums;
  if (problems.length > 0) return rejected(...problems);
  if (quorum === undefined) return rejected({ pointer: '', message: 'the policy has no quorum line; `quorum none` asks for no witness' });
  return accepted({ logs: draft.logs, witnesses: draft.witnesses, groups: draft.groups, quorum });
};

/** The policy as far as it is read. */
type Draft = {
  readonly logs: WitnessPolicy['logs'][number][];
  readonly witnesses: WitnessPolicy['witnesses'][number][];
  readonly groups: WitnessGroup[];
  readonly quorums: string[];
  /** Names that are taken, by witnesses and groups together. */
  readonly names: Set<string>;
  /** Names that are members of a group: each may be one once. */
  readonly members: Set<string>;
};

/** Adds what a line says to the draft, or tells what is wrong with it. */
const problemIn = (line: string, draft: Draft, crypto: Crypto): string | undefined => {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) return 'the line has a control character; only tabs are allowed';
  const [word, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
  if (word === undefined || word.startsWith('#')) return undefined;
  switch (word) {
    case 'log':
      return addLog(items, draft, crypto);
    case 'witness':
      return addWitness(items, draft, crypto);
    case 'group':
      return addGroup(items, draft);
    case 'quorum':
      return addQuorum(items, draft);
    default:
      return `${quoted(word)} is not log, witness, group or quorum`;
  }
};

const quoted = (text: string): string => `'${escapeControl(text.length > 100 ? `${text.slice(0, 100)}…` : text)}'`;

const addLog = (items: readonly string[], { logs }: Draft, crypto: Crypto): string | undefined => {
  const [text, url, ...more] = items;
  if (text === undefined || more.length > 0) return 'a log has a verifier key, and may have a URL: log KEY [URL]';
  const key = keyFor('signature', text, crypto);
  if (typeof key === 'string') return key;
  if (hasKey(logs, key)) return `the key of the log ${quoted(key.name)} stands here a second time`;
  if (logs.length === MOST.components) return `more than ${MOST.components} logs`;
  logs.push({ key, ...(url === undefined ? {} : { url }) });
  return undefined;
};

const addWitness = (items: readonly string[], { witnesses, names }: Draft, crypto: Crypto): string | undefined => {
  const [name, text, url, ...more] = items;
  if (name === undefined || text === undefined || more.length > 0) return 'a witness has a name and a verifier key, and may have a URL: witness NAME KEY [URL]';
  const key = keyFor('cosignature', text, crypto);
  if (typeof key === 'string') return key;
  if (hasKey(witnesses, key)) return `the key of the witness ${quoted(name)} stands here a second time`;
  if (witnesses.length === MOST.components) return `more than ${MOST.components} witnesses`;
  const taken = takeName(name, names);
  if (taken === undefined) witnesses.push({ name, key, ...(url === undefined ? {} : { url }) });
  return taken;
};

const keyFor = (use: KeyUse, text: string, crypto: Crypto): VerifierKey | string => {
  const key = readVerifierKey(text, crypto);
  if (key.kind === 'rejected') return key.problems[0]!.message;
  if (key.value.use === use) return key.value;
  return use === 'signature' ? 'this is the key of a witness (type 4), not of a log (type 1)' : 'this is the key of a log (type 1), not of a witness (type 4)';
};

/** Two keys are one if their bytes are, whatever their names. */
const hasKey = (holders: readonly { readonly key: VerifierKey }[], { publicKey }: VerifierKey): boolean => holders.some(({ key }) => compareBytes(key.publicKey, publicKey) === 0);

const takeName = (name: string, names: Set<string>): string | undefined => {
  if (name === NO_WITNESS) return `the name ${NO_WITNESS} has a meaning of its own and cannot be given`;
  if (names.has(name)) return `the name ${quoted(name)} is taken`;
  names.add(name);
  return undefined;
};

const addGroup = (items: readonly string[], { groups, names, members: listed }: Draft): string | undefined => {
  const [name, threshold, ...members] = items;
  if (name === undefined || threshold === undefined || members.length === 0) return 'a group has a name, a threshold and members: group NAME all|any|NUMBER MEMBER…';
  const atLeast = threshold === 'all' ? members.length : threshold === 'any' ? 1 : readDecimal(threshold);
  if (atLeast === undefined || atLeast < 1 || atLeast > members.length) return `${quoted(threshold)} is not all, any or a number from 1 to ${members.length}`;
  if (groups.length === MOST.components) return `more than ${MOST.components} groups`;
  for (const [at, member] of members.entries()) {
    if (!names.has(member)) return `${quoted(member)} is no witness or group defined above`;
    if (listed.has(member) || members.indexOf(member) !== at) return `${quoted(member)} is a member of a group already`;
  }
  const taken = takeName(name, names);
  if (taken !== undefined) return taken;
  for (const member of members) listed.add(member);
  groups.push({ name, atLeast, members });
  return undefined;
};

const addQuorum = (items: readonly string[], { quorums, names }: Draft): string | undefined => {
  const [name, ...more] = items;
  if (name === undefined || more.length > 0) return 'a quorum has one name: quorum NAME';
  if (quorums.length > 0) return 'the policy has a second quorum line';
  if (name !== NO_WITNESS && !names.has(name)) return `${quoted(name)} is no witness or group defined above`;
  quorums.push(name);
  return undefined;
};
