import { basename } from 'node:path';
import { countOf, TrainlockError } from '#base';
import type { GateFacts } from '#gate';
import { openStore } from '#store';
import type { Leaf, LoggedLeaf } from '#tlog';
import type { JudgedApproval, JudgedException } from '#verify';
import { filedApprovals } from '../approvals/judged-approvals.ts';
import { type FiledException, filedExceptions } from '../exceptions/filed-exceptions.ts';
import { listPopulation, type PopulationOptions } from '../list-population.ts';
import type { ChangePlace } from '../policy/change-here.ts';

type Asking = Pick<PopulationOptions, 'env' | 'projectRoot' | 'storeFolder' | 'workingDirectory'> & Pick<ChangePlace, 'trust'>;

/**
 * Whether the log of this machine knows of withdrawals whose files are gone: whoever removes a file takes it from the folder and not from
 * the log, and so with emergencies. A log that is not here, or is not whole, can say nothing. Never throws for what it finds there.
 */
export const withdrawalsInLog = async ({ trust, env, projectRoot, storeFolder, workingDirectory }: Asking): Promise<GateFacts['withdrawals']> => {
  // Nothing else of what a caller asks: another start or end of the log would hide what lies before or behind it.
  const place = { env, projectRoot, storeFolder, workingDirectory };
  try {
    const population = await listPopulation({ ...place, kinds: ['withdrawal', 'exception'] });
    if (population.kind === 'damaged') return { kind: 'unknown', because: `the log is ${population.check.kind}: ${population.check.because}` };
    if (population.kind === 'undecided') return { kind: 'unknown', because: population.because };
    const exceptions = await filedExceptions(place.projectRoot, trust);
    const gone = await goneGlass(population.events, { ...place, exceptions });
    if (gone !== undefined)
      return {
        kind: 'found',
        because: `leaf ${gone.index} of ${population.origin} says that the glass was broken for run ${gone.leaf.object.id.slice(0, 8)}, and the file that says so is gone or cannot be read`,
      };
    const folders = [await filedApprovals(place.projectRoot, trust, new Date().toISOString()), exceptions];
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

type Gone = Pick<Asking, 'projectRoot' | 'storeFolder'> & { readonly exceptions: readonly FiledException[] };

/** An emergency of a run of this project whose file was taken away: so nobody would ask for its review. Files have the name of their digest. */
const goneGlass = async (events: readonly LoggedLeaf[], { exceptions, ...place }: Gone): Promise<LoggedLeaf | undefined> => {
  const emergencies = events.filter(({ leaf }) => leaf.kind === 'exception' && leaf.object.type === 'break-glass');
  if (emergencies.length === 0) return undefined;
  const runs = new Set((await (await openStore(place)).runs()).map(({ id }) => id));
  // One that cannot be read is as gone as one that is not there.
  const names = new Set(exceptions.flatMap(({ path, judged }) => ('exception' in judged && judged.exception !== undefined ? [basename(path).slice(0, 16)] : [])));
  return emergencies.find(({ leaf }) => runs.has(leaf.object.id) && !names.has(leaf.payloadSha256.slice(0, 16)));
};

/** A withdrawal takes back what lies in the same folder; in another one it does not count. */
const hiddenIn = (judged: readonly (JudgedApproval | JudgedException)[]): ((leaf: Leaf) => boolean) => {
  const given = new Set(judged.flatMap((one) => (one.kind === 'approval' || one.kind === 'exception' ? [one.sha256] : [])));
  const withdrawals = new Set(judged.flatMap((one) => (one.kind === 'withdrawal' ? [one.sha256] : [])));
  return ({ kind, object, payloadSha256 }) => kind === 'withdrawal' && given.has(object.id) && !withdrawals.has(payloadSha256);
};
