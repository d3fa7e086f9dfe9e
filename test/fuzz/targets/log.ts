import { concatBytes, fromUtf8, toHex, utf8 } from '#base';
import { leafHash, verifyInclusion } from '#digest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import {
  appendToTiles,
  EMPTY_EDGE,
  judgeRequest,
  openNote,
  type ReadTile,
  readCheckpoint,
  readCosignature,
  readEntryBundle,
  readKnownSize,
  readLeaf,
  readNote,
  readTilePath,
  readTlogProof,
  readTreeEdge,
  readVerifierKey,
  readWitnessAnswer,
  readWitnessPolicy,
  readWitnessRequest,
  rootOfEdge,
  tileTree,
  verifyTlogProof,
  writeCheckpoint,
  writeCosignature,
  writeEntryBundle,
  writeKnownSize,
  writeLeaf,
  writeNote,
  writeTilePath,
  writeTlogProof,
  writeVerifierKey,
  writeWitnessAnswer,
  writeWitnessRequest,
} from '#tlog';
import { readSignatureLines } from '../../../src/tlog/note.ts';
import { readHashLines } from '../../../src/tlog/tlog-proof.ts';
import { shownLeaf } from '../../../src/flows/show-log.ts';
import { anyText, demand, demandBytes, demandSame, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';
import { fixedLog, LOG, leafBytes, proofBytes, verifierKeyText, WITNESS } from '../seeds/documents.ts';
import { foreignFiles } from '../seeds/foreign.ts';

const { note: NOTE, noteBytes: NOTE_BYTES, leaves: LEAVES, log: TREE } = fixedLog();
const algorithms = { crypto: nodeCrypto, verify: nodeVerifySignature };

const note: Target = readingTarget('note', 'lines', {
  seeds: () => [NOTE_BYTES, utf8('text\n\nmore\n\n— a AAAAAAA=\n'), utf8('x\n\n— name AAAAAAA=\n— name AAAAAAB=\n')],
  foreign: () => foreignFiles('tessera', 'testdata', /checkpoint/, 4),
  read: readNote,
  holds: (value, bytes) => {
    demandBytes(writeNote(value), bytes, 'the note is another when it is written again');
    demandSame(readSignatureLines(fromUtf8(bytes)!.slice(value.body.length + 1)), { kind: 'accepted', value: value.signatures }, 'the signatures are others when they stand alone');
    const opened = openNote(value, [LOG.key], nodeVerifySignature);
    if (opened.kind === 'opened') demand(value.body === NOTE.body, 'a note is taken for signed that nobody signed');
  },
});

const checkpoint: Target = {
  name: 'checkpoint',
  grammar: 'lines',
  seeds: () => [utf8(NOTE.body), utf8(`${NOTE.body}extension\nmore\n`)],
  run: (bytes) => {
    const text = anyText(bytes);
    const reading = readCheckpoint(text);
    if (reading.kind === 'rejected') return kindOfMessage(reading.problems[0]!.message);
    // Control characters and halves of surrogate pairs cannot stand in a note, from which texts of checkpoints come.
    if (text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text)) demand(writeCheckpoint(reading.value) === text, 'the checkpoint is another when it is written again');
    return `accepted ${Math.min(2, reading.value.extensions.length)}`;
  },
};

const PROOF = proofBytes();

const proof: Target = readingTarget('tlog-proof', 'lines', {
  seeds: () => [PROOF, concatBytes(utf8('c2sp.org/tlog-proof@v1\nindex 0\n\n'), NOTE_BYTES)],
  read: readTlogProof,
  holds: (value, bytes) => {
    demandBytes(writeTlogProof(value), bytes, 'the proof is another when it is written again');
    const check = verifyTlogProof(
      { proof: value, leafHash: leafHash(LEAVES[2]!, nodeCrypto), keys: [LOG.key], witnesses: [WITNESS.key], nowSeconds: 1_800_000_000, skewSeconds: 300 },
      algorithms,
    );
    if (check.kind === 'held')
      demand(check.index === 2 && check.checkpoint.size === 5 && toHex(check.checkpoint.root) === toHex(TREE.root), 'a changed proof proves something else');
  },
});

const hashLines: Target = {
  name: 'hash-lines',
  grammar: 'lines',
  seeds: () => [utf8(fromUtf8(PROOF)!.split('\n').slice(3, 6).join('\n'))],
  run: (bytes) => {
    const reading = readHashLines(anyText(bytes).split('\n'), 63);
    return reading.kind === 'accepted' ? `accepted ${Math.min(reading.value.length, 3)}` : kindOfMessage(reading.problems[0]!.message);
  },
};

const verifierKey: Target = {
  name: 'verifier-key',
  grammar: 'bytes',
  seeds: () => [utf8(verifierKeyText()), utf8(writeVerifierKey(WITNESS.key)), utf8('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8')],
  run: (bytes) => {
    const text = anyText(bytes);
    const reading = readVerifierKey(text, nodeCrypto);
    if (reading.kind === 'rejected') return kindOfMessage(reading.problems[0]!.message);
    demand(writeVerifierKey(reading.value) === text, 'the key is another when it is written again');
    return 'accepted';
  },
};

const entries: Target = readingTarget('entry-bundle', 'bytes', {
  seeds: () => [writeEntryBundle(LEAVES), writeEntryBundle(Array.from({ length: 256 }, () => Uint8Array.of(1)))],
  foreign: () => foreignFiles('tessera', 'testdata', /entries\/.*\d$/, 6),
  read: readEntryBundle,
  holds: (leaves, bytes) => demandBytes(writeEntryBundle(leaves), bytes, 'the bundle is another when it is written again'),
});

const tilePath: Target = {
  name: 'tile-path',
  grammar: 'bytes',
  seeds: () => ['tile/0/000', 'tile/entries/x001/x234/067.p/8', 'tile/63/999', 'tile/8/x001/000', 'tile/0/x000/001'].map(utf8),
  run: (bytes) => {
    const text = anyText(bytes);
    const place = readTilePath(text);
    if (place === undefined) return 'refused';
    demand(writeTilePath(place) === text, 'the path is another when it is written again');
    return `${place.kind} ${place.width === 256}`;
  },
};

const leaf: Target = readingTarget('leaf', 'json', {
  seeds: () => [LEAVES[0]!, leafBytes('é')],
  read: readLeaf,
  holds: (value, bytes) => {
    demandBytes(writeLeaf(value), bytes, 'the leaf is another when it is written again');
    demandSame(shownLeaf(3, bytes), { index: 3, leaf: value }, 'the leaf is shown as another');
  },
});

const REQUEST = () => writeWitnessRequest({ oldSize: 3, proof: [LEAVES[0]!.slice(0, 32), LEAVES[1]!.slice(0, 32)], checkpoint: NOTE });

const request: Target = readingTarget('witness-request', 'lines', {
  seeds: () => [REQUEST(), writeWitnessRequest({ oldSize: 0, proof: [], checkpoint: NOTE })],
  read: readWitnessRequest,
  holds: (value, bytes) => {
    demandBytes(writeWitnessRequest(value), bytes, 'the request is another when it is written again');
    const judged = judgeRequest(undefined, value, [LOG.key], algorithms);
    if (judged.kind === 'cosign') demand(value.checkpoint.body === NOTE.body, 'a witness would sign what the log did not');
  },
});

const answer: Target = readingTarget('witness-answer', 'lines', {
  seeds: () => [writeWitnessAnswer(NOTE.signatures), writeKnownSize(42)],
  read: readWitnessAnswer,
  holds: (value, bytes) => demandBytes(writeWitnessAnswer(value), bytes, 'the answer is another when it is written again'),
});

const knownSize: Target = {
  name: 'known-size',
  grammar: 'bytes',
  seeds: () => [writeKnownSize(0), writeKnownSize(2 ** 53 - 1), utf8('01\n')],
  run: (bytes) => {
    const size = readKnownSize(bytes);
    if (size !== undefined) demandBytes(writeKnownSize(size), bytes, 'the size is another when it is written again');
    return size === undefined ? 'refused' : 'read';
  },
};

const cosignature: Target = readingTarget('cosignature', 'bytes', {
  seeds: () => [writeCosignature({ time: 1_790_000_000, signature: new Uint8Array(64) })],
  read: readCosignature,
  holds: (value, bytes) => demandBytes(writeCosignature(value), bytes, 'the cosignature is another when it is written again'),
});

const POLICY = () => utf8(`# witnesses\nlog ${verifierKeyText()} https://log.example\nwitness w1 ${writeVerifierKey(WITNESS.key)} https://w.example\ngroup g 1 w1\nquorum g\n`);

const policy: Target = readingTarget('witness-policy', 'lines', {
  slowMs: 8000,
  seeds: () => [POLICY(), utf8('quorum none\n')],
  read: (bytes) => readWitnessPolicy(bytes, nodeCrypto),
});

const BIG = Array.from({ length: 300 }, (_, i) => leafHash(Uint8Array.of(i & 255, i >> 8), nodeCrypto));
const GROWN = appendToTiles(EMPTY_EDGE, BIG, nodeCrypto);
const BIG_ROOT = rootOfEdge(GROWN.edge, nodeCrypto);
const tileBytes = (level: number, index: number): Uint8Array => GROWN.tiles.find((tile) => tile.level === level && tile.index === index)?.bytes ?? new Uint8Array(0);

/** The tile at the end of a log may be anything: what is built from it leads to the root of the checkpoint only where it is the right one. */
const tiles: Target = {
  name: 'tiles',
  grammar: 'bytes',
  seeds: () => [tileBytes(0, 1), tileBytes(0, 0), tileBytes(1, 0)],
  run: async (bytes) => {
    const isGood = Buffer.from(tileBytes(0, 1)).equals(Buffer.from(bytes));
    const readTile: ReadTile = async (level, index, width) => (level === 0 && index === 1 ? bytes : tileBytes(level, index)).subarray(0, width * 32);
    const answers: string[] = [];
    for (const [what, work] of [
      ['edge', async () => rootOfEdge(await readTreeEdge(readTile, 300), nodeCrypto)],
      ['root', () => tileTree(readTile, nodeCrypto).rootOf(300)],
      [
        'proof',
        async () => {
          const hashes = await tileTree(readTile, nodeCrypto).inclusionProofAt(290, 300);
          return verifyInclusion({ index: 290, size: 300, leafHash: BIG[290]!, proof: hashes, root: BIG_ROOT }, nodeCrypto) ? BIG_ROOT : new Uint8Array(32);
        },
      ],
    ] as const) {
      try {
        const root = await work();
        const leads = Buffer.from(root).equals(Buffer.from(BIG_ROOT));
        demand(!leads || isGood || Buffer.from(bytes.subarray(0, 44 * 32)).equals(Buffer.from(tileBytes(0, 1))) || what === 'proof', 'another tile leads to the same root');
        answers.push(`${what} ${leads}`);
      } catch (error) {
        // A tile that is cut off is told by the one error that the contract names.
        if ((error as { code?: string }).code !== 'TL1402') throw error;
        answers.push(`${what} ${kindOfMessage((error as Error).message)}`);
      }
    }
    return answers.join(' ');
  },
};

export const LOGS: readonly Target[] = [note, checkpoint, proof, hashLines, verifierKey, entries, tilePath, leaf, request, answer, knownSize, cosignature, policy, tiles];
