import { pathNow } from '#manifest';
import { ofChecks } from './answers.ts';
import type { CaseFacts } from './case-facts.ts';
import type { Need } from './generated/mapping-types.ts';
import { type MetNeed, missing } from './met-need.ts';
import { recordedNeed } from './recorded-need.ts';
import { shownNeed } from './shown-need.ts';

/** What is there of one piece of evidence. */
export const weighNeed = (need: Need, facts: CaseFacts): MetNeed => {
  if (need.record !== undefined) return recordedNeed(pathNow(need.record), facts);
  if (need.check !== undefined) return checked(need.check, facts);
  return need.shown === undefined ? missing('nothing is asked') : shownNeed(need.shown, facts);
};

const checked = (name: NonNullable<Need['check']>, { verdict, files }: CaseFacts): MetNeed => {
  const evidence =
    name === 'log' ? files.proofs : name === 'signature' || name === 'trust' || name === 'time' ? (files.bundle === undefined ? [] : [files.bundle]) : [files.statement];
  const answer = ofChecks(verdict, [name], evidence);
  return { state: answer.answer === 'yes' ? 'met' : 'missing', because: `${name}: ${answer.because}`, evidence: answer.answer === 'yes' ? evidence : [] };
};
