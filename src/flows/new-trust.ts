/** Makes the first version of a project's trust file. */
import { countOf, shellWord, TrainlockError } from '#base';
import { newTrustEnvelope } from '#trust';
import { firstVersion, rootsOfDocument, USUAL_DAYS } from './trust-file/next-version.ts';
import { openRoot, readRoots } from './trust-file/root-keys.ts';
import { signVersion } from './trust-file/sign-version.ts';
import { trustChanges } from './trust-file/trust-changes.ts';
import { type Environment, readChain, readWaiting, trustPlaces } from './trust-file/trust-places.ts';
import { waitingVersion } from './trust-file/waiting-version.ts';
import type { ChangedTrust } from './change-trust.ts';

export type NewTrust = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** [LABEL=]KEY: a key of this user, or the path of a public or private one. */
  readonly roots: readonly string[];
  readonly threshold: number;
  /** How long it counts. Unit: day. */
  readonly days?: number;
  readonly dryRun: boolean;
};

/** Throws TL0001 if there is a trust file already or it could not say this, TL1101 to TL1106 for a root, TL0003. */
export const newTrust = async ({ projectRoot, workingDirectory, env, roots: named, threshold, days, dryRun }: NewTrust): Promise<ChangedTrust> => {
  const places = trustPlaces(projectRoot);
  const chain = await readChain(places);
  const waiting = chain.length > 0 ? undefined : await waitingVersion(places, undefined);
  if (waiting !== undefined) {
    throw new TrainlockError('TL0001', `there is a trust file already: its version ${waiting.version} waits for ${countOf(waiting.missing, 'signature')}`, {
      where: places.waiting,
      notes: [`signed by ${waiting.signedBy.join(', ') || 'nobody'}`, `to begin anew instead: rm ${shellWord(places.waiting)}`],
      fix: 'trainlock trust sign   # as another of its roots',
    });
  }
  if (chain.length > 0 || (await readWaiting(places)) !== undefined) {
    throw new TrainlockError('TL0001', 'there is a trust file already', {
      where: chain.at(-1)?.path ?? places.waiting,
      notes: ['other roots are given to it with trust rotate-roots'],
      fix: 'trainlock trust show',
    });
  }
  const roots = await readRoots(named, { env, workingDirectory });
  const { document, trust } = firstVersion(rootsOfDocument(roots), threshold, { now: new Date().toISOString(), days: days ?? USUAL_DAYS });
  const about = { version: trust.version, sha256: trust.sha256, expiresAt: trust.expiresAt, changes: trustChanges(undefined, trust), dropped: [], proposedBy: [] };
  if (dryRun) return { kind: 'dry-run', path: places.current, signedBy: [], ...about };
  const own = roots.flatMap(({ reference }) => (reference === undefined ? [] : [reference]));
  if (own.length === 0) {
    throw new TrainlockError('TL1101', 'none of the roots can sign here: only their public halves are at hand', {
      fix: 'trainlock keys new NAME --purpose root   # a root of your own',
    });
  }
  const signers = [];
  for (const reference of own) signers.push(await openRoot(reference, env));
  return { ...(await signVersion({ envelope: newTrustEnvelope(document), trust, current: undefined }, signers, places, env)), ...about };
};
