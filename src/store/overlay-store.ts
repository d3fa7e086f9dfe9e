import { existsSync } from 'node:fs';
import type { Erasure } from '#snapshot';
import { findRun } from './find-run.ts';
import type { RunRecord } from './run-record.ts';
import type { SnapshotListing } from './snapshots.ts';
import type { Store } from './store.ts';

/** Two stores as one: what is written goes to the front, what is asked for is looked for in both, in the front first. */
export const overlayStore = (front: Store, back: Store): Store => {
  const holderOf = async (sha256: string): Promise<Store> => ((await front.hasObject(sha256)) ? front : back);
  const runs = async (): Promise<readonly RunRecord[]> => inOrder([...(await back.runs()), ...(await front.runs())], ({ startedAt }) => startedAt);
  const ownerOf = ({ folder }: RunRecord): Store => (folder.path.startsWith(`${back.root}/`) ? back : front);
  return {
    ...front,
    roots: [...front.roots, ...back.roots],
    rootPath: (id) => (existsSync(back.rootPath(id)) ? back : front).rootPath(id),
    runs,
    find: async (reference, workingDirectory = process.cwd()) => findRun(await runs(), reference, workingDirectory),
    hasObject: async (sha256) => (await holderOf(sha256)).hasObject(sha256),
    objectSize: async (sha256) => (await holderOf(sha256)).objectSize(sha256),
    plainPath: async (sha256) => (await holderOf(sha256)).plainPath(sha256),
    readObject: async (sha256, maxBytes) => (await holderOf(sha256)).readObject(sha256, maxBytes),
    readObjectRange: async (sha256, range) => (await holderOf(sha256)).readObjectRange(sha256, range),
    copyObject: async (object, path) => (await holderOf(object.sha256)).copyObject(object, path),
    hashObjects: async (digests) => Promise.all(digests.map(async (sha256) => (await (await holderOf(sha256)).hashObjects([sha256]))[0]!)),
    snapshots: async () => merged(await back.snapshots(), await front.snapshots()),
    erasures: async () => erasures(await back.erasures(), await front.erasures()),
    erasuresOf: async (sha256) => erasures(await back.erasuresOf(sha256), await front.erasuresOf(sha256)),
    mark: (run, change) => ownerOf(run).mark(run, change),
    keep: (run) => ownerOf(run).keep(run),
  };
};

const merged = (back: SnapshotListing, front: SnapshotListing): SnapshotListing => ({
  snapshots: inOrder(
    onceBy([...back.snapshots, ...front.snapshots], ({ sha256 }) => sha256),
    ({ snapshot }) => snapshot.takenAt,
  ),
  damaged: [...back.damaged, ...front.damaged],
});

const erasures = (back: readonly Erasure[], front: readonly Erasure[]): readonly Erasure[] =>
  inOrder(
    onceBy([...back, ...front], (erasure) => JSON.stringify(erasure)),
    ({ erasedAt }) => erasedAt,
  );

/** The same document may lie in both. */
const onceBy = <T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] => [...new Map(items.map((item) => [keyOf(item), item])).values()];

/** By time; what has the same stays in the order in which it came. */
const inOrder = <T>(items: readonly T[], timeOf: (item: T) => string): readonly T[] => items.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0));
