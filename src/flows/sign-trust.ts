/** Adds the signature of a root to the version of the trust file that waits. */
import { TrainlockError } from '#base';
import { type ChangedTrust, checkProposed } from './change-trust.ts';
import { openRoot, ownRoots, rootReference } from './trust-file/root-keys.ts';
import { rootsThatHold, signVersion } from './trust-file/sign-version.ts';
import { trustChanges } from './trust-file/trust-changes.ts';
import { trustToChange } from './trust-file/trust-here.ts';
import { type Environment, readWaiting, trustPlaces } from './trust-file/trust-places.ts';

export type SignTrustOptions = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** Names or paths. None: every root of this user. */
  readonly signWith: readonly string[];
  /** Only tell what would be signed. */
  readonly dryRun: boolean;
  /** SHA-256 of the version that a person has looked at: nothing else is signed. */
  readonly expected?: string;
};

/** Throws TL0002 if nothing waits, TL1201 or TL1202 if it cannot be signed here, TL1101 to TL1106 for a root that cannot sign. */
export const signTrustFile = async ({ projectRoot, workingDirectory, env, signWith, dryRun, expected }: SignTrustOptions): Promise<ChangedTrust> => {
  const places = trustPlaces(projectRoot);
  if ((await readWaiting(places)) === undefined) throw nothingWaits(places.waiting);
  const here = await trustToChange(places, env);
  const { current, waiting } = here;
  if (waiting === undefined) throw nothingWaits(places.waiting);
  checkProposed(here, places.waiting);
  const { envelope, trust } = waiting;
  if (expected !== undefined && trust.sha256 !== expected)
    throw new TrainlockError('TL1201', 'the next version was changed while you looked at it', { where: places.waiting, fix: 'trainlock trust sign --dry-run' });
  const about = { version: trust.version, sha256: trust.sha256, expiresAt: trust.expiresAt, changes: trustChanges(current?.trust, trust), dropped: [], proposedBy: [] };
  if (dryRun) return { kind: 'dry-run', path: places.waiting, signedBy: rootsThatHold(envelope, trust, current?.trust), ...about };
  const roots = new Map([...(current?.trust.roots ?? []), ...trust.roots].map(({ key, name }) => [key.keyId, name]));
  const references = signWith.length > 0 ? signWith.map((reference) => rootReference(reference, workingDirectory)) : await ownRoots(roots, env);
  if (references.length === 0) {
    throw new TrainlockError('TL1101', 'no root of the trust file is a key of this user', {
      notes: [`its roots: ${[...roots.values()].join(', ')}`],
      fix: 'trainlock trust sign --root PATH',
    });
  }
  const signers = [];
  for (const reference of references) signers.push(await openRoot(reference, env));
  return { ...(await signVersion({ envelope, trust, current }, signers, places, env)), ...about };
};

const nothingWaits = (where: string): TrainlockError => new TrainlockError('TL0002', 'no version of the trust file waits for signatures', { where, fix: 'trainlock trust show' });
