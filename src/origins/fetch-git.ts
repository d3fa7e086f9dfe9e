import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { escapeControl } from '#base';
import type { Origin } from '#snapshot';
import { type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { type GitBlob, GitBlobs } from './git-blobs.ts';
import { type GitHolder, holderOf } from './git-objects.ts';
import { LARGEST_LISTING } from './limits.ts';
import { type LfsPointer, LONGEST_POINTER, readLfsPointer } from './lfs-pointer.ts';
import { runGit } from './run-git.ts';
import { isSafePath, lastPartOf, relativeTo } from './safe-path.ts';
import { makeFoldersFor, makeInnerLink, writeStream } from './write-tree.ts';

type Entry = { readonly mode: string; readonly oid: string; readonly path: string };

/** A file of Git LFS that is wanted, where a pointer stands in the tree. */
export type WantedLfs = LfsPointer & { readonly path: string; readonly mode: number };

/** What was written, and what another way must bring. */
export type WrittenTree = {
  readonly root: string;
  fileCount: number;
  totalBytes: number;
  checkedCount: number;
  readonly left: { path: string; reason: string }[];
  readonly lfs: WantedLfs[];
};

/** Brings the recorded files of a commit: each is checked against its object id. */
export const fetchGit = async (origin: Origin, target: string, options: FetchOriginOptions & { readonly scratch: string }): Promise<OriginFetch> => {
  const holder = await holderOf(origin, options.scratch, options);
  if (holder.kind !== 'found') return holder;
  const written = await writeTree(holder, target, { withLfs: false, ...(options.signal === undefined ? {} : { signal: options.signal }) });
  if (written === undefined) return notFetched('gone', `the commit has nothing at ${escapeControl(holder.path)}`);
  const { root, fileCount, totalBytes, checkedCount, left } = written;
  return { kind: 'fetched', path: root, fileCount, totalBytes, revision: 'same', checkedCount, left };
};

/** Writes the files below the recorded path; undefined if there are none. With `withLfs`, files of LFS are told instead of their pointers written. */
export const writeTree = async (
  { folder, commit, path }: GitHolder,
  target: string,
  { withLfs, signal }: { withLfs: boolean; signal?: AbortSignal },
): Promise<WrittenTree | undefined> => {
  const answer = await runGit(folder, ['ls-tree', '-r', '-z', '--full-tree', commit, ...(path === '.' ? [] : ['--', path])], { maxBytes: LARGEST_LISTING, signal });
  const entries = answer.kind === 'ended' && answer.code === 0 ? entriesOf(answer.stdout) : [];
  if (entries.length === 0) return undefined;
  const isFile = entries.length === 1 && entries[0]!.path === path;
  const base = join(target, path === '.' ? 'data' : lastPartOf(path));
  const written: WrittenTree = { root: base, fileCount: 0, totalBytes: 0, checkedCount: 0, left: [], lfs: [] };
  if (!isFile) await mkdir(base, { recursive: true });
  const blobs = new GitBlobs(folder, { signal });
  try {
    // Links last: until then nothing in the target leads anywhere else.
    for (const entry of entries.toSorted((a, b) => Number(a.mode === '120000') - Number(b.mode === '120000'))) {
      signal?.throwIfAborted();
      const place = isFile ? { root: target, path: lastPartOf(path) } : { root: base, path: relativeTo(path, entry.path) ?? '' };
      await writeEntry({ entry, place, blobs, written, withLfs });
    }
  } finally {
    blobs.end();
  }
  return written;
};

/** Names that are no UTF-8 keep a mark, by which they are refused later. */
const entriesOf = (listing: Buffer): readonly Entry[] =>
  listing
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^([0-7]{6}) (blob|commit) ([0-9a-f]+)\t(.+)$/s.exec(line);
      return match === null ? [] : [{ mode: match[1]!, oid: match[3]!, path: match[4]! }];
    });

type Writing = {
  readonly entry: Entry;
  readonly place: { readonly root: string; readonly path: string };
  readonly blobs: GitBlobs;
  readonly written: WrittenTree;
  readonly withLfs: boolean;
};

const writeEntry = async ({ entry, place, blobs, written, withLfs }: Writing): Promise<void> => {
  const leave = (reason: string): void => void written.left.push({ path: entry.path, reason });
  if (entry.mode === '160000') return leave('it is a submodule');
  if (!isSafePath(place.path) || place.path.includes('\ufffd')) return leave('its name is not safe to write');
  if (!(await makeFoldersFor(place.root, place.path))) return leave('something else stands in its place');
  const blob = await blobs.blob(entry.oid);
  if (blob === undefined) return leave('the repository does not have it');
  if (entry.mode === '120000') {
    if (!(await makeInnerLink(place.root, place.path, (await wholeOf(blob)).toString('utf8')))) return leave('it is a link that leaves the data');
    written.fileCount += 1;
    return undefined;
  }
  const mode = entry.mode === '100755' ? 0o755 : 0o644;
  const small = withLfs && blob.sizeBytes <= LONGEST_POINTER ? await wholeOf(blob) : undefined;
  const pointer = small === undefined ? undefined : readLfsPointer(small);
  if (pointer !== undefined) return void written.lfs.push({ ...pointer, path: place.path, mode });
  const hash = createHash(entry.oid.length === 64 ? 'sha256' : 'sha1').update(`blob ${blob.sizeBytes}\0`);
  let isRight: boolean | undefined;
  const accept = (): boolean => (isRight ??= hash.digest('hex') === entry.oid);
  const body = small === undefined ? blob.body : once(small);
  if (!(await writeStream(join(place.root, place.path), body, { mode, onPiece: (piece) => hash.update(piece), accept }))) return leave('its content is not that of its object id');
  written.fileCount += 1;
  written.checkedCount += 1;
  written.totalBytes += blob.sizeBytes;
  return undefined;
};

const wholeOf = async (blob: GitBlob): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of blob.body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
