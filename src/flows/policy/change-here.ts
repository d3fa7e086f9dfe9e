import { bindingOf, changesOf, changesOfFirst, type ChangeDecision, differenceDigest, judgeChange, type Policy } from '#approval';
import { escapeControl, nearest, toHex, TrainlockError } from '#base';
import { compareManifests } from '#diff';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import type { Manifest } from '#manifest';
import { openStore, sealsOf } from '#store';
import { personOf, type TrustStanding } from '#trust';
import { findSigner } from '#verify';
import { type FiledApproval, filedApprovals, givenApprovals } from '../approvals/judged-approvals.ts';
import { environmentIn } from './environment-in.ts';
import { policyHere, type PolicyPlace } from './policy-file.ts';

export type ChangePlace = PolicyPlace & {
  readonly storeFolder: string;
  /** The run that counts now, and the one that is to follow it. Without a baseline it follows nothing, and everything in it is new. */
  readonly baseline?: string;
  readonly candidate: string;
  /** Who took part in making the change, by the names of the policy, beside whom the record and its signatures say. */
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
  readonly baseline?: ComparedRun;
  readonly candidate: ComparedRun;
  readonly actors: readonly string[];
  /** Where the record names somebody whom the policy does not know. */
  readonly stranger?: string;
  readonly differenceSha256: string;
  readonly decision: ChangeDecision;
  /** Approvals of this change, whatever they are worth. */
  readonly filed: readonly FiledApproval[];
};

/** What changed between two runs, what the policy asks for, and what was approved. Throws TL0001 for actors that are none, TL0301 to TL0304, TL1301, TL1302. */
export const changeHere = async (place: ChangePlace): Promise<ChangeHere> => {
  const { path, policy } = await policyHere(place);
  if (place.environment !== undefined && policy.environments.size > 0) environmentIn(policy, place.environment);
  const store = await openStore({ projectRoot: place.projectRoot, storeFolder: place.storeFolder });
  const runAt = async (reference: string): Promise<{ readonly manifest: Manifest; readonly statementPath: string; readonly run: ComparedRun }> => {
    const record = await store.find(reference, place.workingDirectory);
    const manifest = await record.manifest();
    const { id, name } = manifest.run;
    const run = { runId: id, manifestSha256: toHex(nodeCrypto.sha256(await record.statement())), ...(name === undefined ? {} : { name }) };
    return { manifest, statementPath: record.statementPath, run };
  };
  const [baseline, candidate] = [place.baseline === undefined ? undefined : await runAt(place.baseline), await runAt(place.candidate)];
  const { actors, stranger } = await actorsOf(candidate, { policy, named: place.actors, trust: place.trust });
  const changes = baseline === undefined ? changesOfFirst() : changesBetween(baseline.manifest, candidate.manifest);
  const differenceSha256 = differenceDigest(changes, nodeCrypto);
  const identity = { baselineSha256: baseline?.run.manifestSha256, candidateSha256: candidate.run.manifestSha256, differenceSha256, policySha256: policy.sha256 };
  const now = new Date().toISOString();
  const all = await filedApprovals(place.projectRoot, place.trust, now);
  const filed = all.filter(({ judged }) => {
    const about = 'approval' in judged ? judged.approval?.change : undefined;
    return about?.candidate.manifestSha256 === identity.candidateSha256 && about.baseline?.manifestSha256 === identity.baselineSha256;
  });
  const { environment } = place;
  const question = { changes, actors, approvals: givenApprovals(filed), binds: bindingOf(identity, nodeCrypto), now };
  const decision = judgeChange(policy, environment === undefined ? question : { ...question, environment });
  return {
    path,
    policy,
    ...(baseline === undefined ? {} : { baseline: baseline.run }),
    candidate: candidate.run,
    actors,
    ...(stranger === undefined ? {} : { stranger }),
    differenceSha256,
    decision: withoutUnread(decision, all),
    filed,
  };
};

const changesBetween = (...manifests: readonly [Manifest, Manifest]): ReturnType<typeof changesOf> => changesOf({ comparison: compareManifests(manifests), manifests });

/** What cannot be read may be a withdrawal: then nothing is allowed before somebody has looked. */
const withoutUnread = (decision: ChangeDecision, filed: readonly FiledApproval[]): ChangeDecision => {
  const unread = filed.flatMap(({ path, judged }) =>
    judged.kind === 'refused' && judged.approval === undefined ? [`${path} may take an approval back, and cannot be judged: ${judged.because}`] : [],
  );
  if (decision.kind !== 'allowed' || decision.rules.length === 0 || unread.length === 0) return decision;
  return { ...decision, kind: 'undecided', because: unread };
};

type Acting = { readonly policy: Policy; readonly named: readonly string[]; readonly trust: TrustStanding };

/**
 * Everybody of whom something says that they took part: who started the run by any of the names in its record, whose keys signed it, and
 * who was named. To name somebody adds, and never takes away.
 */
const actorsOf = async (
  { manifest, statementPath }: { readonly manifest: Manifest; readonly statementPath: string },
  { policy, named, trust }: Acting,
): Promise<{ readonly actors: readonly string[]; readonly stranger: string | undefined }> => {
  const people = new Set([...policy.roles.values()].flat());
  const unknown = named.find((name) => !people.has(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, people);
    throw new TrainlockError('TL0001', `the policy does not know ${unknown === '' ? 'a person without a name' : escapeControl(unknown)}`, {
      notes: near === undefined ? [] : [`did you mean ${near}?`],
      fix: 'trainlock policy show   # lists the names',
    });
  }
  const { email, name, account } = manifest.run.participant;
  const recorded = [email, name, account].filter((one) => one !== undefined && people.has(one)) as readonly string[];
  const signed = await signersOf(statementPath, trust);
  const actors = [...new Set([...recorded, ...signed.filter((one) => people.has(one)), ...named])];
  return { actors, stranger: recorded.length === 0 ? (email ?? name) : undefined };
};

/** Whose keys signed a record, as the trust file names them; of machines nobody. */
export const signersOf = async (statementPath: string, trust: TrustStanding): Promise<readonly string[]> => {
  if (trust.kind !== 'accepted') return [];
  const { signers, keys } = trust.trust;
  const known = signers.flatMap((signer) => signer.keys.map(({ key }) => key));
  return (await sealsOf(statementPath)).flatMap(({ bytes }) => {
    const finding = findSigner(bytes, known, { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith });
    const signer = finding.kind === 'signed' ? keys.get(finding.key.keyId)?.signer : undefined;
    return signer?.kind === 'person' ? [personOf(signer)] : [];
  });
};
