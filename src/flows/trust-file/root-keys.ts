import { basename, resolve } from 'node:path';
import { escapeControl, fromUtf8, TrainlockError } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { exportKey, isKeyName, listKeys, loadKey, passphraseFrom, type Signer } from '#keys';
import { type PublicKey, readPublicKeyPem } from '#seal';
import type { Environment } from './trust-places.ts';

/** A root as a person names it: [LABEL=]KEY. */
export type NamedRoot = {
  /** Who holds it. */
  readonly label: string;
  readonly publicKey: PublicKey;
  /** What signs with it; undefined where only its public half is at hand. */
  readonly reference?: string;
};

export type RootsRequest = { readonly env: Environment; readonly workingDirectory: string };

/**
 * Reads roots that a person names: a key of this user with the purpose root, or the path of a public or private key; `LABEL=` in front
 * says who holds it. Throws TL1101 or TL1102 for what is no such key.
 */
export const readRoots = async (named: readonly string[], request: RootsRequest): Promise<readonly NamedRoot[]> => {
  const roots: NamedRoot[] = [];
  for (const text of named) roots.push(await readRoot(text, request));
  return roots;
};

/** A letter and more before the first colon. Source: RFC 3986 §3.1. */
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]+):/;

/** A label has no colon and no slash, so that neither a reference nor a path is taken apart. */
const LABELLED = /^([^=:/]{1,256})=(.+)$/s;

const readRoot = async (text: string, { env, workingDirectory }: RootsRequest): Promise<NamedRoot> => {
  const [, label, rest] = LABELLED.exec(text) ?? [];
  const key = rest ?? text;
  if (isKeyName(key)) return { label: label ?? key, publicKey: await rootNamed(key, env), reference: key };
  if (SCHEME.test(key)) {
    const { publicKey } = await openRoot(key, env);
    // The reference itself may hold a PIN.
    return { label: label ?? `${SCHEME.exec(key)![1]} ${publicKey.keyId.slice(0, 8)}`, publicKey, reference: key };
  }
  const path = resolve(workingDirectory, key);
  const name = label ?? basename(path).replace(/\.(pub|pem|key)$/, '');
  const reading = readPublicKeyPem(await textAt(path, key), nodeCrypto);
  if (reading.kind === 'accepted') return { label: name, publicKey: reading.value };
  return { label: name, publicKey: (await openRoot(path, env)).publicKey, reference: path };
};

const textAt = async (path: string, named: string): Promise<string> => {
  try {
    return fromUtf8(await readBounded(path, 65_536)) ?? '';
  } catch (error) {
    throw new TrainlockError('TL1101', `there is no key at ${escapeControl(named)}`, { where: path, fix: 'trainlock keys list', cause: error });
  }
};

const rootNamed = async (name: string, env: Environment): Promise<PublicKey> => {
  const pem = await exportKey({ env, name });
  const entry = (await listKeys(env)).find((one) => one.kind === 'key' && one.key.name === name);
  if (entry?.kind === 'key' && entry.key.purpose !== 'root') {
    throw new TrainlockError('TL1102', `the key ${name} signs ${entry.key.purpose === 'log' ? 'a log' : 'statements'}, and a root signs nothing but trust files`, {
      where: entry.key.paths.description,
      fix: 'trainlock keys new NAME --purpose root',
    });
  }
  const reading = readPublicKeyPem(pem, nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL1102', `the key ${name} cannot be used: ${reading.problems[0]?.message ?? ''}`, { fix: 'trainlock keys list' });
};

/** What signs as a root: a name, a path, or the reference of a key behind another tool. Throws like loadKey and openSigner. */
export const openRoot = async (reference: string, env: Environment): Promise<Signer> => {
  const openLocal = (nameOrPath: string): Promise<Signer> => loadKey(nameOrPath, { env, passphrase: passphraseFrom(env), purpose: 'root' });
  if (!SCHEME.test(reference)) return openLocal(reference);
  const { openSigner } = await import('../open-other-key.ts');
  return openSigner(reference, { environment: env, openLocal });
};

/** A path counts from the working folder. */
export const rootReference = (reference: string, workingDirectory: string): string =>
  isKeyName(reference) || SCHEME.test(reference) ? reference : resolve(workingDirectory, reference);

/** Ids of the keys of this user that are made for trust files. */
export const ownRootIds = async (env: Environment): Promise<readonly string[]> =>
  (await listKeys(env)).flatMap((entry) => (entry.kind === 'key' && entry.key.purpose === 'root' ? [entry.key.keyId] : []));

/** The keys of this user that are among some roots, and can sign. */
export const ownRoots = async (roots: ReadonlyMap<string, string>, env: Environment): Promise<readonly string[]> =>
  (await listKeys(env)).flatMap((entry) =>
    entry.kind === 'key' && entry.key.purpose === 'root' && entry.key.state === 'active' && entry.key.hasPrivateKey && roots.has(entry.key.keyId) ? [entry.key.name] : [],
  );
