import { TrainlockError } from '#base';
import type { RunRecord, Store } from '#store';
import { approvedRuns } from '../enforce/approved-runs.ts';
import { type ChangePlace, readProject } from '../policy/change-here.ts';
import { policyIfThere } from '../policy/policy-file.ts';

/** The run that is updated. How it was chosen is told where nobody named it. */
export type UpgradeSubject = { readonly run: RunRecord; readonly chosen?: 'the last that was approved' | 'the last' };

/**
 * The named run; else the one that was approved last, and where none is, the last that is itself no update: the same words mean the same
 * run then when they are said again. Throws as the store does, and TL1301 for a policy that cannot be understood.
 */
export const subjectOf = async (store: Store, reference: string | undefined, place: Omit<ChangePlace, 'baseline' | 'candidate'>): Promise<UpgradeSubject> => {
  if (reference !== undefined) return { run: await store.find(reference, place.workingDirectory) };
  const approved = (await policyIfThere(place)) === undefined ? [] : await approvedRuns({ ...place, actors: [], read: await readProject(place) });
  if (approved[0] !== undefined) return { run: approved[0].run, chosen: 'the last that was approved' };
  for (const run of (await store.runs()).toReversed()) if (run.kind === 'run' && run.state === 'finished' && !(await isUpgrade(run))) return { run, chosen: 'the last' };
  throw new TrainlockError('TL0301', 'no finished run was recorded in this project', { fix: 'trainlock run --why "baseline" -- python train.py' });
};

/** What cannot be read is told when it is used. */
const isUpgrade = (run: RunRecord): Promise<boolean> =>
  run.manifest().then(
    ({ run: { parents = [] } }) => parents.some(({ kind }) => kind === 'upgrade'),
    () => false,
  );
