import { approvalChain, type ChainPlace } from '../gate-model/approval-chain.ts';
import { type ExactRecord, recordWithDigest } from '../policy/exact-record.ts';

type Place = Omit<ChainPlace, 'candidate' | 'environment' | 'against'>;

/** Most records that are looked at, the newest approvals first. */
const MOST = 20;

/** The runs of this project that were approved for any environment, the newest approval first. Throws as changeHere does. */
export const approvedRuns = async (place: Place): Promise<readonly ExactRecord[]> => {
  const { policy, store, filed } = place.read;
  const given = filed.flatMap(({ judged }) => (judged.kind === 'approval' ? [judged.approval] : [])).toSorted((a, b) => (a.approvedAt < b.approvedAt ? 1 : -1));
  const candidates = [...new Set(given.map(({ change }) => change.candidate.manifestSha256))].slice(0, MOST);
  const environments = policy.environments.size === 0 ? ['any'] : [...policy.environments.keys()];
  const approved: ExactRecord[] = [];
  for (const manifestSha256 of candidates) {
    const record = await recordWithDigest(store, manifestSha256).catch(() => undefined);
    if (record !== undefined && (await isApproved(place, record, environments))) approved.push(record);
  }
  return approved;
};

const isApproved = async (place: Place, record: ExactRecord, environments: readonly string[]): Promise<boolean> => {
  for (const environment of environments) {
    const chain = await approvalChain({ ...place, environment, candidate: { record, manifestSha256: record.sha256 } });
    if (chain.kind === 'allowed') return true;
  }
  return false;
};
