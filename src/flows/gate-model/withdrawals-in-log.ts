import { countOf, TrainlockError } from '#base';
import type { GateFacts } from '#gate';
import { filedApprovals } from '../approvals/judged-approvals.ts';
import { listPopulation, type PopulationOptions } from '../list-population.ts';
import type { ChangePlace } from '../policy/change-here.ts';

type Asking = Pick<PopulationOptions, 'env' | 'projectRoot' | 'storeFolder' | 'workingDirectory'> & Pick<ChangePlace, 'trust'>;

/**
 * Whether the log of this machine knows of withdrawals whose files are gone: whoever removes a file takes it from the folder and not from
 * the log. A log that is not here, or is not whole, can say nothing. Never throws for what it finds there.
 */
export const withdrawalsInLog = async ({ trust, ...place }: Asking): Promise<GateFacts['withdrawals']> => {
  try {
    const population = await listPopulation({ ...place, kinds: ['withdrawal'] });
    if (population.kind === 'damaged') return { kind: 'unknown', because: `the log is ${population.check.kind}: ${population.check.because}` };
    if (population.kind === 'undecided') return { kind: 'unknown', because: population.because };
    const filed = await filedApprovals(place.projectRoot, trust, new Date().toISOString());
    const withdrawn = new Set(filed.flatMap(({ judged }) => (judged.kind === 'withdrawal' ? [judged.withdrawal.approvalSha256] : [])));
    const approvals = new Set(filed.flatMap(({ judged }) => (judged.kind === 'approval' ? [judged.sha256] : [])));
    const hidden = population.events.find(({ leaf }) => approvals.has(leaf.object.id) && !withdrawn.has(leaf.object.id));
    if (hidden !== undefined)
      return {
        kind: 'found',
        because: `leaf ${hidden.index} of ${population.origin} takes the approval ${hidden.leaf.object.id.slice(0, 12)} back, and the file that says so is gone`,
      };
    return { kind: 'none', because: `${population.origin} with ${countOf(population.to, 'leaf', 'leaves')} knows of no other withdrawal` };
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return { kind: 'unknown', because: `whether approvals were withdrawn cannot be seen: ${error.message}` };
  }
};
