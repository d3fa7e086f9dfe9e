import { countOf } from '#base';
import type { Check, CheckName, Verdict } from '#verify';
import type { CaseFacts, EvidencePointer } from './case-facts.ts';
import { replayAnswer } from './replay-answer.ts';

/** What is not there is not checked, and never a yes. */
export type AnswerWord = 'yes' | 'no' | 'not-checked';

export type Answer = { readonly answer: AnswerWord; readonly because: string; readonly evidence: readonly EvidencePointer[] };

export const QUESTIONS = ['signed', 'in log', 'data verified', 'replayed', 'approved', 'deployed'] as const;

export type RunAnswers = Readonly<Record<(typeof QUESTIONS)[number], Answer>>;

/** The six questions that everybody asks about a run, each answered from what was fetched now. */
export const runAnswers = (facts: CaseFacts): RunAnswers => ({
  signed: signedAnswer(facts),
  'in log': ofChecks(facts.verdict, ['log'], facts.files.proofs),
  'data verified': dataAnswer(facts),
  replayed: replayAnswer(facts),
  approved: approvedAnswer(facts),
  deployed: deployedAnswer(facts),
});

/** Yes if every asked check of these names held, and each name was asked. */
export const ofChecks = ({ checks }: Pick<Verdict, 'checks'>, names: readonly CheckName[], evidence: readonly EvidencePointer[]): Answer => {
  const asked = checks.filter(({ name, outcome }) => names.includes(name) && outcome !== 'not-asked');
  const broken = asked.filter(({ outcome }) => outcome === 'broken');
  if (broken.length > 0) return { answer: 'no', because: becauseOf(broken), evidence };
  const unknown = asked.filter(({ outcome }) => outcome === 'unknown');
  if (unknown.length > 0) return { answer: 'not-checked', because: becauseOf(unknown), evidence: [] };
  const missing = names.find((name) => !asked.some((check) => check.name === name));
  if (missing !== undefined) return { answer: 'not-checked', because: checks.find(({ name }) => name === missing)?.because ?? 'it was not asked', evidence: [] };
  return { answer: 'yes', because: becauseOf(asked), evidence };
};

/** The first reason, and how many more there are. */
const becauseOf = (checks: readonly Check[]): string => {
  const [first, ...others] = checks;
  if (first === undefined) return '';
  return `${first.about === undefined ? '' : `${first.about.replace('${project}/', '')}: `}${first.because}${others.length === 0 ? '' : ` and ${others.length} more`}`;
};

/** A promotion says what should run; what runs nobody has seen. */
const deployedAnswer = ({ promoted }: CaseFacts): Answer => ({
  answer: 'not-checked',
  because: promoted.length === 0 ? 'nobody has promoted it' : `${promoted.join('; ')}; whether it runs there was not looked at`,
  evidence: [],
});

const signedAnswer = ({ verdict, files }: CaseFacts): Answer => {
  const evidence = files.bundle === undefined ? [] : [files.bundle];
  const signature = ofChecks(verdict, ['signature'], evidence);
  const trust = ofChecks(verdict, ['trust'], evidence);
  // Whose signature it is tells more than that there is one.
  return signature.answer === 'yes' ? trust : signature;
};

const dataAnswer = ({ verdict, manifest, files }: CaseFacts): Answer => {
  const answer = ofChecks(verdict, ['data'], [{ ...files.statement, pointer: '/predicate/data' }]);
  const held = verdict.checks.filter(({ name, outcome }) => name === 'data' && outcome === 'held').length;
  if (answer.answer !== 'yes') return answer;
  return manifest.data.length === 0
    ? { answer: 'not-checked', because: 'the record names no data', evidence: [] }
    : { ...answer, because: `${countOf(held, 'file or data set', 'files and data sets')} as recorded` };
};

const approvedAnswer = ({ approval, files }: CaseFacts): Answer => {
  if (approval.kind === 'not-asked') return { answer: 'not-checked', because: approval.because, evidence: [] };
  const { baseline } = approval;
  const from = baseline === undefined ? 'as the first' : `as successor of ${baseline.name ?? baseline.runId.slice(0, 8)}`;
  const counted = approval.given.filter(({ counts }) => counts);
  const evidence = [...counted.map((one) => one.evidence), ...(files.policy === undefined ? [] : [files.policy])];
  const reason = approval.because[0] ?? '';
  switch (approval.decision) {
    case 'allowed':
      if (!approval.hasRules || counted.length === 0) return { answer: 'not-checked', because: `${from} it needs no approval: ${reason}`, evidence: [] };
      return {
        answer: 'yes',
        because: `${from}, by ${[...new Set(counted.map(({ person }) => person))].join(', ')}${approval.isSolo ? '; the policy lets one person do everything' : ''}`,
        evidence,
      };
    case 'denied':
      return { answer: 'no', because: `${from} the policy denies it: ${reason}`, evidence };
    case 'undecided':
      return { answer: 'no', because: `${from} something is missing: ${reason}`, evidence };
  }
};
