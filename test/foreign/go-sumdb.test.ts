import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64, utf8 } from '#base';
import { readNote, readTlogProof, tileTree, openNote, verifyTlogProof, writeNote, writeTlogProof, writeVerifierKey } from '#tlog';
import { algorithms, checkpointNote, crypto, flipped, logOf, signerOf, type TestSigner, valueOf } from '../fixtures/log-keys.ts';

const SOURCE = join(import.meta.dirname, 'go-sumdb');
const home = mkdtempSync(join(tmpdir(), 'go-sumdb-'));
const program = join(home, 'go-sumdb');
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Why the Go program cannot be had at all; a program that does not compile is a failed test and not this. */
const missing = (): string | undefined => {
  if (spawnSync('go', ['version']).status !== 0) return 'go is not installed';
  return spawnSync('go', ['mod', 'download'], { cwd: SOURCE }).status === 0 ? undefined : 'the Go modules are not at hand';
};
const why = missing();
if (why !== undefined && process.env['TRAINLOCK_TEST_STACK'] === 'full') throw new Error(`the full stack must have Go: ${why}`);
if (why !== undefined) console.warn(`${why}: the test of our logs with the Go checksum database says nothing`);

const SIZE = 70_000;
const SIZES = [1, 2, 3, 255, 256, 257, 512, 1000, 65_535, 65_536, 65_537, 69_999, SIZE];
const INDICES = [0, 1, 5, 255, 256, 511, 65_535, 65_536, 69_887, 69_888, SIZE - 1];
const ORIGIN = 'example.com/trainlock/log';
const seedOf = (name: string): Uint8Array => crypto.sha256(utf8(`seed of ${name}`));
const log = signerOf(ORIGIN, 'signature', seedOf('log'));
const witness = signerOf('witness.example/w1', 'cosignature', seedOf('witness'));
const leaves = Array.from({ length: SIZE }, (_, i) => `leaf ${i}`);

/** A secret key as Go writes it. The id of a witness is that of its plain key: the library makes the other from it. */
const secretOf = ({ key }: TestSigner, name: string): string => {
  const plain = signerOf(key.name, 'signature', seedOf(name)).key;
  return `PRIVATE+KEY+${key.name}+${plain.keyId.toString(16).padStart(8, '0')}+${toBase64(Uint8Array.of(1, ...seedOf(name)))}`;
};

type Answer = {
  readonly Size: number;
  readonly Root: string;
  readonly Signers: readonly string[];
  readonly Letter: string;
  readonly Cosigned: string;
  readonly Inclusions: Readonly<Record<string, readonly string[]>>;
  readonly Prefixes: Readonly<Record<string, readonly string[]>>;
  readonly Proof: string;
};

const data = logOf(leaves.map(utf8));
const tree = tileTree(data.readTile, crypto);
const LETTER = 'Ognuno sta solo sul cuor della terra\n\ned è subito sera.\n';

/** Puts our log on disk; `change` spoils a file of it. */
const writeLog = async (name: string, change: (path: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes): Promise<string> => {
  const folder = join(home, name);
  const put = (path: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), change(path, bytes));
  };
  const note = checkpointNote(log, SIZE, data.root, [{ witness, time: 1_700_000_000 }]);
  put('checkpoint', writeNote(note));
  for (const [path, bytes] of data.tiles) put(path, bytes);
  for (const index of INDICES) put(`${index}.tlog-proof`, writeTlogProof({ index, hashes: await tree.inclusionProofAt(index, SIZE), checkpoint: note }));
  const Prefixes = [];
  for (const size of SIZES) Prefixes.push({ Size: size, Root: toBase64(await tree.rootOf(size)), Proof: (await tree.consistencyProofOf(size, SIZE)).map(toBase64) });
  const question = {
    Origin: ORIGIN,
    LogKey: writeVerifierKey(log.key),
    WitnessKey: writeVerifierKey(witness.key),
    LogSecret: secretOf(log, 'log'),
    WitnessSecret: secretOf(witness, 'witness'),
    Letter: LETTER,
    Leaves: leaves,
    Prefixes,
  };
  put('question.json', utf8(JSON.stringify(question)));
  return folder;
};

const asked = (folder: string): { readonly status: number | null; readonly errors: string; readonly answer: Answer } => {
  const { status, stdout, stderr } = spawnSync(program, [folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status, errors: stderr, answer: status === 0 ? (JSON.parse(stdout) as Answer) : ({} as Answer) };
};

describe.skipIf(why !== undefined)('the Go checksum database', () => {
  it('reads our notes, tiles and proofs, makes the same ones, and we read what it signs', async () => {
    const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: SOURCE, encoding: 'utf8' });
    expect(built.stderr).toBe('');
    const { status, errors, answer } = asked(await writeLog('good'));
    expect([status, errors]).toEqual([0, '']);
    expect(answer).toMatchObject({ Size: SIZE, Root: toBase64(data.root), Signers: [ORIGIN, 'witness.example/w1'] });

    for (const index of INDICES) expect(answer.Inclusions[index], `leaf ${index}`).toEqual((await tree.inclusionProofAt(index, SIZE)).map(toBase64));
    for (const size of SIZES) expect(answer.Prefixes[size], `size ${size}`).toEqual((await tree.consistencyProofOf(size, SIZE)).map(toBase64));

    const letter = valueOf(readNote(utf8(answer.Letter)));
    expect(letter.body).toBe(LETTER);
    expect(openNote(letter, [log.key], algorithms.verify).kind).toBe('opened');
    expect(writeNote(letter)).toEqual(utf8(answer.Letter));

    const cosigned = openNote(valueOf(readNote(utf8(answer.Cosigned))), [log.key, witness.key], algorithms.verify);
    expect(cosigned).toMatchObject({ kind: 'opened', verified: [{ key: log.key }, { key: witness.key, time: expect.any(Number) }] });

    const proof = valueOf(readTlogProof(utf8(answer.Proof)));
    const check = verifyTlogProof({ proof, leafHash: data.leafHashes[5]!, keys: [log.key], witnesses: [witness.key], atLeast: 1 }, algorithms);
    expect(check).toMatchObject({ kind: 'held', index: 5, checkpoint: { size: SIZE } });
    expect(proof.extra).toEqual(utf8('extra'));
    expect(writeTlogProof(proof)).toEqual(utf8(answer.Proof));
  });

  it.each<[string, RegExp, RegExp, (bytes: Uint8Array) => Uint8Array]>([
    ['a checkpoint of another size', /^checkpoint$/, /^note: invalid signature/, (bytes) => utf8(new TextDecoder().decode(bytes).replace('\n70000\n', '\n70001\n'))],
    ['a proof with a bit turned', /^5\.tlog-proof$/, /^leaf 5: /, (bytes) => turnedHash(bytes)],
    ['a tile with a bit turned', /^tile\/0\/000$/, /^prove record: /, (bytes) => flipped(bytes, 8 * 32 * 3)],
  ])('refuses %s', async (name, path, message, spoil) => {
    const folder = await writeLog(name.replaceAll(' ', '-'), (file, bytes) => (path.test(file) ? spoil(bytes) : bytes));
    const { status, errors } = asked(folder);
    expect(status).toBe(1);
    expect(errors).toMatch(message);
  });
});

/** A proof of which the first hash has a bit turned, and is still base64. */
const turnedHash = (bytes: Uint8Array): Uint8Array => {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return utf8(lines.map((line, at) => (at === 2 ? toBase64(flipped(fromBase64(line)!, 1)) : line)).join('\n'));
};
