import { unlink } from 'node:fs/promises';
import { type DeclaredData, type HashedFile, MOST_INLINE } from '#assembly';
import { withoutUndefined } from '#base';
import { nameInside, nameKey } from '#digest';
import { type FileFacts, type FilePath, filesOfLines, type ListedFile, lookAtFile, type OnProgress, takeTree, type TakenTree } from '#files';
import type { Store } from '#store';
import { findingsOf } from '../take-snapshot/findings-of.ts';
import { isChangedFile, isSameAsThen, rememberedBelow } from './same-as-then.ts';

export type DeclaredTree = Pick<DeclaredData, 'files' | 'tree'> & {
  /** Facts of the files that were asked for, by nameKey of the absolute path. */
  readonly wanted: ReadonlyMap<string, HashedFile>;
  readonly readBytes: number;
};

export type DeclaredTreeRequest = {
  /** Whether the facts of a file are asked for one by one: it was read or written by the run. */
  readonly isWanted: (file: FilePath) => boolean;
  /** Whether its mode is asked for too. */
  readonly isOutput: (file: FilePath) => boolean;
  /** How the record names places. */
  readonly nameOf: (path: string) => string;
  /** Facts taken when the run ended, by nameKey, if hashing was put off. */
  readonly remembered?: ReadonlyMap<string, FileFacts>;
  readonly onProgress?: OnProgress;
};

/**
 * A declared folder as it is now, every file of it read. Its list becomes an object of the store, unless it is short: then its files
 * are told one by one. Throws TL0003 if the store cannot be written.
 */
export const takeDeclaredTree = async (store: Store, root: string, request: DeclaredTreeRequest): Promise<DeclaredTree> => {
  const wanted = new Map<string, HashedFile>();
  const first: HashedFile[] = [];
  const memory = compareWithMemory(root, request.remembered);
  const draft = await store.draftObject();
  const tree = await takeTree(root, {
    listPath: draft,
    onLines: (lines) => {
      for (const listed of filesOfLines(lines)) {
        const place = placeOf(root, listed);
        const changed = memory.isChanged(place, listed);
        const isFirst = first.length <= MOST_INLINE;
        const isWanted = request.isWanted(place);
        if (!isFirst && !isWanted) continue;
        const file = hashedFile(place, listed, { changed, look: isFirst || request.isOutput(place) });
        if (isFirst) first.push(file);
        if (isWanted) wanted.set(nameKey(place), file);
      }
    },
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
  });
  const found = findingsOf(tree.findings, request.nameOf);
  const changed = memory.isChangedSince() || tree.findings.some(({ kind }) => kind === 'changed' || kind === 'vanished');
  const about = {
    complete: found.complete,
    changed,
    ...(found.findings.length === 0 ? {} : { findings: found.findings, findingCount: found.findingCount }),
  };
  if (tree.identity.fileCount <= MOST_INLINE) {
    await unlink(draft);
    return { files: [...first, ...unreadFiles(root, tree)], tree: about, wanted, readBytes: tree.readBytes };
  }
  const list = await keepList(store, draft, tree);
  return { files: [], tree: { ...about, list }, wanted, readBytes: tree.readBytes };
};

const placeOf = (root: string, { entry: { path, raw } }: ListedFile): FilePath => (raw === undefined ? { path: `${root}/${path}` } : nameInside({ path: root }, { path, raw }));

/** `look` asks once more for what a list does not tell: the mode. What is another file by then has changed. */
const hashedFile = (place: FilePath, listed: ListedFile, { changed, look }: { readonly changed: boolean; readonly look: boolean }): HashedFile => {
  const { size, sha256, link } = listed.entry;
  const { mtimeNs, ctimeNs, inode, device } = listed.facts();
  const file: HashedFile = withoutUndefined({
    ...place,
    kind: 'file' as const,
    sizeBytes: size,
    mtimeNs,
    ctimeNs,
    inode,
    device,
    sha256,
    link,
    changed: changed ? true : undefined,
  });
  if (!look) return file;
  const now = lookAtFile(place);
  const isSame = now.kind === 'file' && now.sizeBytes === size && now.mtimeNs === mtimeNs && now.ctimeNs === ctimeNs && now.inode === inode && now.device === device;
  return isSame ? withoutUndefined({ ...file, mode: now.mode }) : { ...file, changed: true };
};

/** Files that a short list lacks, with the reason: they are told beside the others. */
const unreadFiles = (root: string, { findings }: TakenTree): readonly HashedFile[] =>
  findings.flatMap(({ kind, path, raw, reason }) =>
    kind === 'unreadable' || kind === 'changed' || kind === 'secret-file'
      ? [{ ...nameInside({ path: root }, raw === undefined ? { path } : { path, raw }), kind: 'unreadable' as const, reason: reason ?? UNREAD[kind] }]
      : [],
  );

const UNREAD = { unreadable: 'not readable', changed: 'it changed while it was being read', 'secret-file': 'key files are never stored nor hashed' } as const;

const keepList = async (store: Store, draft: string, { identity, list }: TakenTree): Promise<NonNullable<NonNullable<DeclaredData['tree']>['list']>> => {
  if (list.kind === 'written') {
    await store.putObject(list.index);
    if (list.chunks !== undefined) await store.putObject(list.chunks);
  }
  const { listSha256, ...rest } = identity;
  await store.adoptDraft(draft, listSha256);
  return { sha256: listSha256, ...rest };
};

type Memory = {
  /** Whether a file is not the one that was there when the run ended. */
  readonly isChanged: (place: FilePath, now: ListedFile) => boolean;
  /** Whether any was, or one of then is gone or something else. */
  readonly isChangedSince: () => boolean;
};

const compareWithMemory = (root: string, remembered: ReadonlyMap<string, FileFacts> | undefined): Memory => {
  if (remembered === undefined) return { isChanged: () => false, isChangedSince: () => false };
  const left = new Map(rememberedBelow(root, remembered).map((then) => [nameKey(then), then]));
  let anyChanged = false;
  return {
    isChanged: (place, now) => {
      const key = nameKey(place);
      left.delete(key);
      const then = remembered.get(key);
      const changed = then?.kind !== 'file' || !isSameAsThen(then, { ...now.facts(), sizeBytes: now.entry.size });
      anyChanged ||= changed;
      return changed;
    },
    isChangedSince: () => anyChanged || [...left.values()].some((then) => isChangedFile(then, lookAtFile(then))),
  };
};
