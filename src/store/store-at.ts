import { dirname, join } from 'node:path';
import { toHex, TrainlockError, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { findGarbage, removeGarbage } from './collect-garbage.ts';
import { createRun, writeStarted } from './create-run.ts';
import { erasuresOf, listErasures, putErasure } from './erasures.ts';
import { findRun } from './find-run.ts';
import { finishRun, writeEvidence } from './finish-run.ts';
import { keepRun } from './keep-run.ts';
import { addMark } from './marks.ts';
import { putObjectFile } from './keep-file.ts';
import { placeForObject, syncFolders } from './object-files.ts';
import { hashObjects } from './prove-object.ts';
import { adoptDraft, draftObject, putObject } from './put-object.ts';
import { copyObject, hasObject, objectSize, plainPath, readObject, readObjectRange, removeObject } from './read-object.ts';
import { type RunRecord, shortId } from './run-record.ts';
import { scanRuns } from './scan-runs.ts';
import { listSnapshots, putSnapshot } from './snapshots.ts';
import type { Store } from './store.ts';
import { makeStore, type StoreFinding } from './store-folder.ts';
import { cacheFolder, rootsFolder, runsFolder } from './store-layout.ts';
import { toldOfAbove } from './store-above.ts';

const MAX_OBJECT = 256 * 1024 * 1024;

/** The store in one folder. */
export const storeAt = (root: string, findings: readonly StoreFinding[]): Store => {
  const runs = (): Promise<readonly RunRecord[]> => scanRuns(root);
  return {
    root,
    roots: [root],
    findings,
    createRun: (run) => createRun(root, run),
    writeStarted,
    writeEvidence,
    finishRun,
    rootPath: (id) => join(rootsFolder(root), id),
    runs,
    find: async (reference, workingDirectory = process.cwd()) => {
      const all = await runs();
      return findRun(all, reference, workingDirectory).catch(async (error: unknown) => {
        throw all.length === 0 ? await toldOfAbove(error, root) : error;
      });
    },
    putObject: (bytes) => putObject(root, bytes),
    putObjectFile: (file, options) => putObjectFile(root, file, options),
    syncFolders,
    readObject: (sha256, maxBytes = MAX_OBJECT) => readObject(root, sha256, maxBytes),
    readObjectRange: (sha256, range) => readObjectRange(root, sha256, range),
    objectSize: (sha256) => objectSize(root, sha256),
    hasObject: (sha256) => hasObject(root, sha256),
    plainPath: (sha256) => plainPath(root, sha256),
    copyObject: (object, path) => copyObject(root, object, path),
    hashObjects: (digests) => hashObjects(root, digests),
    draftObject: () => draftObject(root),
    adoptDraft: (draft, sha256) => adoptDraft(root, draft, sha256),
    putSnapshot: (snapshot) => putSnapshot(root, snapshot),
    snapshots: () => listSnapshots(root),
    putErasure: (erasure) => putErasure(root, erasure),
    erasures: () => listErasures(root),
    erasuresOf: (listSha256) => erasuresOf(root, listSha256),
    statCachePath: (tree) => join(cacheFolder(root), 'stat', `${toHex(nodeCrypto.sha256(utf8(tree))).slice(0, 32)}.cache`),
    removeObject: (sha256) => removeObject(root, sha256),
    placeForObject: (sha256) => placeForObject(root, sha256),
    mark: async (run, change) => addMark(markedFolder(root, run), change),
    keep: (run) => keepRun(root, run),
    findGarbage: async (options) => findGarbage(root, await runs(), options),
    removeGarbage,
    rebuildIndex: async () => {
      await makeStore(root);
      return scanRuns(root, { ignoreIndex: true });
    },
  };
};

/** Marks lie in the folder of a run; a record that is only kept in git, or lies elsewhere, has none. */
const markedFolder = (root: string, run: RunRecord): string => {
  if (dirname(run.folder.path) === runsFolder(root)) return run.folder.path;
  throw new TrainlockError('TL0309', `the run ${shortId(run.id)} cannot be marked here: only its record is here, not its run folder`, {
    where: run.statementPath,
    fix: 'mark it in the store that recorded it',
  });
};
