import { escapeControl, shellWord } from '#base';
import type { RuleAnswer } from './judge-change.ts';
import type { ReplayAnswer } from './judge-replays.ts';

type Change = {
  /** Absent: the candidate follows nothing. */
  readonly baseline?: { readonly runId: string };
  readonly candidate: { readonly runId: string };
  /** Absent: for every environment. */
  readonly environment?: string | undefined;
};

/** The command that gives an approval which a rule asks for, and who may give it. */
export const approveCommand = ({ roles, eligible }: RuleAnswer['requirements'][number], { baseline, candidate, environment }: Change): string => {
  const against = baseline === undefined ? 'none' : baseline.runId.slice(0, 8);
  const who = eligible.length === 0 ? 'nobody may: see trainlock policy lint' : `as ${eligible.map((one) => escapeControl(one)).join(' or ')}`;
  return `trainlock approve ${candidate.runId.slice(0, 8)} --against ${against} --role ${roles[0]}${environment === undefined ? '' : ` --environment ${shellWord(escapeControl(environment))}`} --reason "…"   # ${who}`;
};

/** The command that gives a replay which a rule asks for, and who may give it. */
export const replayCommand = ({ asked }: Pick<ReplayAnswer, 'asked'>, { candidate }: Pick<Change, 'candidate'>): string =>
  `trainlock replay ${candidate.runId.slice(0, 8)}${asked === 'independent' ? '   # by another person, on another host' : ''}`;
