import { approveCommand } from '#approval';
import { TrainlockError } from '#base';
import { type ChangePlace, changeHere } from '../policy/change-here.ts';
import { policyIfThere } from '../policy/policy-file.ts';
import type { ApprovalAnswer } from './judge-upgrade.ts';

/** What the policy of the project asks for the change from one run to the other, and the commands that give it. Never throws for a policy that cannot be used: then nobody knows. */
export const approvalOfUpgrade = async (place: ChangePlace): Promise<ApprovalAnswer> => {
  try {
    if ((await policyIfThere(place)) === undefined) return { kind: 'not-asked', because: ['the project has no policy'], commands: [] };
    const here = await changeHere(place);
    const missing = here.decision.rules.flatMap(({ requirements }) => requirements.filter((requirement) => requirement.missing > 0));
    return {
      kind: here.decision.kind,
      because: here.decision.because,
      commands: [...new Set(missing.map((requirement) => approveCommand(requirement, { ...here, environment: place.environment })))],
    };
  } catch (error) {
    if (!(error instanceof TrainlockError) || error.code === 'TL1304' || error.code === 'TL0001') throw error;
    return { kind: 'unknown', because: [`${error.message}${error.where === undefined ? '' : ` (${error.where})`}`], commands: error.fix === undefined ? [] : [error.fix] };
  }
};
