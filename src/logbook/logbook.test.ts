import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto, thisRecorder } from '#files';
import { leafHash } from '#digest';
import { type Note, readLeaf, readTlogProof, verifyTlogProof } from '#tlog';
import { algorithms, cosignedBy, flipped, logOf, signerOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { folderReader } from './log-reader.ts';
import { stateFolder } from './log-places.ts';
import { machineName } from './machine.ts';
import { type Logbook, openLogbook } from './open-logbook.ts';
import { takeLock } from './process-lock.ts';
import { verifyLogbook } from './verify-logbook.ts';

const { verify } = algorithms;
const MACHINE = '0123456789abcdef';

let state: string;
let logbook: Logbook;

const open = (waitMs = 200): Logbook => openLogbook({ env: { XDG_STATE_HOME: state }, verify, machine: MACHINE, waitMs });

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'trainlock-log-'));
  logbook = open();
});

afterEach(() => rmSync(state, { recursive: true, force: true }));

const leaf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const some = (count: number, what = 'leaf'): readonly Uint8Array[] => Array.from({ length: count }, (_, i) => leaf(`${what} ${i}`));
const folder = (): string => join(state, 'trainlock/logs', MACHINE);
const heads = (): string => join(state, 'trainlock/log-heads', `${MACHINE}.json`);
const files = (): readonly string[] => readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder(), name)).isFile());

const grow = async (...batches: readonly number[]): Promise<void> => {
  for (const [at, count] of batches.entries()) expect(await logbook.append(some(count, `batch ${at}`))).toMatchObject({ kind: 'appended' });
};

const copyOf = (): string => {
  const copy = join(state, 'copy');
  cpSync(folder(), copy, { recursive: true });
  return copy;
};

const bringBack = (copy: string): void => {
  rmSync(folder(), { recursive: true });
  renameSync(copy, folder());
};

describe('a log', () => {
  it('is made by the first leaf, for its owner alone, with an origin of its own', async () => {
    expect(await logbook.head()).toBeUndefined();
    expect(existsSync(join(state, 'trainlock'))).toBe(false);
    await grow(1);
    const head = await logbook.head();
    expect(head?.checkpoint).toMatchObject({ size: 1, origin: expect.stringMatching(/^trainlock\.dev\/log\/[0-9a-f]{16}$/) as string });
    expect(head?.description).toMatchObject({ machine: MACHINE, origin: head?.checkpoint.origin });
    expect(statSync(join(folder(), 'log.key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
  });

  it('has the tree that the leaves give, however they come in batches, and a proof for each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
        const own = mkdtempSync(join(state, 'property-'));
        const one = openLogbook({ env: { XDG_STATE_HOME: own }, verify, machine: MACHINE });
        const all: Uint8Array[] = [];
        for (const size of sizes) {
          const batch = Array.from({ length: size }, (_, i) => leaf(`leaf ${all.length + i}`));
          all.push(...batch);
          await one.append(batch);
        }
        const head = (await one.head())!;
        expect(head.checkpoint.size).toBe(all.length);
        expect(Buffer.from(head.checkpoint.root).toString('hex')).toBe(Buffer.from(logOf(all).root).toString('hex'));
        expect(await verifyLogbook(head.folder, { verify })).toMatchObject({ kind: 'intact' });
        for (const index of new Set([0, all.length - 1, Math.floor(all.length / 2)].filter((at) => at >= 0 && at < all.length))) {
          const proof = valueOf(readTlogProof(await one.proofOf(index)));
          expect(verifyTlogProof({ proof, leafHash: leafHash(all[index]!, nodeCrypto), keys: [head.key] }, algorithms)).toMatchObject({ kind: 'held', index });
        }
        rmSync(own, { recursive: true });
      }),
      { numRuns: 15 },
    );
  });

  it('does not enter a leaf twice that is among the last ones', async () => {
    await grow(5);
    expect(await logbook.append([leaf('batch 0 3'), leaf('new'), leaf('new')])).toMatchObject({
      places: [
        { index: 3, isNew: false },
        { index: 5, isNew: true },
        { index: 5, isNew: false },
      ],
    });
    expect((await logbook.head())?.checkpoint.size).toBe(6);
  });

  it('keeps two widths of a partial tile, and none of a full one', async () => {
    await grow(3, 1, 1, 1);
    expect(readdirSync(join(folder(), 'tile/0/000.p')).sort()).toEqual(['5', '6']);
    expect(readdirSync(join(folder(), 'tile/entries/000.p')).sort()).toEqual(['5', '6']);
    await logbook.append(some(251, 'more'));
    expect(existsSync(join(folder(), 'tile/0/000.p'))).toBe(false);
    expect(existsSync(join(folder(), 'tile/entries/000.p'))).toBe(false);
    expect(await verifyLogbook(folder(), { verify })).toMatchObject({ kind: 'intact' });
  });

  it('writes over what a killed process left beyond the checkpoint', async () => {
    await grow(3);
    for (const name of ['tile/0/000.p/4', 'tile/entries/000.p/4']) writeFileSync(join(folder(), name), 'left behind');
    await grow(1);
    await logbook.append([leaf('fourth')]);
    expect(await verifyLogbook(folder(), { verify })).toMatchObject({ kind: 'intact' });
  });
});

describe('a check of the whole log', () => {
  it('notices one turned bit in any file, and names the file (D06)', async () => {
    await grow(200, 100, 3);
    const { key } = (await logbook.head())!;
    for (const name of files().filter((one) => one.startsWith('tile/') && !/\.p\/(44)$/.test(one))) {
      const bytes = readFileSync(join(folder(), name));
      for (const bit of [0, bytes.length * 4, bytes.length * 8 - 1]) {
        writeFileSync(join(folder(), name), flipped(bytes, bit));
        const check = await verifyLogbook(folder(), { verify, key });
        expect(check, `${name} bit ${bit}`).toMatchObject({ kind: 'damaged' });
        expect(check.kind === 'damaged' && check.where.startsWith(join(folder(), 'tile')), name).toBe(true);
      }
      writeFileSync(join(folder(), name), bytes);
    }
    expect(await verifyLogbook(folder(), { verify, key })).toMatchObject({ kind: 'intact', isPinned: true });
  });

  it('notices a leaf that was taken away, swapped or added (D06)', async () => {
    await grow(3);
    const bundle = join(folder(), 'tile/entries/000.p/3');
    const bytes = readFileSync(bundle);
    const size = bytes.length / 3;
    const parts = [0, 1, 2].map((i) => bytes.subarray(i * size, (i + 1) * size));
    for (const order of [
      [0, 1],
      [1, 0, 2],
      [0, 1, 1],
      [2, 1, 0],
    ]) {
      writeFileSync(bundle, Buffer.concat(order.map((i) => parts[i]!)));
      expect(await verifyLogbook(folder(), { verify }), order.join()).toMatchObject({ kind: 'damaged', where: bundle });
    }
  });

  it.each([
    ['checkpoint', (path: string) => rmSync(path), 'the checkpoint of the log is missing'],
    ['checkpoint', (path: string) => truncateSync(path, 0), 'the checkpoint of the log is empty'],
    ['checkpoint', (path: string) => truncateSync(path, 40), 'the checkpoint of the log is damaged'],
    ['vkey', (path: string) => rmSync(path), 'vkey is missing'],
    ['tile/0/000', (path: string) => rmSync(path), 'tile/0/000 is missing'],
    ['tile/0/000', (path: string) => truncateSync(path, 100), 'the tile tile/0/000 has 100 bytes'],
    ['tile/1/000.p/1', (path: string) => rmSync(path), 'tile/1/000.p/1 is missing'],
    ['tile/entries/000', (path: string) => truncateSync(path, 100), 'tile/entries/000 is damaged'],
  ] as const)('says what is wrong with %s', async (name, harm, because) => {
    await grow(300);
    harm(join(folder(), name));
    expect(await verifyLogbook(folder(), { verify })).toMatchObject({ kind: 'damaged', where: join(folder(), name), because: expect.stringContaining(because) as string });
  });

  it('compares with every checkpoint that was seen before: other history, older state (D02)', async () => {
    await grow(3);
    const first = (await logbook.head())!;
    const copy = copyOf();
    await grow(4);
    const second = (await logbook.head())!;
    expect(await verifyLogbook(folder(), { verify, remembered: [first.note, second.note] })).toMatchObject({ kind: 'intact', remembered: 2 });
    expect(await verifyLogbook(copy, { verify, remembered: [second.note] })).toMatchObject({ kind: 'set-back' });
    // The same key signs another history.
    cpSync(heads(), join(state, 'heads'));
    rmSync(heads());
    rmSync(folder(), { recursive: true });
    cpSync(copy, folder(), { recursive: true });
    await logbook.append(some(4, 'other history'));
    expect(await verifyLogbook(folder(), { verify, remembered: [first.note] })).toMatchObject({ kind: 'intact' });
    expect(await verifyLogbook(folder(), { verify, remembered: [second.note] })).toMatchObject({ kind: 'forked' });
  });

  it('does not let a foreign key or a foreign checkpoint speak', async () => {
    await grow(3);
    const stranger = signerOf((await logbook.head())!.key.name, 'signature');
    expect(await verifyLogbook(folder(), { verify, key: stranger.key })).toMatchObject({ kind: 'damaged' });
    const foreign: Note = { body: `elsewhere\n99\n${Buffer.alloc(32).toString('base64')}\n`, signatures: [] };
    expect(await verifyLogbook(folder(), { verify, remembered: [foreign] })).toMatchObject({ kind: 'intact', remembered: 0, ofOtherLogs: 1 });
  });
});

describe('a log that was set back', () => {
  it('is not written to, and goes on under a new origin when somebody asks', async () => {
    await grow(3);
    const copy = copyOf();
    await grow(2, 2);
    const newest = (await logbook.head())!;
    bringBack(copy);
    await expect(logbook.append([leaf('x')])).rejects.toMatchObject({ code: 'TL1403', message: expect.stringMatching(/has 3 leaves, but 5|has 3 leaves, but 7/) as string });
    expect((await logbook.head())?.checkpoint.size).toBe(3);
    const continued = await logbook.continueLog('the disk was replaced');
    expect(continued).toMatchObject({ kind: 'continued', before: { checkpoint: { size: newest.checkpoint.size } } });
    const head = (await logbook.head())!;
    expect(head.checkpoint).toMatchObject({ origin: `${newest.checkpoint.origin}/2`, size: 1 });
    expect(head.description.continues).toMatchObject({ origin: newest.checkpoint.origin, size: newest.checkpoint.size });
    for await (const { bytes } of logbook.leavesOf({ from: 0, to: 1 })) {
      const first = valueOf(readLeaf(bytes));
      expect(first).toMatchObject({ kind: 'log-continued', origin: newest.checkpoint.origin });
      expect(first.reason).toContain(newest.note.body);
      expect(first.reason).toContain('the disk was replaced');
    }
    expect(await logbook.append([leaf('x')])).toMatchObject({ kind: 'appended', places: [{ index: 1 }] });
    await logbook.continueLog();
    expect((await logbook.head())?.checkpoint.origin).toBe(`${newest.checkpoint.origin}/3`);
  });

  it('is noticed by checkpoints that others keep, even if everything here was set back', async () => {
    await grow(3);
    const copy = copyOf();
    cpSync(heads(), join(state, 'heads'));
    await grow(2, 2);
    const seen = (await logbook.head())!.note;
    bringBack(copy);
    cpSync(join(state, 'heads'), heads());
    await expect(logbook.append([leaf('x')], [seen])).rejects.toMatchObject({ code: 'TL1403' });
    const foreign = { ...seen, body: seen.body.replace(/^.*/, 'another.log/origin') };
    expect(await logbook.append([leaf('x')], [foreign])).toMatchObject({ kind: 'appended' });
  });

  it('never signs a second root for a size', async () => {
    await grow(3);
    const copy = copyOf();
    await grow(1);
    await logbook.append([leaf('the fourth')]);
    const seen = (await logbook.head())!;
    bringBack(copy);
    rmSync(heads());
    await logbook.append(some(seen.checkpoint.size - 3, 'other'));
    expect((await logbook.head())?.checkpoint.size).toBe(seen.checkpoint.size);
    await expect(logbook.append([leaf('x')], [seen.note])).rejects.toMatchObject({ code: 'TL1402', message: expect.stringContaining('two roots') as string });
  });

  it('is noticed if its whole folder is gone', async () => {
    await grow(3);
    rmSync(folder(), { recursive: true });
    await expect(logbook.append([leaf('x')])).rejects.toMatchObject({ code: 'TL1403' });
    await logbook.continueLog();
    expect((await logbook.head())?.checkpoint).toMatchObject({ size: 1, origin: expect.stringMatching(/\/2$/) as string });
  });

  it('cannot be continued where there is none', async () => {
    await expect(logbook.continueLog()).rejects.toMatchObject({ code: 'TL1401' });
  });
});

describe('bad luck', () => {
  const unchanged = async (work: () => Promise<unknown>): Promise<void> => {
    const before = files().map((name) => [name, readFileSync(join(folder(), name), 'latin1')]);
    await work();
    expect(files().map((name) => [name, readFileSync(join(folder(), name), 'latin1')])).toEqual(before);
  };

  it.each([
    ['checkpoint', (path: string) => truncateSync(path, 0), 'TL1402', 'empty'],
    ['checkpoint', (path: string) => rmSync(path), 'TL1402', 'missing'],
    ['tile/0/001.p/44', (path: string) => rmSync(path), 'TL1402', 'missing'],
    ['tile/1/000.p/1', (path: string) => rmSync(path), 'TL1402', 'missing'],
    ['tile/0/001.p/44', (path: string) => truncateSync(path, 33), 'TL1402', '33 bytes'],
    ['tile/entries/001.p/44', (path: string) => truncateSync(path, 33), 'TL1402', 'damaged'],
    ['tile/0/001.p/44', (path: string) => writeFileSync(path, flipped(readFileSync(path), 9)), 'TL1402', 'are not those that its checkpoint names'],
    ['tile/entries/001.p/44', (path: string) => writeFileSync(path, flipped(readFileSync(path), 99)), 'TL1402', 'other leaves than the tree'],
    ['log.key', (path: string) => rmSync(path), 'TL1401', 'it is not there'],
    ['log.key', (path: string) => chmodSync(path, 0o644), 'TL1401', 'other users can read the key'],
    ['log.key', (path: string) => writeFileSync(path, 'no key'), 'TL1401', 'not a private key'],
    ['log.json', (path: string) => rmSync(path), 'TL1402', 'missing'],
    ['log.json', (path: string) => writeFileSync(path, '{"schemaVersion":"1.0","more":1}'), 'TL1402', 'does not describe a log'],
    ['log.json', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(MACHINE, 'f'.repeat(16))), 'TL1401', 'belongs to another machine'],
    ['vkey', (path: string) => writeFileSync(path, 'no key'), 'TL1402', 'vkey is damaged'],
  ] as const)('with %s is told exactly, and nothing is changed', async (name, harm, code, words) => {
    await grow(300);
    harm(join(folder(), name));
    await unchanged(() =>
      expect(logbook.append([leaf('x')])).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string, fix: expect.any(String) as string }),
    );
    expect(readdirSync(join(state, 'trainlock/logs')).filter((one) => one.endsWith('.lock'))).toEqual([]);
  });

  it('without a home is told with a way out', () => {
    const noHome = (): string => {
      throw new Error('no such user');
    };
    for (const env of [{}, { HOME: 'relative' }, { XDG_STATE_HOME: 'relative', HOME: '' }]) expect(() => stateFolder(env, noHome)).toThrow(/there is no place for the log/);
    expect(stateFolder({ HOME: '/home/ann' }, noHome)).toBe('/home/ann/.local/state/trainlock');
    expect(stateFolder({ HOME: '/home/ann', XDG_STATE_HOME: '/state' }, noHome)).toBe('/state/trainlock');
  });

  it.runIf(process.getuid?.() !== 0)('in a folder that cannot be written is told', async () => {
    await grow(1);
    chmodSync(join(state, 'trainlock/logs'), 0o500);
    await expect(logbook.append([leaf('x')])).rejects.toMatchObject({ code: 'TL1401' });
    chmodSync(join(state, 'trainlock/logs'), 0o700);
  });

  it('with a file where a folder should be is told, and leaves nothing behind', async () => {
    mkdirSync(join(state, 'trainlock'));
    writeFileSync(join(state, 'trainlock/logs'), '');
    await expect(logbook.append([leaf('x')])).rejects.toMatchObject({ code: 'TL1401' });
    expect(readdirSync(join(state, 'trainlock'))).toEqual(['logs']);
  });

  it('in /proc, where nothing can be made, is told', async () => {
    const nowhere = openLogbook({ env: { XDG_STATE_HOME: '/proc/1/nothing' }, verify, machine: MACHINE });
    await expect(nowhere.append([leaf('x')])).rejects.toMatchObject({ code: 'TL1401' });
  });
});

describe('the lock', () => {
  const lock = (): string => join(state, 'trainlock/logs', `${MACHINE}.lock`);
  const held = (more: object = {}): void => writeFileSync(lock(), `${JSON.stringify({ ...thisRecorder(), nonce: '1', ...more })}\n`);

  it('of a process that lives is waited for, and then the leaves wait', async () => {
    await grow(1);
    held();
    expect(await logbook.append([leaf('x')])).toEqual({ kind: 'busy', because: `process ${process.pid} writes to the log` });
    rmSync(lock());
    expect(await logbook.append([leaf('x')])).toMatchObject({ kind: 'appended' });
  });

  it('of a process that is gone is taken over', async () => {
    await grow(1);
    held({ startTicks: '1' });
    expect(await logbook.append([leaf('x')])).toMatchObject({ kind: 'appended' });
    expect(existsSync(lock())).toBe(false);
  });

  it('from another container or before a restart is waited for, and says so', async () => {
    await grow(1);
    held({ bootId: 'another' });
    expect(await logbook.append([leaf('x')])).toMatchObject({ kind: 'busy', because: expect.stringContaining('before a restart') as string });
  });

  it('of a dead holder is given to one only of many that find it at once', async () => {
    await grow(1);
    for (let round = 0; round < 30; round += 1) {
      held({ startTicks: '1', nonce: String(round) });
      let holders = 0;
      let most = 0;
      const work = async (): Promise<void> => {
        const taken = await takeLock(lock(), 20_000);
        if (taken.kind === 'busy') throw new Error(taken.because);
        most = Math.max(most, (holders += 1));
        await new Promise((done) => setTimeout(done, 1));
        expect(await taken.lock.isHeld()).toBe(true);
        holders -= 1;
        await taken.lock.release();
      };
      await Promise.all(Array.from({ length: 6 }, work));
      expect(most).toBe(1);
    }
    expect(readdirSync(join(state, 'trainlock/logs')).filter((name) => name.includes('.claim-'))).toEqual([]);
  });
});

describe('cosignatures', () => {
  const witness = signerOf('witness.example', 'cosignature');

  it('are kept beside the signature, and go into proofs', async () => {
    await grow(3);
    const { note, key } = (await logbook.head())!;
    expect(await logbook.addCosignatures({ body: note.body, signatures: [cosignedBy(witness, note.body, 1_700_000_000)], witness: witness.key })).toMatchObject({ kind: 'kept' });
    expect(await logbook.addCosignatures({ body: note.body, signatures: [cosignedBy(witness, note.body, 1_700_000_100)], witness: witness.key })).toMatchObject({ kind: 'kept' });
    const proof = valueOf(readTlogProof(await logbook.proofOf(1)));
    expect(verifyTlogProof({ proof, leafHash: leafHash(leaf('batch 0 1'), nodeCrypto), keys: [key], witnesses: [witness.key], atLeast: 1 }, algorithms)).toMatchObject({
      kind: 'held',
      witnesses: [{ time: 1_700_000_100 }],
    });
    await grow(0, 1);
    expect(await logbook.addCosignatures({ body: note.body, signatures: [cosignedBy(witness, note.body, 1)], witness: witness.key })).toMatchObject({ kind: 'outgrown' });
  });

  it('that do not hold are not kept', async () => {
    await grow(3);
    const { note } = (await logbook.head())!;
    const before = readFileSync(join(folder(), 'checkpoint'), 'utf8');
    const wrong = { ...cosignedBy(witness, note.body, 5), signature: cosignedBy(witness, `${note.body}x\n`, 5).signature };
    expect(await logbook.addCosignatures({ body: note.body, signatures: [wrong], witness: witness.key })).toMatchObject({ kind: 'refused' });
    expect(await logbook.addCosignatures({ body: note.body, signatures: note.signatures, witness: witness.key })).toMatchObject({ kind: 'refused' });
    expect(readFileSync(join(folder(), 'checkpoint'), 'utf8')).toBe(before);
  });
});

describe('the name of a machine', () => {
  it('is a digest of its id, else of the name of the host', () => {
    expect(machineName('abc\n', 'host')).toMatch(/^[0-9a-f]{16}$/);
    expect(machineName('abc', 'other')).toBe(machineName('abc\n', 'host'));
    expect(machineName('', 'other')).not.toBe(machineName('', 'host'));
    expect(machineName('', hostname())).toBe(machineName(' \n', hostname()));
  });

  it('keeps logs of machines apart that share a folder', async () => {
    const other = openLogbook({ env: { XDG_STATE_HOME: state }, verify, machine: 'f'.repeat(16) });
    await grow(2);
    await other.append([leaf('x')]);
    const [a, b] = [(await logbook.head())!, (await other.head())!];
    expect(a.checkpoint.size).toBe(2);
    expect(b.checkpoint.size).toBe(1);
    expect(a.checkpoint.origin).not.toBe(b.checkpoint.origin);
    expect(await folderReader(a.folder).read('checkpoint', 10_000)).toBeDefined();
  });
});
