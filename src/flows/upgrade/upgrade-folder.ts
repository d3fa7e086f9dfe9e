import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, fromUtf8, toHex, TrainlockError, utf8 } from '#base';
import { type PackageWish, readPipReport, type ResolvedPackage } from '#environment';
import { nodeCrypto, readBoundedIfThere, writeAtomic } from '#files';
import { takeLock } from '#logbook';

/** Where one update of one run is worked on. What is finished stays, so that the same wish goes on from there. */
export type UpgradeFolder = {
  readonly path: string;
  /** What pip chose. */
  readonly resolution: string;
  /** Called as a recorder looks for it. */
  readonly lock: string;
  readonly environment: string;
  readonly environmentMade: string;
  /** Where the run is computed again; its outputs stay there. */
  readonly run: string;
  /** The id of the run that was recorded. */
  readonly recorded: string;
  readonly tools: string;
};

/** Everything that decides what an update is; another wish is another update. */
export type UpgradeWish = {
  readonly manifestSha256: string;
  readonly wishes: readonly PackageWish[];
  readonly neededOnly: boolean;
  readonly leftOut: readonly string[];
  readonly mayBuild: boolean;
  readonly python: string;
};

const MAX_REPORT = 256 * 1024 * 1024;

export const upgradeFolder = (storeRoot: string, runId: string, wish: UpgradeWish): UpgradeFolder => {
  const wishes = wish.wishes.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, version = '' }) => ({ name, version }));
  const key = toHex(nodeCrypto.sha256(canonicalJson({ ...wish, wishes, leftOut: wish.leftOut.toSorted() }))).slice(0, 8);
  return placesIn(join(storeRoot, 'upgrades', `${runId.slice(0, 8)}-${key}`));
};

export const placesIn = (path: string): UpgradeFolder => ({
  path,
  resolution: join(path, 'resolution.json'),
  lock: join(path, 'lock', 'requirements.txt'),
  environment: join(path, 'env'),
  environmentMade: join(path, 'env-made'),
  run: join(path, 'run'),
  recorded: join(path, 'recorded'),
  tools: join(path, 'tools'),
});

/** Does something with the folder that nobody else does meanwhile. Throws TL0505 if somebody is at work there, TL0003 if it cannot be made. */
export const alone = async <T>(folder: UpgradeFolder, work: () => Promise<T>): Promise<T> => {
  const held = await mkdir(folder.path, { recursive: true, mode: 0o700 })
    .then(() => takeLock(join(folder.path, 'busy'), 0))
    .catch((error: unknown) => {
      throw new TrainlockError('TL0003', 'the folder of the update cannot be written', { where: folder.path, cause: error });
    });
  if (held.kind === 'busy') throw new TrainlockError('TL0505', `this update is worked on already: ${held.because}`, { where: folder.path, fix: 'wait for it' });
  try {
    return await work();
  } finally {
    await held.lock.release();
  }
};

/** Leaves nothing of an earlier attempt. */
export const forget = async (folder: UpgradeFolder): Promise<void> => {
  for (const path of [folder.recorded, folder.environmentMade, folder.resolution, folder.lock, folder.environment, folder.run, folder.tools])
    await rm(path, { recursive: true, force: true });
};

/** Keeps what pip chose in the form in which it said it, and the lock before it: where the first is, the second is whole. */
export const rememberResolved = async ({ resolution, lock }: UpgradeFolder, packages: readonly ResolvedPackage[], text: string): Promise<void> => {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  await writeAtomic(lock, utf8(`${text}\n`));
  const install = packages.map(({ name, version, sha256, url = '', commit }) => ({
    metadata: { name, version },
    is_direct: url !== '',
    download_info: { url, ...(commit === undefined ? { archive_info: sha256 === undefined ? {} : { hashes: { sha256 } } } : { vcs_info: { vcs: 'git', commit_id: commit } }) },
  }));
  await writeAtomic(resolution, utf8(`${JSON.stringify({ version: '1', install }, null, 1)}\n`));
};

/** What pip chose earlier; undefined if that cannot be read any more. */
export const resolvedEarlier = async ({ resolution, lock }: UpgradeFolder): Promise<readonly ResolvedPackage[] | undefined> => {
  const [bytes, text] = await Promise.all([readBoundedIfThere(resolution, MAX_REPORT).catch(() => undefined), readFile(lock).catch(() => undefined)]);
  const reading = bytes === undefined || text === undefined ? undefined : readPipReport(bytes);
  return reading?.kind === 'accepted' ? reading.value : undefined;
};

/** The id of the run that was recorded earlier. */
export const recordedEarlier = async ({ recorded }: UpgradeFolder): Promise<string | undefined> => {
  const text = fromUtf8((await readBoundedIfThere(recorded, 100).catch(() => undefined)) ?? new Uint8Array());
  return /^([0-9a-f]{8}-[0-9a-f-]{27})\n$/.exec(text ?? '')?.[1];
};

export const rememberRecorded = ({ recorded }: UpgradeFolder, id: string): Promise<void> => writeAtomic(recorded, utf8(`${id}\n`));
