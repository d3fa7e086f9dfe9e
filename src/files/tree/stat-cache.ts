import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { temporaryName } from '../write-atomic.ts';
import { blockAt, type CacheBlock, cachedBlock, encodeBlock, inodeOf } from './cache-block.ts';
import type { TreeIdentity } from './list-emitter.ts';
import type { CachedBlock, LinesPart } from './tree-task.ts';

export type StatCache = {
  /** By key. */
  readonly blocks: ReadonlyMap<string, CachedBlock>;
  /** Identity of the tree that the blocks of the finished cache make, and their number; undefined if there is none. */
  readonly result: { readonly identity: TreeIdentity; readonly blocks: number } | undefined;
  /** Of the finished cache, which is held open: only blocks from it are those that the result speaks of. */
  readonly inode: string | undefined;
  readonly close: () => void;
};

/** Key of the block that holds the result; keys of folders contain a zero. */
const RESULT = 'result';

/** What a file of a cache begins with: the rules it was made under. Another set of rules is another cache. */
const headOf = (rules: string): Buffer => Buffer.from(`trainlock stat cache 2\n${Buffer.byteLength(rules)}\n${rules}\n`);

/** Unfinished caches, of a process that works on one or was killed, stand beside it under this name. */
const PARTIAL = '.partial';

/**
 * Opens the cache of a tree, and what an interrupted snapshot of it left: its finished folders need not be hashed again. Torn ends
 * and files that are something else are passed over: a cache is never an error.
 */
export const openStatCache = (path: string, rules: string): StatCache => {
  const blocks = new Map<string, CachedBlock>();
  const descriptor = openFile(path);
  addBlocks(path, rules, blocks);
  const result = blocks.get(RESULT);
  blocks.delete(RESULT);
  for (const file of partialsOf(path)) addBlocks(file, rules, blocks);
  return {
    blocks,
    result: result === undefined ? undefined : resultOf(cachedBlock(result)?.names),
    inode: descriptor === undefined ? undefined : inodeOf(descriptor),
    close: () => (descriptor === undefined ? undefined : closeSync(descriptor)),
  };
};

const openFile = (path: string): number | undefined => {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
};

const resultOf = (text: string | undefined): StatCache['result'] => {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as StatCache['result']);
  } catch {
    return undefined;
  }
};

const partialsOf = (path: string): readonly string[] => {
  try {
    const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}${PARTIAL}`));
    return names.map((name) => join(dirname(path), name)).sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
  } catch {
    return [];
  }
};

const addBlocks = (file: string, rules: string, blocks: Map<string, CachedBlock>): void => {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const head = headOf(rules);
      const found = Buffer.alloc(head.length);
      if (readSync(descriptor, found, 0, head.length, 0) < head.length || !found.equals(head)) return;
      for (let offset = head.length, { size } = fstatSync(descriptor); offset < size;) {
        const block = blockAt(descriptor, offset);
        if (block === undefined || offset + block.length > size) return;
        blocks.set(block.key, { file, key: block.key, offset, length: block.length });
        offset += block.length;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return;
  }
};

/** Writes the next cache block by block; a kill leaves a partial one, whose whole blocks the next snapshot uses. */
export type StatCacheWriter = {
  readonly add: (block: Pick<CacheBlock, 'key' | 'names' | 'trustedBeforeNs'>, parts: readonly LinesPart[]) => void;
  /** Takes a block over as it is. */
  readonly carry: (bytes: Uint8Array) => void;
  /** States what the blocks make together. */
  readonly result: (identity: TreeIdentity) => void;
  /** Puts the new cache in the place of the old one. */
  readonly finish: () => void;
  /** Leaves what was written for the next snapshot. */
  readonly leave: () => void;
  readonly discard: () => void;
};

/** Undefined if the folder cannot be written: then nothing is remembered, and the next snapshot reads everything. */
export const writeStatCache = (path: string, rules: string): StatCacheWriter | undefined => {
  const partial = `${path}${PARTIAL}-${process.pid}-${temporaryName().slice(11, 19)}`;
  let descriptor: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    descriptor = openSync(partial, 'wx', 0o600);
  } catch {
    return undefined;
  }
  let broken = false;
  let blocks = 0;
  const write = (bytes: Uint8Array): void => {
    if (broken) return;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    } catch {
      // A full disk: what is behind a torn block cannot be found any more.
      broken = true;
    }
  };
  const close = (then: () => void): void => {
    closeSync(descriptor);
    try {
      then();
    } catch {
      // Another process took the file away, or the folder: the cache is the poorer for it, nothing else.
    }
  };
  write(headOf(rules));
  return {
    add: (block, parts) => {
      blocks += 1;
      write(encodeBlock(block, parts));
    },
    carry: (bytes) => {
      blocks += 1;
      write(bytes);
    },
    result: (identity) => write(encodeBlock({ key: RESULT, names: JSON.stringify({ identity, blocks }), trustedBeforeNs: 0n }, [])),
    finish: () => close(() => (broken ? unlinkSync(partial) : replace(partial, path))),
    leave: () => close(() => undefined),
    discard: () => close(() => unlinkSync(partial)),
  };
};

const replace = (partial: string, path: string): void => {
  renameSync(partial, path);
  for (const left of partialsOf(path)) if (!isOwnedByLiving(left)) unlinkSync(left);
};

const isOwnedByLiving = (partial: string): boolean => {
  const pid = Number(partial.slice(partial.lastIndexOf(PARTIAL) + PARTIAL.length + 1).split('-')[0]);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
