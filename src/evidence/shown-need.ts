import { compareTimes, isTime } from '#trust';
import type { CaseFacts } from './case-facts.ts';
import type { Need } from './generated/mapping-types.ts';
import { type MetNeed, missing } from './met-need.ts';
import { replayAnswer } from './replay-answer.ts';

/** What was done with a run besides recording it. */
export const shownNeed = (what: NonNullable<Need['shown']>, facts: CaseFacts): MetNeed => {
  switch (what) {
    case 'replay': {
      const { answer, because, evidence } = replayAnswer(facts);
      return answer === 'yes' ? { state: 'met', because: `replayed: ${because}`, evidence } : missing(`replayed: ${because}`);
    }
    case 'independent-replay': {
      const { answer, because } = replayAnswer(facts);
      const found = facts.replays.find(({ isIndependent, outcome }) => isIndependent && outcome !== 'not-counted' && outcome !== 'undecided');
      if (answer !== 'yes') return missing(`replayed: ${because}`);
      return found === undefined
        ? missing('no replay is signed by a person whom the trust file names and who did not sign the run')
        : { state: 'met', because: 'replayed by a person who did not sign the run', evidence: found.evidence };
    }
    case 'approval':
      return approved(facts);
    case 'review':
      return reviewed(facts);
    case 'policy':
      return facts.files.policy === undefined
        ? missing('there is no policy that can be understood')
        : { state: 'met', because: 'there is a policy', evidence: [facts.files.policy] };
    case 'criteria-first':
      return criteriaFirst(facts);
    case 'kept':
      return facts.isKept ? { state: 'met', because: 'git keeps the record', evidence: [facts.files.statement] } : missing('git does not keep the record: trainlock keep RUN');
  }
};

const approved = ({ approval, files }: CaseFacts): MetNeed => {
  if (approval.kind === 'not-asked') return missing(approval.because);
  const counted = approval.given.filter(({ counts }) => counts);
  if (approval.decision !== 'allowed' || counted.length === 0) return missing(`approval: ${approval.because[0] ?? 'there is none'}`);
  const people = [...new Set(counted.map(({ person }) => person))].join(', ');
  const evidence = [...counted.map((one) => one.evidence), ...(files.policy === undefined ? [] : [files.policy])];
  if (approval.isSolo) return { state: 'stated', because: `approved by ${people}; the policy lets one person do everything`, evidence };
  return { state: 'met', because: `approved by ${people}, who did not make the change`, evidence };
};

const reviewed = ({ approval }: CaseFacts): MetNeed => {
  if (approval.kind === 'not-asked') return missing(approval.because);
  const signed = approval.given.filter(({ isSigned, counts, meaning }) => isSigned && (counts || meaning === 'review'));
  if (signed.length === 0) return missing('nobody whose key counts has signed a review or an approval of it');
  return { state: 'stated', because: `signed by ${[...new Set(signed.map(({ person }) => person))].join(', ')}`, evidence: signed.map(({ evidence }) => evidence) };
};

const criteriaFirst = ({ manifest, files }: CaseFacts): MetNeed => {
  const { criteria = [], declaredAt, metrics } = manifest.evaluation;
  const evidence = [{ ...files.statement, pointer: '/predicate/evaluation' }];
  if (criteria.length === 0 || declaredAt === undefined) return missing('no criteria were declared');
  const results = [...metrics.flatMap(({ at }) => (at === undefined ? [] : [at])), ...(manifest.run.finishedAt === undefined ? [] : [manifest.run.finishedAt])];
  if (results.length === 0 || ![declaredAt, ...results].every(isTime)) return missing('it is not recorded when results came out');
  if (results.some((at) => compareTimes(declaredAt, at) > 0)) return missing('criteria were declared after a result was there');
  return { state: 'met', because: `criteria were declared ${declaredAt}, before any result`, evidence };
};
