import { hash } from 'node:crypto';
import type { CacheBlock } from './cache-block.ts';
import { foldersIn, folderPlaces } from './cache-block.ts';
import { DIGEST_BYTES, FACTS_PER_FILE, type FolderPart, type LinesPart } from './tree-task.ts';

/** What a folder that is as it was consists of, from the cache: as if it had been hashed. */
export const restoreParts = (block: CacheBlock): readonly FolderPart[] => {
  const parts: FolderPart[] = [];
  const folders = foldersIn(block.names);
  let at = 0;
  const upTo = (end: number): void => {
    while (at < end) {
      const chunks = block.chunks.get(at);
      const next = chunks === undefined ? firstChunked(block, at, end) : at + 1;
      const part = linesOf(block, at, next);
      parts.push(chunks === undefined ? part : { ...part, chunks });
      at = next;
    }
  };
  for (const [index, place] of folderPlaces(block.names).entries()) {
    upTo(place);
    parts.push({ kind: 'folder', name: folders[index]! });
  }
  upTo(block.count);
  return parts;
};

/** The first file from a position on whose pieces have digests: it is a part of its own. */
const firstChunked = (block: CacheBlock, from: number, to: number): number => Math.min(to, ...[...block.chunks.keys()].filter((at) => at > from));

const sum = (lengths: Uint32Array): number => lengths.reduce((total, length) => total + length, 0);

const linesOf = (block: CacheBlock, from: number, to: number): LinesPart => {
  const lengths = block.lengths.slice(from, to);
  const start = sum(block.lengths.subarray(0, from));
  const lines = block.lines.subarray(start, start + sum(lengths));
  const facts = block.facts.slice(from * FACTS_PER_FILE, to * FACTS_PER_FILE);
  const digests = block.digests.slice(from * DIGEST_BYTES, to * DIGEST_BYTES);
  return { kind: 'lines', count: to - from, lines, lengths, facts, digests, ...namedHashes(lines, lengths), totalBytes: sizes(facts), readBytes: 0 };
};

const sizes = (facts: BigInt64Array): number => {
  let total = 0;
  for (let i = 0; i < facts.length; i += FACTS_PER_FILE) total += Number(facts[i]);
  return total;
};

const LEAF = Buffer.of(0);

const namedHashes = (lines: Uint8Array, lengths: Uint32Array): Pick<LinesPart, 'leaves' | 'h1' | 'h1Possible'> => {
  const leaves = Buffer.alloc(lengths.length * DIGEST_BYTES);
  const h1: Buffer[] = [];
  let h1Possible = true;
  let start = 0;
  for (const [index, length] of lengths.entries()) {
    const line = Buffer.from(lines.buffer, lines.byteOffset + start, length - 1);
    leaves.write(hash('sha256', Buffer.concat([LEAF, line]), 'latin1' as 'hex'), index * DIGEST_BYTES, 'latin1');
    const { path, raw, sha256 } = JSON.parse(line.toString()) as { readonly path: string; readonly raw?: string; readonly sha256: string };
    const name = raw === undefined ? Buffer.from(path) : Buffer.from(raw, 'base64');
    if (name.includes(0x0a)) h1Possible = false;
    h1.push(Buffer.from(`${sha256}  `), name, Buffer.from('\n'));
    start += length;
  }
  return { leaves, h1: h1Possible ? Buffer.concat(h1) : new Uint8Array(0), h1Possible };
};
