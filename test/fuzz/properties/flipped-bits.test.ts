import { describe, expect, it } from 'vitest';
import { canonicalJson, readJson } from '#base';
import { flipped } from '../../fixtures/log-keys.ts';
import { makeDice } from '../engine/dice.ts';
import { fixedCertificates } from '../seeds/certificates.ts';
import { AUTHORITIES, goodParts, isSameSeal, judge, type Parts, proofFromTiles, wholeBundle } from './proven-record.ts';

const GOOD = goodParts();

/** Where somebody asks for a long run, every bit of small parts and many of large ones; else some, the same every time. */
const FACTOR = Math.min(40, Math.max(1, Number(process.env['TRAINLOCK_FUZZ_SECONDS'] ?? 5) / 15));
const bitsOf = (bytes: Uint8Array, few: number = 120): readonly number[] => {
  const all = bytes.length * 8;
  const some = Math.floor(few * FACTOR);
  if (all <= some) return Array.from({ length: all }, (_, bit) => bit);
  const dice = makeDice(all);
  return Array.from({ length: some }, () => dice.below(all));
};

const verdictOf = (changes: Partial<Parts>): string => judge({ ...GOOD, ...changes }).kind;

describe('a record with all of its evidence', () => {
  it('is proven as long as nobody changes anything', () => {
    const verdict = judge(GOOD);
    expect(verdict.checks.filter(({ outcome }) => outcome !== 'held' && outcome !== 'not-asked')).toEqual([]);
    expect(verdict.kind).toBe('proven');
  });

  it.each<[string, keyof Parts]>([
    ['the statement beside the bundle', 'document'],
    ['the payload of the bundle', 'payload'],
    ['the signature', 'signature'],
    ['the trust file', 'trust'],
    ['the leaf', 'leaf'],
    ['the proof with its checkpoint', 'proof'],
  ])('is never proven when a bit of %s is turned', { timeout: 600_000 }, (_, part) => {
    const bytes = GOOD[part]!;
    const survived = bitsOf(bytes).filter((bit) => verdictOf({ [part]: flipped(bytes, bit) }) === 'proven');
    expect(survived).toEqual([]);
  });

  /** PKIStatus 0 is granted, 1 is granted with changes: no signature is over it, and the token inside is the same. */
  const STATUS_BIT = (GOOD.token.findIndex((_, at) => [0x30, 0x03, 0x02, 0x01, 0x00].every((byte, i) => GOOD.token[at + i] === byte)) + 4) * 8;

  it('is not proven by a token of which a bit is turned, except one that says "granted" in another word', { timeout: 600_000 }, () => {
    const survived = bitsOf(GOOD.token, 200).filter((bit) => verdictOf({ token: flipped(GOOD.token, bit) }) === 'proven');
    expect(survived.filter((bit) => bit !== STATUS_BIT)).toEqual([]);
    expect(verdictOf({ token: flipped(GOOD.token, STATUS_BIT) })).toBe('proven');
  });

  it('where the certificate of the authority is at hand, needs no bit of the copy in the token, and all of the rest', { timeout: 600_000 }, () => {
    const copy = Buffer.from(GOOD.token).indexOf(Buffer.from(fixedCertificates().time));
    const isInCopy = (bit: number): boolean => bit >= copy * 8 && bit < (copy + fixedCertificates().time.length) * 8;
    // Certificates stand behind the tag 0xa0, revocations behind 0xa1. Neither is signed: with the other tag the copy is simply not there.
    const TAG_BIT = (copy - 4) * 8;
    expect(GOOD.token[copy - 4]).toBe(0xa0);
    const survived = bitsOf(GOOD.token, 200).filter((bit) => judge({ ...GOOD, token: flipped(GOOD.token, bit) }, { authorities: AUTHORITIES.bySigner }).kind === 'proven');
    expect(survived.filter((bit) => bit !== STATUS_BIT && bit !== TAG_BIT && !isInCopy(bit))).toEqual([]);
    expect(verdictOf({ token: flipped(GOOD.token, TAG_BIT) })).not.toBe('proven');
  });

  it('is not proven by a bundle of which a bit is turned, unless payload, signature and token stay as they are', { timeout: 600_000 }, () => {
    const bundle = wholeBundle(GOOD);
    const survived = bitsOf(bundle, 200)
      .map((bit) => flipped(bundle, bit))
      .filter((turned) => verdictOf({ bundle: turned }) === 'proven');
    expect(survived.filter((turned) => !isSameSeal(turned, GOOD) && !isSameSeal(turned, { ...GOOD, token: flipped(GOOD.token, STATUS_BIT) }))).toEqual([]);
  });

  it('is never proven with a proof that was built from a tile of which a bit is turned', { timeout: 600_000 }, async () => {
    expect(verdictOf({ proof: await proofFromTiles(GOOD.leaf, (tile) => tile) })).toBe('proven');
    const width = 11 * 32 * 8;
    const survived: number[] = [];
    for (const bit of bitsOf(new Uint8Array(width / 8), 100)) {
      const proof = await proofFromTiles(GOOD.leaf, (tile) => flipped(tile, bit));
      // Hashes of the leaf's own place do not enter its proof: then the proof is the same.
      if (verdictOf({ proof }) === 'proven' && Math.floor(bit / 256) !== 3) survived.push(bit);
    }
    expect(survived).toEqual([]);
  });

  it('has the same verdict when its documents are read and written again', () => {
    const first = judge(GOOD);
    const json = readJson(GOOD.document);
    if (json.kind === 'rejected') throw new Error('cannot be read');
    const again = judge({ ...GOOD, document: canonicalJson(json.value), payload: canonicalJson(json.value) });
    expect(again).toEqual(first);
    expect(judge(GOOD)).toEqual(first);
  });
});
