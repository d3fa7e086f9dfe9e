import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { algorithms, checkpointNote, crypto, signerOf, type TestSigner } from '../../test/fixtures/log-keys.ts';
import { openNote, type VerifiedSignature } from './open-note.ts';
import { quorumOf } from './quorum.ts';

const log = signerOf('example.com/log', 'signature');
const [one, two, three] = ['one', 'two', 'three'].map((name) => signerOf(`witness.example/${name}`, 'cosignature')) as [TestSigner, TestSigner, TestSigner];
const ROOT = crypto.sha256(utf8('root'));

const verifiedOf = (...cosigners: readonly (readonly [TestSigner, number])[]): readonly VerifiedSignature[] => {
  const note = checkpointNote(
    log,
    7,
    ROOT,
    cosigners.map(([witness, time]) => ({ witness, time })),
  );
  const opened = openNote(note, [log.key, ...cosigners.map(([witness]) => witness.key)], algorithms.verify);
  if (opened.kind === 'refused') throw new Error(opened.because);
  return opened.verified;
};

const countOf = (verified: readonly VerifiedSignature[], now?: number, skew?: number): number =>
  quorumOf(verified, 0, { ...(now === undefined ? {} : { nowSeconds: now }), ...(skew === undefined ? {} : { skewSeconds: skew }) }).witnesses.length;

describe('a quorum', () => {
  it('counts distinct witnesses, and never the log itself', () => {
    expect(countOf(verifiedOf())).toBe(0);
    expect(countOf(verifiedOf([one, 100], [two, 200], [three, 300]))).toBe(3);
  });

  it('counts a witness that signs twice once, with its earliest time', () => {
    const quorum = quorumOf(verifiedOf([one, 300], [one, 100], [one, 200]), 1);
    expect(quorum.witnesses).toEqual([{ witness: one.key, time: 100 }]);
    expect(quorumOf(verifiedOf([one, 300], [one, 100]), 2)).toMatchObject({
      kind: 'refused',
      refusal: 'too-few-witnesses',
      because: expect.stringContaining('1 of the 2 witnesses'),
    });
  });

  it('counts one key under two names, and one name with two keys, once', () => {
    const seed = crypto.sha256(utf8('shared'));
    expect(countOf(verifiedOf([signerOf('a', 'cosignature', seed), 1], [signerOf('b', 'cosignature', seed), 2]))).toBe(1);
    expect(countOf(verifiedOf([signerOf('a', 'cosignature', crypto.sha256(seed)), 1], [signerOf('a', 'cosignature', seed), 2]))).toBe(1);
  });

  it('does not count a time in the future of the clock, and says so', () => {
    const verified = verifiedOf([one, 1000], [two, 1060]);
    expect(countOf(verified)).toBe(2);
    expect(countOf(verified, 1060)).toBe(2);
    expect(countOf(verified, 1000)).toBe(1);
    expect(countOf(verified, 1000, 60)).toBe(2);
    expect(quorumOf(verified, 2, { nowSeconds: 1000 })).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('witness.example/two (its time is 60 seconds in the future)'),
    });
  });

  it('takes the good time of a witness that has one in the future too', () => {
    expect(quorumOf(verifiedOf([one, 5000], [one, 900]), 1, { nowSeconds: 1000 })).toMatchObject({ kind: 'met', witnesses: [{ time: 900 }] });
  });

  it('does not count a cosignature that gives no time', () => {
    expect(quorumOf(verifiedOf([one, 0]), 0)).toMatchObject({ kind: 'met', witnesses: [], notCounted: ['witness.example/one (gives no time)'] });
  });
});
