import { lstatSync, statSync } from 'node:fs';
import { bytesOfName, type FileName, nameKey, portabilityInFolder } from '#digest';
import type { FilePath } from '../file-facts.ts';
import { systemPath } from '../look-at-file.ts';
import { type CacheBlock, cachedBlock, foldersIn, namesOf } from './cache-block.ts';
import { chunkEntries } from './chunk-entries.ts';
import { hashBig } from './hash-big.ts';
import { type HashedEntry, hashEntry } from './hash-entry.ts';
import { type DoneFile, makeLinesBuilder } from './lines-builder.ts';
import { listEntries, pathBelow, pathIn } from './list-entries.ts';
import { watchClock } from './local-clock.ts';
import {
  type CachedBlock,
  DIGEST_BYTES,
  FACTS_PER_FILE,
  type FolderEntry,
  type FolderPart,
  type TreeAnswer,
  type TreeFinding,
  type TreeRules,
  type TreeTask,
} from './tree-task.ts';

/** Longest path of a list. Unit: byte. */
const MAX_PATH_BYTES = 4096;

/** Device and number of a folder itself; a text that no folder has if it is none. */
const identityOf = (path: FilePath): string => {
  try {
    const stats = lstatSync(systemPath(path), { bigint: true });
    return stats.isDirectory() ? `${stats.dev}:${stats.ino}` : 'no folder';
  } catch {
    return 'no folder';
  }
};

type FolderTask = Extract<TreeTask, { kind: 'folder' }>;

const replaced = (task: FolderTask): TreeAnswer => ({
  kind: 'parts',
  parts: [],
  findings: [{ ...(task.below ?? { path: '.' }), kind: 'changed', reason: 'something else took the place of the folder while it was being read' }],
});

const takeFolder = (task: FolderTask, buffer: Uint8Array): TreeAnswer => {
  const { entries, findings, notes: seen, linked } = listEntries(task.path, task.below, task.rules);
  const chunks = chunkEntries(entries);
  const notes = [...seen, ...notesOf(entries, task.below)];
  if (chunks.length > 1)
    return { kind: 'parts', parts: chunks.map((chunk) => ({ kind: 'chunk' as const, entries: chunk, linked: linkedIn(chunk, linked) })), findings: [...findings, ...notes] };
  return hashEntries({ ...task, entries, linked }, { findings, notes }, buffer);
};

/** Does a task to its end. `tell` hears of bytes read in large files. Never throws for what is wrong with the tree. */
export const doTreeTask = async (task: TreeTask, buffer: Uint8Array, tell: (bytes: number) => void): Promise<TreeAnswer> => {
  switch (task.kind) {
    case 'folder': {
      const before = task.viaLink || task.below === undefined ? undefined : identityOf(task.path);
      const answer = takeFolder(task, buffer);
      // A link that took the place of the folder meanwhile may lead anywhere: nothing that was read through it counts.
      return before !== undefined && before !== identityOf(task.path) ? replaced(task) : answer;
    }
    case 'chunk':
      return hashEntries(task, { findings: [], notes: [] }, buffer);
    case 'big':
      return hashBig(task, buffer, tell);
  }
};

const notesOf = (entries: readonly FolderEntry[], below: FileName | undefined): readonly TreeFinding[] =>
  portabilityInFolder(entries.map(({ name }) => name)).map(({ kind, path, raw, other }) => ({
    ...pathBelow(below, raw === undefined ? { path } : { path, raw }),
    kind,
    ...(other === undefined ? {} : { other: below === undefined ? other : `${below.path}/${other}` }),
  }));

const linkedIn = (entries: readonly FolderEntry[], linked: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  linked.size === 0 ? linked : new Map(entries.flatMap(({ name }) => (linked.has(nameKey(name)) ? [[nameKey(name), linked.get(nameKey(name))!] as const] : [])));

type Piece = {
  readonly path: FilePath;
  readonly below: FileName | undefined;
  readonly entries: readonly FolderEntry[];
  readonly linked: ReadonlyMap<string, string>;
  readonly cached?: CachedBlock;
  readonly rules: TreeRules;
};

type Found = { readonly findings: readonly TreeFinding[]; readonly notes: readonly TreeFinding[] };

const hashEntries = (piece: Piece, found: Found, buffer: Uint8Array): TreeAnswer => {
  const names = namesOf(piece.entries);
  const block = piece.cached === undefined ? undefined : cachedBlock(piece.cached);
  const known = block === undefined ? undefined : trustedFiles(piece, block, block.names === names);
  const isSame =
    block?.names === names &&
    found.findings.length === 0 &&
    piece.linked.size === 0 &&
    known!.every((file, index) => file !== undefined || piece.entries[index]!.kind === 'folder');
  if (block !== undefined && isSame) {
    return { kind: 'same', count: block.count, totalBytes: sizesOf(block), folders: foldersIn(names), cached: piece.cached!, inode: block.inode, notes: found.notes };
  }
  const findings = [...found.findings, ...found.notes];
  const remembered = (index: number): Known | undefined => fromCache(block, known?.[index]);
  const stepped = watchClock();
  let parts = partsOf(piece, findings, { remembered, buffer, device: piece.rules.device });
  if (stepped()) {
    findings.splice(found.findings.length + found.notes.length);
    parts = partsOf(piece, findings, { remembered, buffer, device: undefined });
  }
  return { kind: 'parts', parts, findings, names };
};

const sizesOf = (block: CacheBlock): number => {
  let sum = 0;
  for (let i = 0; i < block.count; i += 1) sum += Number(block.facts[i * FACTS_PER_FILE]);
  return sum;
};

/** A file of the block that is as it was. */
type Trusted = { readonly at: number; readonly executable: boolean };

type Known = { readonly sha256: string; readonly facts: BigInt64Array; readonly executable: boolean; readonly chunks: readonly string[] | undefined };

/** For each file the place in the block if its facts are the same and old enough to be believed, else undefined. By position of the entry. */
const trustedFiles = (piece: Piece, block: CacheBlock, sameNames: boolean): readonly (Trusted | undefined)[] => {
  const positions = new Map<string, number>();
  let file = 0;
  if (!sameNames) for (const name of block.names.split('\0')) if (!name.startsWith('d')) positions.set(name, file++);
  file = 0;
  return piece.entries.map((entry) => {
    if (entry.kind === 'folder') return undefined;
    const at = sameNames ? file++ : positions.get(namesOf([entry]));
    return at === undefined ? undefined : asKnown(piece, entry, block, at);
  });
};

const BIGINT = { bigint: true, throwIfNoEntry: false } as const;

const asKnown = (piece: Piece, entry: FolderEntry, block: CacheBlock, at: number): Trusted | undefined => {
  const { facts } = block;
  const from = at * FACTS_PER_FILE;
  const path = systemPath(pathIn(piece.path, entry.name));
  try {
    const stats = entry.link === undefined ? lstatSync(path, BIGINT) : statSync(path, BIGINT);
    const same =
      stats !== undefined &&
      stats.isFile() &&
      stats.size === facts[from] &&
      stats.mtimeNs === facts[from + 1] &&
      stats.ctimeNs === facts[from + 2] &&
      BigInt.asIntN(64, stats.ino) === facts[from + 3] &&
      BigInt.asIntN(64, stats.dev) === facts[from + 4] &&
      stats.mtimeNs < block.trustedBeforeNs &&
      stats.ctimeNs < block.trustedBeforeNs;
    return same ? { at, executable: (stats.mode & 0o111n) !== 0n } : undefined;
  } catch {
    return undefined;
  }
};

const fromCache = (block: CacheBlock | undefined, trusted: Trusted | undefined): Known | undefined => {
  if (block === undefined || trusted === undefined) return undefined;
  const digest = block.digests.subarray(trusted.at * DIGEST_BYTES, (trusted.at + 1) * DIGEST_BYTES);
  return {
    sha256: Buffer.from(digest.buffer, digest.byteOffset, DIGEST_BYTES).toString('hex'),
    facts: block.facts.subarray(trusted.at * FACTS_PER_FILE, (trusted.at + 1) * FACTS_PER_FILE),
    executable: trusted.executable,
    chunks: block.chunks.get(trusted.at),
  };
};

type Means = { readonly remembered: (index: number) => Known | undefined; readonly buffer: Uint8Array; readonly device: bigint | undefined };

const partsOf = (piece: Piece, findings: TreeFinding[], means: Means): readonly FolderPart[] => {
  const parts: FolderPart[] = [];
  const builder = makeLinesBuilder(piece.entries.length);
  const flush = (): void => {
    const lines = builder.take();
    if (lines !== undefined) parts.push(lines);
  };
  for (let index = 0; index < piece.entries.length; index += 1) {
    const entry = piece.entries[index]!;
    const name = pathBelow(piece.below, entry.name);
    if (name.path.length > MAX_PATH_BYTES / 4 && bytesOfName(name).length > MAX_PATH_BYTES) {
      findings.push({ ...name, kind: 'limit', reason: `the path is longer than ${MAX_PATH_BYTES} bytes` });
    } else if (entry.kind === 'folder') {
      flush();
      const real = piece.linked.get(nameKey(entry.name));
      parts.push({ kind: 'folder', name: entry.name, ...(real === undefined ? {} : { real }) });
    } else {
      const known = means.remembered(index);
      const done = doneFile(piece, { entry, name, known }, means);
      if (!('kind' in done) && known?.chunks !== undefined) {
        flush();
        builder.add(done);
        parts.push({ ...builder.take()!, chunks: known.chunks });
      } else if (!('kind' in done)) builder.add(done);
      else if (done.kind === 'big') {
        flush();
        parts.push({ kind: 'big', name: entry.name, ...linkOf(entry), sizeBytes: done.sizeBytes });
      } else findings.push({ ...name, kind: done.kind, ...(done.kind === 'unreadable' ? { reason: done.reason } : {}) });
    }
  }
  flush();
  return parts;
};

type Wanted = { readonly entry: FolderEntry; readonly name: FileName; readonly known: Known | undefined };

const doneFile = (piece: Piece, { entry, name, known }: Wanted, means: Means): DoneFile | Exclude<HashedEntry, { kind: 'hashed' }> => {
  const link = entry.link;
  if (known !== undefined) return { name, sha256: known.sha256, size: Number(known.facts[0]), executable: known.executable, link, facts: known.facts, readBytes: 0 };
  const hashed = hashEntry(systemPath(pathIn(piece.path, entry.name)), link !== undefined, means);
  if (hashed.kind !== 'hashed') return hashed;
  const { stats } = hashed;
  const size = Number(stats.size);
  const facts = [stats.size, stats.mtimeNs, stats.ctimeNs, BigInt.asIntN(64, stats.ino), BigInt.asIntN(64, stats.dev)];
  return { name, sha256: hashed.sha256, size, executable: (stats.mode & 0o111n) !== 0n, link, facts, readBytes: size };
};

const linkOf = (entry: FolderEntry): { readonly link?: string } => (entry.link === undefined ? {} : { link: entry.link });
