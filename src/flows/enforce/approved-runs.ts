import type { Policy } from '#approval';
import type { Manifest } from '#manifest';
import { openStore, type RunRecord } from '#store';
import { filedApprovals } from '../approvals/judged-approvals.ts';
import { approvalChain, type ChainPlace } from '../gate-model/approval-chain.ts';

export type ApprovedRun = { readonly run: RunRecord; readonly manifest: Manifest };

type Place = Omit<ChainPlace, 'candidate' | 'environment' | 'against'> & { readonly policy: Policy };

/** Most records that are looked at, the newest approvals first. */
const MOST = 20;

/** The runs of this project that were approved for any environment, the newest approval first. Throws as changeHere does. */
export const approvedRuns = async ({ policy, ...place }: Place): Promise<readonly ApprovedRun[]> => {
  const store = await openStore({ projectRoot: place.projectRoot, storeFolder: place.storeFolder });
  const filed = await filedApprovals(place.projectRoot, place.trust, new Date().toISOString());
  const given = filed.flatMap(({ judged }) => (judged.kind === 'approval' ? [judged.approval] : [])).toSorted((a, b) => (a.approvedAt < b.approvedAt ? 1 : -1));
  const candidates = [...new Set(given.map(({ change }) => change.candidate.manifestSha256))].slice(0, MOST);
  const environments = policy.environments.size === 0 ? ['any'] : [...policy.environments.keys()];
  const approved: ApprovedRun[] = [];
  for (const manifestSha256 of candidates) {
    const run = (await store.runs()).find((one) => one.manifestSha256 === manifestSha256);
    if (run === undefined || !(await isApproved(place, manifestSha256, environments))) continue;
    const manifest = await run.manifest().catch(() => undefined);
    if (manifest !== undefined) approved.push({ run, manifest });
  }
  return approved;
};

const isApproved = async (place: Omit<Place, 'policy'>, manifestSha256: string, environments: readonly string[]): Promise<boolean> => {
  for (const environment of environments) {
    const chain = await approvalChain({ ...place, environment, candidate: { reference: manifestSha256, manifestSha256 } });
    if (chain.kind === 'allowed') return true;
  }
  return false;
};
