/** Makes the next version of a project's trust file. */
import { resolve } from 'node:path';
import { shellWord, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { newTrustEnvelope, type Trust } from '#trust';
import { readVerifierKey } from '#tlog';
import type { TrustChange } from './trust-file/apply-change.ts';
import { certificatePem, certificatesAt } from './trust-file/certificates-at.ts';
import { nextVersion, rootsOfDocument } from './trust-file/next-version.ts';
import { publicKeyAt } from './trust-file/public-key-at.ts';
import { openRoot, ownRootIds, ownRoots, readRoots, rootReference } from './trust-file/root-keys.ts';
import { rootsThatHold, type SignedVersion, signVersion } from './trust-file/sign-version.ts';
import { trustChanges } from './trust-file/trust-changes.ts';
import { trustToChange, type TrustToChange } from './trust-file/trust-here.ts';
import { type Environment, trustPlaces } from './trust-file/trust-places.ts';

export type { Role } from '#trust';

/** A change as a person asks for it: paths are not read yet. */
export type ChangeRequest =
  | Exclude<TrustChange, { readonly kind: 'add-signer' | 'add-authority' | 'add-log' | 'add-witness' | 'revoke' | 'rotate-roots' }>
  | Omit<Extract<TrustChange, { readonly kind: 'add-signer' }>, 'keys'>
  | { readonly kind: 'add-authority'; readonly name: string; readonly url?: string; readonly file: string }
  | { readonly kind: 'add-log' | 'add-witness'; readonly name?: string; readonly key: string }
  | { readonly kind: 'revoke'; readonly what: string; readonly reason: string; readonly compromisedSince?: string }
  | { readonly kind: 'rotate-roots'; readonly roots: readonly string[]; readonly threshold?: number };

export type TrustChangeOptions = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  readonly change: ChangeRequest;
  /** How long the version counts. Unit: day. */
  readonly days?: number;
  /** Roots that sign: names or paths. None: every root of this user. */
  readonly signWith: readonly string[];
  readonly dryRun: boolean;
};

export type ChangedTrust = Omit<SignedVersion, 'kind'> & {
  readonly kind: SignedVersion['kind'] | 'dry-run';
  readonly version: number;
  readonly sha256: string;
  readonly expiresAt: string;
  /** Everything that differs from the version that counts, one sentence each; not escaped. */
  readonly changes: readonly string[];
  /** Roots that had signed the version that waits, before this change was taken into it: they must sign again. */
  readonly dropped: readonly string[];
  /** Those of them that are not this user: whoever signs now signs also what they proposed. */
  readonly proposedBy: readonly string[];
};

/**
 * A version that waits for signatures takes the change in. Throws TL1202 or TL1201 if the trust file cannot be changed here, TL0001 for
 * a change that cannot be, TL1101 to TL1106 for a root that cannot sign, TL0003.
 */
export const changeTrust = async (options: TrustChangeOptions): Promise<ChangedTrust> => {
  const { projectRoot, env, days, dryRun } = options;
  const places = trustPlaces(projectRoot);
  const here = await trustToChange(places, env);
  const { current, waiting } = here;
  const base = waiting ?? current;
  if (base === undefined) throw new TrainlockError('TL0002', 'there is no trust file', { where: places.current, fix: 'trainlock trust new --root NAME' });
  const signedBefore = waiting === undefined ? [] : checkProposed(here, places.waiting);
  const now = new Date().toISOString();
  const change = await readChange(options, now);
  const { document, trust } = nextVersion(base.document, change, { now, ...(days === undefined ? {} : { days }), ...(current === undefined ? {} : { before: current.trust }) });
  const about = { version: trust.version, sha256: trust.sha256, expiresAt: trust.expiresAt, changes: trustChanges(current?.trust, trust) };
  const own = new Set(await ownRootIds(env));
  const proposedBy = signedBefore.filter(({ keyId }) => !own.has(keyId)).map(({ name }) => name);
  if (dryRun) return { kind: 'dry-run', path: places.current, signedBy: [], ...about, dropped: signedBefore.map(({ name }) => name), proposedBy };
  const signers = [];
  for (const reference of await signersOf(options, trust, current?.trust)) signers.push(await openRoot(reference, env));
  const signed = await signVersion({ envelope: newTrustEnvelope(document), trust, current }, signers, places, env);
  const dropped = signedBefore.filter(({ keyId }) => !signed.signedBy.some((root) => root.keyId === keyId)).map(({ name }) => name);
  return { ...signed, ...about, dropped, proposedBy };
};

/** Who has signed the version that waits. One that no root has signed was put there by somebody else. */
export const checkProposed = ({ current, waiting }: TrustToChange, path: string): SignedVersion['signedBy'] => {
  const signed = waiting === undefined ? [] : rootsThatHold(waiting.envelope, waiting.trust, current?.trust);
  // Of the first version nobody can say whether its roots are the right ones: whoever signs it looks at them.
  const counted = current === undefined ? signed : signed.filter(({ keyId }) => current.trust.roots.some(({ key }) => key.keyId === keyId));
  if (counted.length > 0) return signed;
  throw new TrainlockError('TL1201', 'the next version waits for signatures, but no root has proposed it: its first signature does not hold', {
    where: path,
    fix: `look at it, then: rm ${shellWord(path)}`,
  });
};

const signersOf = async ({ signWith, env, workingDirectory }: TrustChangeOptions, trust: Trust, before: Trust | undefined): Promise<readonly string[]> => {
  if (signWith.length > 0) return signWith.map((reference) => rootReference(reference, workingDirectory));
  const names = new Map([...(before?.roots ?? []), ...trust.roots].map(({ key, name }) => [key.keyId, name]));
  const own = await ownRoots(names, env);
  if (own.length > 0) return own;
  throw new TrainlockError('TL1101', 'no root of the trust file is a key of this user', {
    notes: [`its roots: ${[...names.values()].join(', ')}`],
    fix: 'name the private key of a root: --sign-with PATH',
  });
};

const readChange = async ({ change, env, workingDirectory }: TrustChangeOptions, now: string): Promise<TrustChange> => {
  switch (change.kind) {
    case 'renew':
      return change;
    case 'add-signer':
      return { ...change, keys: await Promise.all(change.keyFiles.map((path) => publicKeyAt(resolve(workingDirectory, path)))) };
    case 'add-authority': {
      const { file, ...rest } = change;
      const certificates = await certificatesAt(resolve(workingDirectory, file));
      return { ...rest, certificateChain: certificates.map(({ der }) => certificatePem(der)) };
    }
    case 'add-log':
      return { kind: 'add-log', key: change.key, origin: change.name ?? nameOfKey(change.key) };
    case 'add-witness':
      return { kind: 'add-witness', key: change.key, name: change.name ?? nameOfKey(change.key) };
    case 'revoke':
      return { ...change, at: now };
    case 'rotate-roots': {
      const roots = rootsOfDocument(await readRoots(change.roots, { env, workingDirectory }));
      return { kind: 'rotate-roots', roots, ...(change.threshold === undefined ? {} : { threshold: change.threshold }) };
    }
  }
};

const nameOfKey = (text: string): string => {
  const key = readVerifierKey(text, nodeCrypto);
  if (key.kind === 'accepted') return key.value.name;
  throw new TrainlockError('TL0001', `this is not the verifier key of a log or witness: ${key.problems[0]?.message ?? ''}`, {
    where: text,
    fix: 'NAME+KEYID+KEY, as the log or witness publishes it',
  });
};
