import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, toBase64, utf8 } from '#base';
import { algorithms, checkpointNote, cosignedBy, crypto, flipped, logOf, problemOf, signedBy, signerOf, type TestSigner, valueOf } from '../../test/fixtures/log-keys.ts';
import { tileTree } from './tile-tree.ts';
import { readTlogProof, type TlogProof, writeTlogProof } from './tlog-proof.ts';
import { type TlogClaim, verifyTlogProof } from './verify-tlog-proof.ts';
import { writeVerifierKey } from './verifier-key.ts';
import { readWitnessPolicy } from './read-witness-policy.ts';

const SIZE = 300;
const leaves = Array.from({ length: SIZE }, (_, i) => utf8(`leaf ${i}`));
const data = logOf(leaves);
const tree = tileTree(data.readTile, crypto);
const log = signerOf('example.com/log', 'signature');
const [one, two] = ['one', 'two'].map((name) => signerOf(`witness.example/${name}`, 'cosignature')) as [TestSigner, TestSigner];
const signed = checkpointNote(log, SIZE, data.root, [
  { witness: one, time: 1_700_000_000 },
  { witness: two, time: 1_700_000_060 },
]);

const proofOf = async (index: number): Promise<TlogProof> => ({ index, hashes: await tree.inclusionProofAt(index, SIZE), checkpoint: signed });
const claimOf = async (index: number, more: Partial<TlogClaim> = {}): Promise<TlogClaim> => ({
  proof: await proofOf(index),
  leafHash: data.leafHashes[index]!,
  keys: [log.key],
  witnesses: [one.key, two.key],
  atLeast: 2,
  ...more,
});

describe('a proof file', () => {
  const hash = toBase64(crypto.sha256(utf8('hash1')));
  const note = fromUtf8(writeTlogProof({ index: 0, hashes: [], checkpoint: signed }))!
    .split('\n\n')
    .slice(1)
    .join('\n\n');

  // Source: transparency-dev/formats, proof/tlog_proof_test.go.
  it.each([
    ['a hash', { index: 5, hashes: [crypto.sha256(utf8('hash1'))] }, `c2sp.org/tlog-proof@v1\nindex 5\n${hash}\n\n`],
    ['extra data', { index: 10, hashes: [], extra: utf8('extra information') }, `c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n\n`],
    ['empty extra data', { index: 10, hashes: [], extra: utf8('') }, `c2sp.org/tlog-proof@v1\nextra \nindex 10\n\n`],
    ['nothing', { index: 0, hashes: [] }, 'c2sp.org/tlog-proof@v1\nindex 0\n\n'],
  ])('with %s is written and read', (_, parts, head) => {
    const bytes = writeTlogProof({ ...parts, checkpoint: signed });
    expect(fromUtf8(bytes)).toBe(`${head}${note}`);
    expect(valueOf(readTlogProof(bytes))).toEqual({ ...parts, checkpoint: signed });
  });

  it.each([
    ['another first line', `c2sp.org/tlog-proof@v2\nindex 0\n\n${note}`, /first line/],
    ['extra data that is not base64', `c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\n${note}`, /extra data/],
    ['extra data twice', `c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\n${note}`, /no line with the index/],
    ['extra data after the index', `c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\n${note}`, /hash 1/],
    ['no index', `c2sp.org/tlog-proof@v1\n\n${note}`, /no line with the index/],
    ['an index that is no number', `c2sp.org/tlog-proof@v1\nindex one\n\n${note}`, /no line with the index/],
    ['a negative index', `c2sp.org/tlog-proof@v1\nindex -5\n\n${note}`, /no line with the index/],
    ['an index with a leading zero', `c2sp.org/tlog-proof@v1\nindex 05\n\n${note}`, /no line with the index/],
    ['a hash that is not base64', `c2sp.org/tlog-proof@v1\nindex 0\n!!\n\n${note}`, /hash 1/],
    ['a hash of 64 bytes', `c2sp.org/tlog-proof@v1\nindex 0\n${toBase64(new Uint8Array(64))}\n\n${note}`, /hash 1/],
    ['64 hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${hash}\n`.repeat(64)}\n${note}`, /no proof needs more than 63/],
    ['CRLF', `c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n${note}`, /first line|empty line/],
    ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n\n', /no empty line/],
    ['no empty line', 'c2sp.org/tlog-proof@v1\nindex 0\n', /no empty line/],
    ['two empty lines before the checkpoint', `c2sp.org/tlog-proof@v1\nindex 0\n\n\n${note}`, undefined],
  ])('with %s is rejected', (_, text, message) => {
    const read = readTlogProof(utf8(text));
    if (message !== undefined) expect(problemOf(read)).toMatch(message);
    // The note then has a text that starts with an empty line: it is read as such, and no checkpoint.
    else expect(verifyTlogProof({ proof: valueOf(read), leafHash: data.leafHashes[0]!, keys: [log.key] }, algorithms).kind).toBe('refused');
  });

  it('of what cannot be read back is not written', () => {
    expect(() => writeTlogProof({ index: -1, hashes: [], checkpoint: signed })).toThrow(TypeError);
    expect(() => writeTlogProof({ index: 0, hashes: [new Uint8Array(31)], checkpoint: signed })).toThrow(TypeError);
    expect(() => writeTlogProof({ index: 0, hashes: [], checkpoint: { body: 'a', signatures: [] } })).toThrow(TypeError);
  });
});

describe('a proof', () => {
  it('of every leaf holds, and tells the checkpoint, the log and the times of the witnesses', async () => {
    for (let index = 0; index < SIZE; index += 1) {
      const check = verifyTlogProof(await claimOf(index), algorithms);
      expect(check).toMatchObject({
        kind: 'held',
        index,
        checkpoint: { origin: 'example.com/log', size: SIZE, root: data.root },
        log: log.key,
        witnesses: [
          { witness: one.key, time: 1_700_000_000 },
          { witness: two.key, time: 1_700_000_060 },
        ],
      });
    }
  });

  it.each<[string, string, (claim: TlogClaim) => TlogClaim]>([
    ['D01 for another leaf', 'not-included', (claim) => ({ ...claim, leafHash: data.leafHashes[8]! })],
    ['D01 for another index', 'not-included', (claim) => ({ ...claim, proof: { ...claim.proof, index: 8 } })],
    ['D01 for an index beyond the log', 'not-included', (claim) => ({ ...claim, proof: { ...claim.proof, index: SIZE } })],
    ['D01 with a hash too few', 'not-included', (claim) => ({ ...claim, proof: { ...claim.proof, hashes: claim.proof.hashes.slice(1) } })],
    ['D01 with a hash too many', 'not-included', (claim) => ({ ...claim, proof: { ...claim.proof, hashes: [...claim.proof.hashes, new Uint8Array(32)] } })],
    ['D01 with a leaf hash that is none', 'not-included', (claim) => ({ ...claim, leafHash: new Uint8Array(0) })],
    ['without a known key', 'no-known-signature', (claim) => ({ ...claim, keys: [], witnesses: [] })],
    ['with the signature of a witness only', 'other-log', (claim) => ({ ...claim, keys: [] })],
    ['with three witnesses demanded', 'too-few-witnesses', (claim) => ({ ...claim, atLeast: 3 })],
    ['with one witness known of two', 'too-few-witnesses', (claim) => ({ ...claim, witnesses: [one.key] })],
    ['with a clock before the second witness', 'too-few-witnesses', (claim) => ({ ...claim, nowSeconds: 1_700_000_000 })],
  ])('%s is refused: %s', async (_, refusal, change) => {
    expect(verifyTlogProof(change(await claimOf(7)), algorithms)).toMatchObject({ kind: 'refused', refusal, because: expect.stringMatching(/./) });
  });

  it('is refused when another log signed the checkpoint, even one that is known', async () => {
    const other = signerOf('example.com/other', 'signature');
    const { body } = signed;
    const proof = { ...(await proofOf(7)), checkpoint: { body, signatures: [signedBy(other, body)] } };
    expect(verifyTlogProof(await claimOf(7, { proof, keys: [log.key, other.key], atLeast: 0 }), algorithms)).toMatchObject({ kind: 'refused', refusal: 'other-log' });
  });

  it('is refused when only a witness with the name of the log signed', async () => {
    const namesake = signerOf('example.com/log', 'cosignature');
    const { body } = signed;
    const proof = { ...(await proofOf(7)), checkpoint: { body, signatures: [cosignedBy(namesake, body, 5)] } };
    for (const keys of [{ keys: [], witnesses: [namesake.key] }, { keys: [namesake.key] }])
      expect(verifyTlogProof(await claimOf(7, { proof, ...keys, atLeast: 0 }), algorithms)).toMatchObject({ kind: 'refused', refusal: 'other-log' });
  });

  it('beyond the log is refused in words that say so', async () => {
    const claim = await claimOf(7);
    expect(verifyTlogProof({ ...claim, proof: { ...claim.proof, index: SIZE } }, algorithms)).toMatchObject({ because: 'the proof is for leaf 300 of a log that has 300 leaves' });
  });

  it('is refused when the note is no checkpoint', async () => {
    const body = 'example.com/log\nmany\n';
    const proof = { ...(await proofOf(7)), checkpoint: { body, signatures: [signedBy(log, body)] } };
    expect(verifyTlogProof(await claimOf(7, { proof, atLeast: 0 }), algorithms)).toMatchObject({ kind: 'refused', refusal: 'not-a-checkpoint' });
  });

  it('D01 is refused for a log without leaves', async () => {
    const proof = { index: 0, hashes: [], checkpoint: checkpointNote(log, 0, crypto.sha256(new Uint8Array(0))) };
    expect(verifyTlogProof(await claimOf(7, { proof, atLeast: 0 }), algorithms)).toMatchObject({ kind: 'refused', refusal: 'not-included' });
  });

  it('is judged by a policy, whose log and witnesses then need not be given', async () => {
    const policyOf = (quorum: string): TlogClaim['policy'] =>
      valueOf(
        readWitnessPolicy(
          utf8(
            `log ${writeVerifierKey(log.key)}\nwitness w1 ${writeVerifierKey(one.key)}\nwitness w3 ${writeVerifierKey(signerOf('witness.example/three', 'cosignature').key)}\ngroup both all w1 w3\nquorum ${quorum}\n`,
          ),
          crypto,
        ),
      );
    const by = async (quorum: string): Promise<string> =>
      verifyTlogProof({ proof: await proofOf(7), leafHash: data.leafHashes[7]!, keys: [], policy: policyOf(quorum)! }, algorithms).kind;
    expect([await by('none'), await by('w1'), await by('w3'), await by('both')]).toEqual(['held', 'held', 'refused', 'refused']);
  });

  it('with any bit turned is refused', async () => {
    const bytes = writeTlogProof(await proofOf(123));
    const claim = await claimOf(123);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const proof = readTlogProof(flipped(bytes, bit));
        if (proof.kind === 'accepted') expect(verifyTlogProof({ ...claim, proof: proof.value }, algorithms).kind).toBe('refused');
      }),
      { numRuns: 2500 },
    );
  });
});
