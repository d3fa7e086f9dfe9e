import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { consistencyProof, inclusionProof, verifyConsistency } from '#digest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { openLogbook, verifyLogbook } from '#logbook';
import { writeTlogProof } from '#tlog';
import { checkpointNote, flipped, logOf, signerOf } from '../../fixtures/log-keys.ts';
import { leafBytes } from '../seeds/documents.ts';
import { checkpointOf, filesOfLog, memoryReader } from './log-in-memory.ts';
import { goodParts, judge } from './proven-record.ts';

const LOG = signerOf('log.example/one', 'signature');
const seconds = Number(process.env['TRAINLOCK_FUZZ_SECONDS'] ?? 5);
/** Grows with the time that somebody gives. */
const RUNS = Math.min(200, Math.max(12, Math.floor(seconds * 1.2)));

const leavesOf = (count: number): readonly Uint8Array[] => Array.from({ length: count }, (_, i) => leafBytes(`run-${i}`));

/** Ways to rewrite what was, at a place; the log may then be longer, shorter or as long as before. */
const REWRITES: Readonly<Record<string, (leaves: readonly Uint8Array[], at: number) => readonly Uint8Array[]>> = {
  'a leaf changed': (leaves, at) => leaves.with(at, leafBytes('another')),
  'a bit of a leaf turned': (leaves, at) => leaves.with(at, flipped(leaves[at]!, 77)),
  'a leaf removed, and a new one at the end': (leaves, at) => [...leaves.toSpliced(at, 1), leafBytes('new')],
  'a leaf put in': (leaves, at) => leaves.toSpliced(at, 0, leafBytes('late')),
  'two leaves exchanged': (leaves, at) => leaves.with(at, leaves[(at + 1) % leaves.length]!).with((at + 1) % leaves.length, leaves[at]!),
  'a leaf removed': (leaves, at) => leaves.toSpliced(at, 1),
  'everything from there on forgotten': (leaves, at) => leaves.slice(0, Math.max(1, at)),
};

/** The first leaf that is not what it was. */
const firstChange = (before: readonly Uint8Array[], after: readonly Uint8Array[]): number =>
  before.findIndex((leaf, at) => after[at] === undefined || !Buffer.from(leaf).equals(after[at]));

const verify = nodeVerifySignature;

describe('a log whose past was rewritten', () => {
  it.each(Object.entries(REWRITES))('is caught by every holder of an older checkpoint: %s', { timeout: 600_000 }, async (_, rewrite) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 24 }), fc.nat(), async (count, place) => {
        const before = leavesOf(count);
        const after = rewrite(before, place % count);
        const first = firstChange(before, after);
        const reader = memoryReader(filesOfLog(LOG, after));
        for (let size = 1; size <= count; size += 1) {
          const answer = await verifyLogbook(reader, { verify, key: LOG.key, remembered: [checkpointOf(LOG, before.slice(0, size))] });
          const isTouched = first !== -1 && size > first;
          expect([size, answer.kind]).toEqual([size, isTouched ? (size > after.length ? 'set-back' : 'forked') : 'intact']);
          // Nor does any proof of the rewritten log convince somebody who has only the old checkpoint.
          if (size > after.length) continue;
          const claim = { size1: size, size2: after.length, root1: logOf(before.slice(0, size)).root, root2: logOf(after).root, proof: consistencyProof(after, size, nodeCrypto) };
          expect([size, verifyConsistency(claim, nodeCrypto)]).toEqual([size, !isTouched]);
        }
      }),
      { numRuns: RUNS, seed: 7 },
    );
  });

  it('is caught across the borders of tiles', { timeout: 600_000 }, async () => {
    const before = leavesOf(520);
    for (const at of [0, 255, 256, 511, 512, 518]) {
      const reader = memoryReader(filesOfLog(LOG, REWRITES['a leaf changed']!(before, at)));
      for (const size of [1, 255, 256, 257, 511, 512, 513, 519, 520]) {
        const answer = await verifyLogbook(reader, { verify, key: LOG.key, remembered: [checkpointOf(LOG, before.slice(0, size))] });
        expect([at, size, answer.kind]).toEqual([at, size, size > at ? 'forked' : 'intact']);
      }
    }
  });

  it('refutes a record whose proof is of the log as it was', () => {
    const parts = goodParts();
    const before = Array.from({ length: 11 }, (_, i) => (i === 3 ? parts.leaf : leafBytes(`run-${i}`)));
    const rememberedAs = (leaves: readonly Uint8Array[]) => [
      { origin: LOG.key.name, size: leaves.length, root: logOf(leaves).root, from: new Map(leaves.map((_, i) => [i + 1, consistencyProof(leaves, i + 1, nodeCrypto)])) },
    ];
    expect(judge(parts, { remembered: rememberedAs([...before, leafBytes('new')]) }).kind).toBe('proven');
    for (const [name, rewrite] of Object.entries(REWRITES))
      for (let at = 0; at < before.length; at += 1) {
        const after = rewrite(before, at);
        const longer = after.length < before.length ? after : [...after, leafBytes('new')];
        expect([name, at, judge(parts, { remembered: rememberedAs(longer) }).kind]).toEqual([name, at, 'refuted']);
      }
  });

  it('cannot give a record that was taken out another proof', () => {
    const parts = goodParts();
    const others = Array.from({ length: 11 }, (_, i) => leafBytes(`run-${i}`));
    const proofs = others.map((_, index) => writeTlogProof({ index, hashes: inclusionProof(others, index, nodeCrypto), checkpoint: checkpointNote(LOG, 11, logOf(others).root) }));
    for (const proof of proofs) expect(judge({ ...parts, proof }).kind).toBe('refuted');
  });
});

describe('a log on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-rewritten-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = (name: string, files: ReadonlyMap<string, Uint8Array>): string => {
    const place = join(folder, name);
    for (const [path, bytes] of files) {
      mkdirSync(join(place, dirname(path)), { recursive: true });
      writeFileSync(join(place, path), bytes);
    }
    return place;
  };

  it('that was rewritten is caught by every checkpoint of it that was seen', { timeout: 600_000 }, async () => {
    const before = leavesOf(9);
    const after = before.with(4, leafBytes('another'));
    const [honest, lying] = [written('honest', filesOfLog(LOG, before)), written('lying', filesOfLog(LOG, after))];
    for (let size = 1; size <= 9; size += 1) {
      const remembered = [checkpointOf(LOG, before.slice(0, size))];
      expect((await verifyLogbook(honest, { verify, key: LOG.key, remembered })).kind).toBe('intact');
      expect([size, (await verifyLogbook(lying, { verify, key: LOG.key, remembered })).kind]).toEqual([size, size > 4 ? 'forked' : 'intact']);
    }
  });

  it('that its own writer has made is intact', { timeout: 600_000 }, async () => {
    const book = openLogbook({ env: { XDG_STATE_HOME: join(folder, 'state') }, verify });
    for (let round = 0; round < 3; round += 1) {
      const answer = await book.append(leavesOf(4).map((_, i) => leafBytes(`round ${round} ${i}`)));
      if (answer.kind !== 'appended') throw new Error(answer.kind);
    }
    const head = await book.head();
    expect((await verifyLogbook(head!.folder, { verify, key: head!.key })).kind).toBe('intact');
  });

  it('is not intact when a bit of its leaves, tiles or checkpoint is turned', { timeout: 600_000 }, async () => {
    const files = filesOfLog(LOG, leavesOf(260));
    const remembered = [checkpointOf(LOG, leavesOf(260))];
    expect((await verifyLogbook(memoryReader(files), { verify, key: LOG.key, remembered })).kind).toBe('intact');
    const turned = [...files].filter(([path]) => path !== 'vkey');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...turned), fc.nat(), async ([path, bytes], bit) => {
        const answer = await verifyLogbook(memoryReader(new Map([...files, [path, flipped(bytes, bit % (bytes.length * 8))]])), { verify, key: LOG.key, remembered });
        expect([path, answer.kind]).not.toEqual([path, 'intact']);
      }),
      { numRuns: RUNS * 4, seed: 11 },
    );
  });
});
