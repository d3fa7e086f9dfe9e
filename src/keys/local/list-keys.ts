import { lstat, readdir, stat } from 'node:fs/promises';
import { type Reading, shellWord, TrainlockError } from '#base';
import { readBoundedIfThere } from '#files';
import { type KeyDescription, type KeyRevocation, readKeyDescription, readKeyRevocation } from './key-description.ts';
import { isKeyName } from './key-name.ts';
import { type KeyPaths, keyPaths } from './key-paths.ts';
import { type Environment, openKeysFolder } from './keys-folder.ts';

/** A key of this user. */
export type LocalKey = KeyDescription & {
  /** Only active keys sign: a retired one was replaced, a revoked one must not be used any more. */
  readonly state: 'active' | 'retired' | 'revoked';
  readonly revoked?: Omit<KeyRevocation, 'schemaVersion' | 'keyId'>;
  /** Name of the key that signs in its place. */
  readonly replacedBy?: string;
  readonly paths: KeyPaths;
  /** False if the private file was removed, or lies on a disk that is not there. */
  readonly hasPrivateKey: boolean;
};

/** What the folder of keys holds under one name. */
export type KeyEntry =
  | { readonly kind: 'key'; readonly key: LocalKey }
  /** Its maker is at work, or was killed before it could tell anybody of it: nothing was signed with it. */
  | { readonly kind: 'unfinished'; readonly name: string; readonly paths: KeyPaths; readonly fix: string }
  /** `keyId` where it could still be read: such a key does not sign, whatever else is right with it. */
  | { readonly kind: 'damaged'; readonly name: string; readonly paths: KeyPaths; readonly keyId?: string; readonly because: string; readonly fix: string };

/**
 * The keys of this user, by name; none if the folder is not there. Which key replaces which is read from the newer one, so that nothing
 * that was written is ever changed. Throws TL1102 if the folder cannot be read or used.
 */
export const listKeys = async (env: Environment): Promise<readonly KeyEntry[]> => entriesIn(await openKeysFolder(env));

/** The keys in a folder that openKeysFolder has found. */
export const entriesIn = async (folder: string): Promise<readonly KeyEntry[]> => {
  const names = new Set<string>();
  for (const file of await filesIn(folder)) {
    const name = /^(.*?)(\.key|\.revoked\.json|\.json)$/.exec(file)?.[1];
    if (name !== undefined && isKeyName(name)) names.add(name);
  }
  const entries = await Promise.all([...names].sort().map((name) => entryOf(name, keyPaths(folder, name))));
  return withSuccessors(entries.filter((entry) => entry !== undefined));
};

const filesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return [];
    throw new TrainlockError('TL1102', 'the folder of keys cannot be read', {
      where: folder,
      notes: [code === 'EACCES' ? 'no permission' : `the system said ${code}`],
      fix: `ls -la ${shellWord(folder)}`,
      cause: error,
    });
  }
};

const entryOf = async (name: string, paths: KeyPaths): Promise<KeyEntry | undefined> => {
  const description = await documentAt(paths.description, readKeyDescription);
  const revocation = await documentAt(paths.revocation, readKeyRevocation);
  const damaged = (because: string, fix: string, keyId?: string): KeyEntry => ({ kind: 'damaged', name, paths, because, fix, ...(keyId === undefined ? {} : { keyId }) });
  if (description === undefined) {
    const isThere = await lstat(paths.privateKey).then(
      () => true,
      () => false,
    );
    if (isThere) return { kind: 'unfinished', name, paths, fix: removal(paths) };
    return revocation === undefined ? undefined : damaged('its description is missing', `bring ${shellWord(paths.description)} back from a copy`);
  }
  const restore = `bring ${shellWord(paths.description)} back from a copy, or move the key away and import it: trainlock keys import`;
  if (description.kind === 'rejected') return damaged(`its description cannot be read: ${problemOf(description)}`, restore);
  const { value } = description;
  if (value.name !== name) return damaged(`its description is that of the key ${JSON.stringify(value.name)}`, restore);
  // A revocation that cannot be read is one all the same.
  if (revocation?.kind === 'rejected')
    return damaged(`its revocation cannot be read: ${problemOf(revocation)}`, `bring ${shellWord(paths.revocation)} back from a copy`, value.keyId);
  if (revocation !== undefined && revocation.value.keyId !== value.keyId)
    return damaged('its revocation is that of another key', `look at ${shellWord(paths.revocation)}`, value.keyId);
  const hasPrivateKey = await stat(paths.privateKey).then(
    () => true,
    () => false,
  );
  return { kind: 'key', key: { ...value, ...stateOf(revocation?.value), paths, hasPrivateKey } };
};

/** Only if it is unfinished even when the command runs: its maker may be at work. */
const removal = ({ description, privateKey, publicKey }: KeyPaths): string => `test -e ${shellWord(description)} || rm -f ${shellWord(privateKey)} ${shellWord(publicKey)}`;

const stateOf = (revocation: KeyRevocation | undefined): Pick<LocalKey, 'state' | 'revoked'> => {
  if (revocation === undefined) return { state: 'active' };
  const { schemaVersion: _, keyId: __, ...revoked } = revocation;
  return { state: 'revoked', revoked };
};

const documentAt = async <T>(path: string, read: (bytes: Uint8Array) => Reading<T>): Promise<Reading<T> | undefined> => {
  const bytes = await readBoundedIfThere(path, 16_384).catch((error: unknown) => (error instanceof TrainlockError ? error : Promise.reject(error)));
  if (bytes instanceof TrainlockError) return { kind: 'rejected', problems: [{ pointer: '', message: bytes.message }] };
  return bytes === undefined ? undefined : read(bytes);
};

const problemOf = (reading: Extract<Reading<unknown>, { kind: 'rejected' }>): string => {
  const { pointer, message } = reading.problems[0]!;
  return pointer === '' ? message : `${pointer} ${message}`;
};

const withSuccessors = (entries: readonly KeyEntry[]): readonly KeyEntry[] => {
  const successors = new Map<string, LocalKey>();
  const keys = entries.flatMap((entry) => (entry.kind === 'key' ? [entry.key] : []));
  // Of two successors, which only a person can have made, the first one counts.
  for (const key of [...keys].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))) {
    if (key.replaces !== undefined && key.replaces !== key.keyId && !successors.has(key.replaces)) successors.set(key.replaces, key);
  }
  return entries.map((entry) => {
    const successor = entry.kind === 'key' ? successors.get(entry.key.keyId) : undefined;
    if (entry.kind !== 'key' || successor === undefined) return entry;
    return { kind: 'key', key: { ...entry.key, state: entry.key.state === 'active' ? 'retired' : entry.key.state, replacedBy: successor.name } };
  });
};
