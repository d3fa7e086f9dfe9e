import { constants, existsSync, lstatSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { toHex, TrainlockError, utf8 } from '#base';
import { makeFolder, nodeCrypto, notWritable, writeOnce } from '#files';
import { objectsFolder, rootsFolder, runsFolder } from './store-layout.ts';

/** Something about the store that a person should hear. */
export type StoreFinding = {
  /** temporary-store: the store cannot be written, records go to a temporary folder. read-only-store: it can only be read. */
  readonly kind: 'temporary-store' | 'read-only-store';
  readonly severity: 'note' | 'warning';
  readonly message: string;
  readonly remedy: string;
};

export type StorePlace = { readonly root: string; readonly writable: boolean; readonly findings: readonly StoreFinding[] };

/**
 * Where the records of a project are and go. A folder that cannot be written, or made, is replaced by a temporary one of this
 * user, so that a training is recorded even on a read-only disk; that is said. Nothing is created here.
 */
export const findStorePlace = async (storeFolder: string): Promise<StorePlace> => {
  const unwritable = await whyNotWritable(storeFolder);
  if (unwritable === undefined) return { root: storeFolder, writable: true, findings: [] };
  const temporary = temporaryStore(storeFolder);
  if (await exists(temporary)) return { root: temporary, writable: true, findings: [temporaryFinding(storeFolder, unwritable, temporary)] };
  if (await exists(storeFolder))
    return {
      root: storeFolder,
      writable: false,
      findings: [{ kind: 'read-only-store', severity: 'note', message: `${storeFolder} can be read only (${unwritable})`, remedy: 'trainlock --store FOLDER' }],
    };
  return { root: temporary, writable: true, findings: [temporaryFinding(storeFolder, unwritable, temporary)] };
};

/** The place for a process that is going to write. */
export const writablePlace = async (storeFolder: string, place: StorePlace): Promise<StorePlace> => {
  if (place.writable) return place;
  const temporary = temporaryStore(storeFolder);
  return { root: temporary, writable: true, findings: [temporaryFinding(storeFolder, 'it can be read only', temporary)] };
};

const temporaryFinding = (wanted: string, why: string, temporary: string): StoreFinding => ({
  kind: 'temporary-store',
  severity: 'warning',
  message: `records go to the temporary folder ${temporary}, because ${wanted} cannot be written (${why}); it may be lost at the next restart`,
  remedy: 'choose a folder that lasts: trainlock --store FOLDER, or TRAINLOCK_STORE',
});

/** One folder per user and store, so that the next command finds it again. */
const temporaryStore = (storeFolder: string): string => join(temporaryParent(), toHex(nodeCrypto.sha256(utf8(storeFolder))).slice(0, 16));

const temporaryParent = (): string => join(tmpdir(), `trainlock-${process.getuid?.() ?? userInfo().uid}`);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Whether a store is there, and things can be put into it. */
export const isThereAndWritable = async (root: string): Promise<boolean> => (await exists(root)) && (await whyNotWritable(objectsFolder(root))) === undefined;

/** The reason why a folder cannot be written or made; undefined if it can. */
const whyNotWritable = async (folder: string): Promise<string | undefined> => {
  for (let path = folder; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' && path !== dirname(path)) continue;
      return code === 'EROFS' ? 'the file system is read-only' : code === 'EACCES' || code === 'EPERM' ? 'no permission' : (code ?? 'unknown reason');
    }
  }
};

/** The .gitignore of the folder, under a heading: everything that it holds is ignored, but for what people or CI chose to keep. */
export const ignoreText = (heading: string): string => `# ${heading}
*
!.gitignore
!policy.yaml
!policy-tests.yaml
!approvals/
!approvals/**
!exceptions/
!exceptions/**
!history/
!history/**
.trainlock-*.tmp
!trust.json
!trust.next.json
!trust/
!trust/**
!kept/
!kept/**
`;

/** Makes the folders of a store that are missing. Throws TL0003. */
export const makeStore = async (root: string): Promise<void> => {
  // Every object that is kept comes by here: what is there is only looked for. A folder that others can reach is looked at each time.
  const isShared = dirname(root) === temporaryParent();
  if (!isShared && [runsFolder(root), rootsFolder(root), objectsFolder(root), join(root, '.gitignore')].every((path) => existsSync(path))) return;
  try {
    if (isShared) await makePrivate(dirname(root));
    await makeFolder(root);
    await mkdir(runsFolder(root), { recursive: true });
    await mkdir(rootsFolder(root), { recursive: true, mode: 0o700 });
    await mkdir(objectsFolder(root), { recursive: true });
  } catch (error) {
    throw notWritable(root, error);
  }
  if (!(await exists(join(root, '.gitignore'))))
    await writeOnce(join(root, '.gitignore'), utf8(ignoreText('Written by trainlock. Records are kept in git with: trainlock keep RUN')));
};

/** A folder below a folder that everybody may write: it must be ours alone, or somebody else waits for our records there. */
const makePrivate = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const facts = lstatSync(path);
  if (!facts.isDirectory() || facts.uid !== (process.getuid?.() ?? userInfo().uid) || (facts.mode & 0o077) !== 0) {
    throw new TrainlockError('TL0308', `the temporary folder ${path} belongs to somebody else or is open to others`, { where: path, fix: 'trainlock --store FOLDER' });
  }
};
