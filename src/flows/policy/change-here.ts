import type { Policy } from '#approval';
import { openStore, type Store } from '#store';
import type { TrustStanding } from '#trust';
import { type FiledApproval, filedApprovals } from '../approvals/judged-approvals.ts';
import { type ComparedRecord, decideChange, type DecidedChange } from './decide-change.ts';
import { environmentIn } from './environment-in.ts';
import { exactRecord, recordWithDigest } from './exact-record.ts';
import { policyHere, type PolicyPlace } from './policy-file.ts';
import { asksReplays, replaysInStore } from './replays-of.ts';

/** What a person called it; or the digest of exactly one; or the record itself. */
export type RecordReference = string | { readonly manifestSha256: string } | ComparedRecord;

export type ChangePlace = PolicyPlace & {
  readonly storeFolder: string;
  /** The run that counts now, and the one that is to follow it. Without a baseline it follows nothing, and everything in it is new. */
  readonly baseline?: RecordReference;
  readonly candidate: RecordReference;
  /** Who took part in making the change, by the names of the policy, beside whom the record and its signatures say. */
  readonly actors: readonly string[];
  readonly environment?: string;
  /** Whose approvals count; without it none are looked at. */
  readonly trust: TrustStanding;
  /** What was read of the project already: so that many changes are judged by one policy and the same approvals. */
  readonly read?: ProjectRead;
};

/** What every change of a project is judged by. */
export type ProjectRead = { readonly path: string; readonly policy: Policy; readonly store: Store; /** Every approval and withdrawal. */ readonly filed: readonly FiledApproval[] };

/** Throws TL1301, TL1302. */
export const readProject = async (place: PolicyPlace & Pick<ChangePlace, 'storeFolder' | 'trust'>): Promise<ProjectRead> => {
  const { path, policy } = await policyHere(place);
  const store = await openStore({ projectRoot: place.projectRoot, storeFolder: place.storeFolder });
  return { path, policy, store, filed: await filedApprovals(place.projectRoot, place.trust, new Date().toISOString()) };
};

export type ChangeHere = DecidedChange & { readonly path: string; readonly policy: Policy };

/** What changed between two runs, what the policy asks for, and what was approved. Throws TL0001 for actors that are none, TL0301 to TL0304, TL1301, TL1302. */
export const changeHere = async (place: ChangePlace): Promise<ChangeHere> => {
  const { path, policy, store, filed } = place.read ?? (await readProject(place));
  if (place.environment !== undefined && policy.environments.size > 0) environmentIn(policy, place.environment);
  const recordAt = async (reference: RecordReference): Promise<ComparedRecord> => {
    if (typeof reference === 'string') return exactRecord(await store.find(reference, place.workingDirectory));
    return 'manifestSha256' in reference ? recordWithDigest(store, reference.manifestSha256) : reference;
  };
  const now = new Date().toISOString();
  const [baseline, candidate] = [place.baseline === undefined ? undefined : await recordAt(place.baseline), await recordAt(place.candidate)];
  const { environment, trust, actors } = place;
  const replays = asksReplays(policy) ? await replaysInStore(store, candidate, trust) : undefined;
  return { path, policy, ...decideChange({ policy, baseline, candidate, named: actors, trust, filed, environment, now, replays }) };
};
