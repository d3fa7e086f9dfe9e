import { countOf, TrainlockError } from '#base';
import type { GateFacts } from '#gate';
import type { Leaf } from '#tlog';
import type { JudgedApproval, JudgedException } from '#verify';
import { filedApprovals } from '../approvals/judged-approvals.ts';
import { filedExceptions } from '../exceptions/filed-exceptions.ts';
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
    const folders = [await filedApprovals(place.projectRoot, trust, new Date().toISOString()), await filedExceptions(place.projectRoot, trust)];
    const isHidden = folders.map((filed) => hiddenIn(filed.map(({ judged }) => judged)));
    const hidden = population.events.find(({ leaf }) => isHidden.some((one) => one(leaf)));
    if (hidden !== undefined)
      return {
        kind: 'found',
        because: `leaf ${hidden.index} of ${population.origin} takes the ${hidden.leaf.object.type} ${hidden.leaf.object.id.slice(0, 12)} back, and the file that says so is gone`,
      };
    return { kind: 'none', because: `${population.origin} with ${countOf(population.to, 'leaf', 'leaves')} knows of no other withdrawal` };
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return { kind: 'unknown', because: `whether approvals or exceptions were withdrawn cannot be seen: ${error.message}` };
  }
};

/** A withdrawal takes back what lies in the same folder; in another one it does not count. */
const hiddenIn = (judged: readonly (JudgedApproval | JudgedException)[]): ((leaf: Leaf) => boolean) => {
  const given = new Set(judged.flatMap((one) => (one.kind === 'approval' || one.kind === 'exception' ? [one.sha256] : [])));
  const withdrawals = new Set(judged.flatMap((one) => (one.kind === 'withdrawal' ? [one.sha256] : [])));
  return ({ object, payloadSha256 }) => given.has(object.id) && !withdrawals.has(payloadSha256);
};
