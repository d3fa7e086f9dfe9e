import { bindingOf, changesOf, type ChangeDecision, differenceDigest, judgeChange, type Policy } from '#approval';
import { toHex } from '#base';
import { compareManifests } from '#diff';
import { nodeCrypto } from '#files';
import type { Manifest } from '#manifest';
import { openStore } from '#store';
import type { TrustStanding } from '#trust';
import { type FiledApproval, filedApprovals, givenApprovals } from '../approvals/judged-approvals.ts';
import { policyHere, type PolicyPlace } from './policy-file.ts';

export type ChangePlace = PolicyPlace & {
  readonly storeFolder: string;
  /** The run that counts now, and the one that is to follow it. */
  readonly baseline: string;
  readonly candidate: string;
  /** Who made the change, by the names of the policy; who started the candidate, if nobody is named. */
  readonly actors: readonly string[];
  readonly environment?: string;
  /** Whose approvals count; without it none are looked at. */
  readonly trust: TrustStanding;
};

/** A run as an approval names it. */
export type ComparedRun = { readonly runId: string; readonly manifestSha256: string; readonly name?: string };

export type ChangeHere = {
  readonly path: string;
  readonly policy: Policy;
  readonly baseline: ComparedRun;
  readonly candidate: ComparedRun;
  readonly actors: readonly string[];
  /** Where the record names somebody whom the policy does not know. */
  readonly stranger?: string;
  readonly differenceSha256: string;
  readonly decision: ChangeDecision;
  /** Approvals of this change, whatever they are worth. */
  readonly filed: readonly FiledApproval[];
};

/** What changed between two runs, what the policy asks for, and what was approved. Throws TL0301 to TL0304, TL1301, TL1302. */
export const changeHere = async (place: ChangePlace): Promise<ChangeHere> => {
  const { path, policy } = await policyHere(place);
  const store = await openStore({ projectRoot: place.projectRoot, storeFolder: place.storeFolder });
  const runAt = async (reference: string): Promise<{ readonly manifest: Manifest; readonly run: ComparedRun }> => {
    const record = await store.find(reference, place.workingDirectory);
    const manifest = await record.manifest();
    const { id, name } = manifest.run;
    return { manifest, run: { runId: id, manifestSha256: toHex(nodeCrypto.sha256(await record.statement())), ...(name === undefined ? {} : { name }) } };
  };
  const [baseline, candidate] = [await runAt(place.baseline), await runAt(place.candidate)];
  const { actors, stranger } = place.actors.length > 0 ? { actors: place.actors, stranger: undefined } : actorsOf(candidate.manifest, policy);
  const changes = changesOf(compareManifests([baseline.manifest, candidate.manifest]));
  const differenceSha256 = differenceDigest(changes, nodeCrypto);
  const identity = { baselineSha256: baseline.run.manifestSha256, candidateSha256: candidate.run.manifestSha256, differenceSha256, policySha256: policy.sha256 };
  const now = new Date().toISOString();
  const filed = (await filedApprovals(place.projectRoot, place.trust, now)).filter(({ judged }) => {
    const about = 'approval' in judged ? judged.approval?.change : undefined;
    return about?.candidate.manifestSha256 === identity.candidateSha256 && about.baseline.manifestSha256 === identity.baselineSha256;
  });
  const { environment } = place;
  const question = { changes, actors, approvals: givenApprovals(filed), binds: bindingOf(identity, nodeCrypto), now };
  const decision = judgeChange(policy, environment === undefined ? question : { ...question, environment });
  return { path, policy, baseline: baseline.run, candidate: candidate.run, actors, ...(stranger === undefined ? {} : { stranger }), differenceSha256, decision, filed };
};

/** Who started a run, if the policy knows the name: somebody under another name could otherwise approve the own change. */
const actorsOf = ({ run: { participant } }: Manifest, { roles }: Policy): { readonly actors: readonly string[]; readonly stranger: string | undefined } => {
  const people = new Set([...roles.values()].flat());
  const { email, name, account } = participant;
  const known = [email, name, account].find((one) => one !== undefined && people.has(one));
  return known === undefined ? { actors: [], stranger: email ?? name } : { actors: [known], stranger: undefined };
};
