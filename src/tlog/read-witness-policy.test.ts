import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '#base';
import { crypto, signerOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { readWitnessPolicy } from './read-witness-policy.ts';
import { writeVerifierKey } from './verifier-key.ts';
import { policyHolds, type WitnessPolicy } from './witness-policy.ts';

const log = (name: string): string => writeVerifierKey(signerOf(name, 'signature').key);
const witness = (name: string): string => writeVerifierKey(signerOf(name, 'cosignature').key);
const SHARED = crypto.sha256(utf8('shared'));

const policyOf = (...lines: readonly string[]): WitnessPolicy => valueOf(readWitnessPolicy(utf8(lines.map((line) => `${line}\n`).join('')), crypto));

// Source: C2SP tlog-policy, "Example policy".
const example = policyOf(
  `log ${log('example.com/log')}`,
  '',
  ...['X1', 'X2', 'X3'].map((name) => `witness ${name} ${witness(name)}`),
  'group X-witnesses 2 X1 X2 X3',
  '  # the other department',
  ...['Y1', 'Y2', 'Y3'].map((name) => `\twitness  ${name}\t${witness(name)} https://${name}.example/ `),
  'group Y-witnesses any Y1 Y2 Y3',
  'group X-and-Y all X-witnesses Y-witnesses',
  'quorum X-and-Y',
);

describe('a witness policy', () => {
  it('of the specification is read', () => {
    expect(example.logs.map(({ key }) => key.name)).toEqual(['example.com/log']);
    expect(example.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['X1', undefined],
      ['X2', undefined],
      ['X3', undefined],
      ['Y1', 'https://Y1.example/'],
      ['Y2', 'https://Y2.example/'],
      ['Y3', 'https://Y3.example/'],
    ]);
    expect(example.groups).toEqual([
      { name: 'X-witnesses', atLeast: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', atLeast: 1, members: ['Y1', 'Y2', 'Y3'] },
      { name: 'X-and-Y', atLeast: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ]);
  });

  it.each<[readonly string[], boolean]>([
    [['X1', 'X2', 'Y1'], true],
    [['X1', 'X3', 'Y3'], true],
    [['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'], true],
    [['X1', 'Y1', 'Y2', 'Y3'], false],
    [['X1', 'X1', 'Y1'], false],
    [['X1', 'X2', 'X3'], false],
    [['X-and-Y'], false],
    [['X-witnesses', 'Y-witnesses'], false],
    [['stranger', 'X1', 'Y1'], false],
    [[], false],
  ])('with the witnesses %j holds: %j', (names, holds) => {
    expect(policyHolds(example, names)).toBe(holds);
  });

  it('may ask for one witness, or for none in so many words', () => {
    const one = policyOf(`witness w ${witness('w')}`, 'quorum w');
    expect([policyHolds(one, ['w']), policyHolds(one, [])]).toEqual([true, false]);
    expect(policyHolds(policyOf('quorum none'), [])).toBe(true);
  });

  it('never loses by one witness more', () => {
    const names = fc.subarray(['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3']);
    fc.assert(
      fc.property(names, names, (some, more) => {
        if (policyHolds(example, some)) expect(policyHolds(example, [...some, ...more])).toBe(true);
      }),
    );
  });

  const w1 = `witness w1 ${witness('w1')}`;
  const w2 = `witness w2 ${witness('w2')}`;
  it.each<[string, readonly string[], number | undefined, RegExp]>([
    ['no quorum', [w1], undefined, /no quorum line/],
    ['two quorums', [w1, 'quorum w1', 'quorum w1'], 3, /second quorum/],
    ['a quorum of nobody', ['quorum w1'], 1, /'w1' is no witness or group/],
    ['a quorum before its witness', ['quorum w1', w1], 1, /no witness or group defined above/],
    ['a quorum of two names', [w1, w2, 'quorum w1 w2'], 3, /one name/],
    ['a word that is not known', [w1, 'cosigner w1', 'quorum w1'], 2, /'cosigner' is not log/],
    ['a comment after a statement', [`${w1} https://w1.example/ #mine`, 'quorum none'], 1, /witness NAME KEY/],
    ['one name twice', [w1, w2.replace('witness w2', 'witness w1'), 'quorum w1'], 2, /'w1' is taken/],
    ['a group with the name of a witness', [w1, 'group w1 all w1', 'quorum w1'], 2, /'w1' is taken/],
    ['a witness called none', [w1.replace('w1', 'none'), 'quorum none'], 1, /meaning of its own/],
    ['none in a group', [w1, 'group g any w1 none', 'quorum g'], 2, /'none' is no witness/],
    ['a group of itself', [w1, 'group g any w1 g', 'quorum g'], 2, /'g' is no witness/],
    ['a group without members', [w1, 'group g all', 'quorum w1'], 2, /group NAME/],
    ['a threshold of zero', [w1, 'group g 0 w1', 'quorum g'], 2, /from 1 to 1/],
    ['a negative threshold', [w1, 'group g -1 w1', 'quorum g'], 2, /from 1 to 1/],
    ['a threshold above its members', [w1, w2, 'group g 3 w1 w2', 'quorum g'], 3, /from 1 to 2/],
    ['a threshold with a leading zero', [w1, 'group g 01 w1', 'quorum g'], 2, /from 1 to 1/],
    ['a member twice in a group', [w1, 'group g 2 w1 w1', 'quorum g'], 2, /member of a group already/],
    ['a member in two groups', [w1, w2, 'group g all w1', 'group h all w1 w2', 'quorum h'], 4, /member of a group already/],
    ['one key under two names', ['a', 'b'].map((name) => `witness ${name} ${writeVerifierKey(signerOf(name, 'cosignature', SHARED).key)}`).concat('quorum a'), 2, /a second time/],
    ['one key for two logs', ['a', 'b'].map((name) => `log ${writeVerifierKey(signerOf(name, 'signature', SHARED).key)}`).concat('quorum none'), 2, /a second time/],
    ['the key of a log for a witness', [`witness w ${log('w')}`, 'quorum w'], 1, /key of a log/],
    ['the key of a witness for a log', [`log ${witness('w')}`, 'quorum none'], 1, /key of a witness/],
    ['a key that is none', ['witness w nonsense', 'quorum w'], 1, /not a verifier key/],
    ['a carriage return', [`${w1}\r`, 'quorum w1'], 1, /control character/],
    ['a log with a word too many', [`log ${log('l')} a b`, 'quorum none'], 1, /log KEY/],
    ['a log without a key', ['log', 'quorum none'], 1, /log KEY/],
    ['a word too many', [`${w1} a b`, 'quorum w1'], 1, /witness NAME KEY/],
  ])('with %s is rejected, with its line', (_, lines, line, message) => {
    const read = readWitnessPolicy(utf8(lines.map((one) => `${one}\n`).join('')), crypto);
    const problem = read.kind === 'rejected' ? read.problems[0] : undefined;
    expect(problem?.message).toMatch(message);
    expect(problem?.line).toBe(line);
  });

  it('without a last line feed, or not in UTF-8, or huge, is rejected', () => {
    expect(readWitnessPolicy(utf8('quorum none'), crypto).kind).toBe('rejected');
    expect(readWitnessPolicy(concatBytes(utf8('# '), Uint8Array.of(0xff), utf8('\nquorum none\n')), crypto).kind).toBe('rejected');
    expect(readWitnessPolicy(utf8(`${'#\n'.repeat(200_000)}quorum none\n`), crypto).kind).toBe('rejected');
  });

  it('that is wrong everywhere is told as far as its hundredth line: looking at keys takes time', () => {
    const read = readWitnessPolicy(utf8(`witness w ${witness('w')} a b\n`.repeat(1000)), crypto);
    expect(read.kind === 'rejected' ? read.problems.length : 0).toBe(100);
  });

  it('made of any words is read or rejected, without an error', () => {
    const word = fc.constantFrom('log', 'witness', 'group', 'quorum', 'all', 'any', 'none', '1', '2', 'a', 'b', witness('a'), log('l'), '#', '\t', '\n', '\n', ' ');
    fc.assert(fc.property(fc.array(word, { maxLength: 40 }), (words) => ['accepted', 'rejected'].includes(readWitnessPolicy(utf8(`${words.join(' ')}\n`), crypto).kind)));
  });
});
