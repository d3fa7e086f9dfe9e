import { utf8 } from '#base';
import {
  consistencyProof,
  differingLines,
  entryInLine,
  fileListOf,
  folderIndexOf,
  inclusionProof,
  indexOfList,
  leafHash,
  lineOfEntry,
  readFileList,
  readFolderIndex,
  verifyConsistency,
  verifyInclusion,
} from '#digest';
import { nodeCrypto } from '#files';
import { problemOfEntry } from '../../../src/digest/file-entry.ts';
import { demand, demandBytes, demandSame, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';
import { makeDice } from '../engine/dice.ts';
import { digestOf } from '../../fixtures/training-manifest.ts';

const LIST = () =>
  fileListOf([
    { path: 'a.csv', sha256: digestOf('a'), size: 1 },
    { path: 'b/c d.csv', sha256: digestOf('c'), size: 20, mode: '755' },
    { path: 'b/é.csv', sha256: digestOf('d'), size: 0 },
    { path: 'link', sha256: digestOf('e'), size: 3, link: 'a.csv' },
  ]);

const fileList: Target = readingTarget('file-list', 'lines', {
  seeds: () => [LIST(), utf8(''), utf8('\n')],
  read: readFileList,
  holds: (entries, bytes) => {
    demandBytes(fileListOf(entries), bytes, 'the list is another when it is written again');
    demand(
      entries.every((entry) => problemOfEntry(entry) === undefined),
      'an entry that no list may hold is accepted',
    );
    const first = entries[0];
    if (first !== undefined) demandSame(entryInLine(utf8(lineOfEntry(first))), first, 'one line is read in another way');
    demandSame(differingLines([bytes], [bytes.slice(0, bytes.indexOf(10) + 1), bytes.slice(bytes.indexOf(10) + 1)]), { kind: 'read', before: [], after: [] }, 'equal lists differ');
  },
});

/** Lists that differ: what each side lacks is told, whatever the bytes are. */
const lines: Target = {
  name: 'differing-lines',
  grammar: 'lines',
  seeds: () => [LIST(), LIST().slice(40)],
  run: (bytes) => {
    const good = LIST();
    const found = differingLines([good], [bytes]);
    const back = differingLines([bytes], [good]);
    if (found.kind === 'damaged' || back.kind === 'damaged') return found.kind === 'damaged' ? `${found.side} ${kindOfMessage(found.reason)}` : 'read one way only';
    demandSame([found.before, found.after], [back.after, back.before], 'the sides differ in another way when they are exchanged');
    return `read ${Math.min(found.before.length, 2)} ${Math.min(found.after.length, 2)}`;
  },
};

const LIST_BYTES = 4096;

const folderIndex: Target = readingTarget('folder-index', 'lines', {
  seeds: () => [folderIndexOf(indexOfList(LIST(), nodeCrypto)), utf8('')],
  read: (bytes) => readFolderIndex(bytes, LIST_BYTES),
  holds: (folders, bytes) => {
    demandBytes(folderIndexOf(folders), bytes, 'the index is another when it is written again');
    demand(
      folders.every(({ start, end }) => start <= end && end <= LIST_BYTES),
      'a folder lies outside the list',
    );
  },
});

const DATA = Array.from({ length: 13 }, (_, i) => Uint8Array.of(i));
const LEAVES = DATA.map((leaf) => leafHash(leaf, nodeCrypto));

/** Numbers that a proof may claim, from bytes. */
const NUMBERS = [0, 1, 2, 7, 12, 13, 14, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -1, 0.5, NaN, Infinity, 0n, 13n, 2n ** 63n, 2n ** 70n];

/** A proof that is wrong at one place is no proof. Sizes and indexes alone are not bound by a root: those of the checkpoint count. */
const merkle: Target = {
  name: 'merkle-proofs',
  grammar: 'bytes',
  seeds: () => [Uint8Array.of(1, 2, 3, 4), new Uint8Array(64), Uint8Array.from({ length: 96 }, (_, i) => i)],
  run: (bytes) => {
    const dice = makeDice(bytes.reduce((sum, byte) => Math.imul(sum, 31) + byte, 7));
    const [index, size] = [dice.below(13), 13];
    const root = rootOf(13);
    const proof = inclusionProof(DATA, index, nodeCrypto);
    const claim = { index, size, leafHash: LEAVES[index]!, proof, root };
    demand(verifyInclusion(claim, nodeCrypto), 'a good proof is refused');
    const hashes = Array.from({ length: dice.below(70) }, (_, i) => bytes.subarray(i, i + dice.pick([0, 31, 32, 32, 32, 33])));
    demand(
      !verifyInclusion({ ...claim, proof: hashes, index: dice.pick(NUMBERS), size: dice.pick(NUMBERS), leafHash: bytes.subarray(0, 32) }, nodeCrypto),
      'any hashes prove something',
    );
    demand(!verifyInclusion({ ...claim, leafHash: bytes.subarray(0, 32) }, nodeCrypto), 'any leaf is in the tree');
    const small = 1 + dice.below(12);
    const consistency = { size1: small, size2: 13, root1: rootOf(small), root2: root, proof: consistencyProof(DATA, small, nodeCrypto) };
    demand(verifyConsistency(consistency, nodeCrypto), 'a good proof of consistency is refused');
    demand(!verifyConsistency({ ...consistency, root1: bytes.subarray(0, 32) }, nodeCrypto), 'any root is a beginning of the tree');
    demand(
      !verifyConsistency({ ...consistency, proof: hashes, size1: dice.pick(NUMBERS), size2: dice.pick(NUMBERS), root1: bytes.subarray(0, 32) }, nodeCrypto),
      'any hashes prove a beginning',
    );
    return 'refused';
  },
};

/** Root of the first leaves, by the definition and not by the code under test. Source: RFC 9162 §2.1.1. */
const rootOf = (size: number): Uint8Array => {
  const climb = (part: readonly Uint8Array[]): Uint8Array => {
    if (part.length === 1) return part[0]!;
    const split = 2 ** Math.floor(Math.log2(part.length - 1));
    return nodeCrypto.sha256(Buffer.concat([Uint8Array.of(1), climb(part.slice(0, split)), climb(part.slice(split))]));
  };
  return climb(LEAVES.slice(0, size));
};

export const DIGESTS: readonly Target[] = [fileList, lines, folderIndex, merkle];
