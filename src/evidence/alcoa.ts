import { countOf } from '#base';
import { compareTimes, isTime } from '#trust';
import { type Answer, ofChecks, runAnswers } from './answers.ts';
import type { CaseFacts, EvidencePointer } from './case-facts.ts';

export type AlcoaLetter = {
  readonly letter: string;
  readonly principle: string;
  readonly state: 'pass' | 'fail' | 'not-applicable' | 'not-checked';
  readonly because: string;
  readonly evidence: readonly EvidencePointer[];
};

/** The nine principles of ALCOA+ for one record, each from what was looked at now. */
export const alcoaLetters = (facts: CaseFacts): readonly AlcoaLetter[] => [
  letter('A', 'Attributable', attributable(facts)),
  letter('L', 'Legible', withView(facts)),
  letter('C', 'Contemporaneous', ofChecks(facts.verdict, ['time'], facts.files.bundle === undefined ? [] : [facts.files.bundle])),
  letter('O', 'Original', ofChecks(facts.verdict, ['payload', 'identity', 'subjects'], [facts.files.statement])),
  accurate(facts),
  letter('C', 'Complete', complete(facts)),
  letter('C', 'Consistent', consistent(facts)),
  letter('E', 'Enduring', enduring(facts)),
  letter('A', 'Available', available(facts)),
];

const STATES = { yes: 'pass', no: 'fail', 'not-checked': 'not-checked' } as const;

const letter = (name: string, principle: string, { answer, because, evidence }: Answer): AlcoaLetter => ({ letter: name, principle, state: STATES[answer], because, evidence });

/** Who is named in the record, and who signed for it. */
const attributable = (facts: CaseFacts): Answer => {
  const { signed } = runAnswers(facts);
  const { name, source } = facts.manifest.run.participant;
  const evidence = [...signed.evidence, { ...facts.files.statement, pointer: '/predicate/run/participant' }];
  return { ...signed, because: `started by ${name} (${source}); ${signed.because}`, evidence: signed.answer === 'not-checked' ? [] : evidence };
};

const withView = ({ verdict, files }: CaseFacts): Answer => ofChecks(verdict, ['view'], files.view === undefined ? [] : [files.view]);

const accurate = (facts: CaseFacts): AlcoaLetter => {
  const about = { letter: 'A', principle: 'Accurate' };
  const { replayed } = runAnswers(facts);
  const { statement } = facts.files;
  if (facts.manifest.outputs.length === 0)
    return { ...about, state: 'not-applicable', because: 'the run has no outputs', evidence: [{ ...statement, pointer: '/predicate/outputs' }] };
  const outputs = ofChecks(facts.verdict, ['outputs'], [{ ...statement, pointer: '/predicate/outputs' }]);
  if (outputs.answer !== 'yes') return { ...about, state: STATES[outputs.answer], because: `outputs: ${outputs.because}`, evidence: outputs.evidence };
  return {
    ...about,
    state: STATES[replayed.answer],
    because: `outputs are as recorded; replayed: ${replayed.because}`,
    evidence: replayed.answer === 'not-checked' ? [] : [...outputs.evidence, ...replayed.evidence],
  };
};

/** Everything that was recorded is there, the log knows of it, and the record itself knows of no gap. */
const complete = (facts: CaseFacts): Answer => {
  const { gaps } = facts.manifest.capture;
  const names = (['events', 'logs'] as const).filter((name) => facts.verdict.checks.some((check) => check.name === name && check.outcome !== 'not-asked'));
  const kept = ofChecks(facts.verdict, [...names, 'log'], [facts.files.statement, ...facts.files.proofs]);
  if (kept.answer === 'no' || gaps.length === 0) return kept;
  const [first] = gaps;
  return {
    answer: 'no',
    because: `${countOf(gaps.length, 'place')} that nobody saw: ${first!.about}: ${first!.reason}`,
    evidence: [{ ...facts.files.statement, pointer: '/predicate/capture/gaps' }],
  };
};

/** It fits its schema, and its times are in order. */
const consistent = ({ verdict, manifest, files }: CaseFacts): Answer => {
  const { startedAt, finishedAt } = manifest.run;
  const times = [startedAt, ...(finishedAt === undefined ? [] : [finishedAt]), ...(manifest.capture.completedAt === undefined ? [] : [manifest.capture.completedAt])];
  const evidence = [{ ...files.statement, pointer: '/predicate/run' }];
  const late = times.every(isTime) ? times.findIndex((time, at) => at > 0 && compareTimes(times[at - 1]!, time) > 0) : -1;
  if (late > 0) return { answer: 'no', because: `its times are not in order: ${times[late - 1]} stands before ${times[late]}`, evidence };
  return ofChecks(verdict, ['schema'], [files.statement]);
};

const enduring = (facts: CaseFacts): Answer => {
  const objects = ofChecks(facts.verdict, ['objects'], [facts.files.statement]);
  if (objects.answer === 'no') return objects;
  return facts.isKept
    ? { answer: 'yes', because: 'git keeps the record', evidence: [facts.files.statement] }
    : { answer: 'not-checked', because: 'only this store was seen to have it: trainlock keep RUN lets git keep it', evidence: [] };
};

const available = ({ verdict, files }: CaseFacts): Answer => {
  const objects = ofChecks(verdict, ['payload', 'objects'], [files.statement]);
  return objects.answer === 'yes' ? { ...objects, because: 'the record and the stored bytes that it names were read now, without a network' } : objects;
};
