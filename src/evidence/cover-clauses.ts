import type { CheckName } from '#verify';
import { runAnswers } from './answers.ts';
import type { CaseFacts, EvidencePointer } from './case-facts.ts';
import type { MetNeed } from './met-need.ts';
import type { MappedClause, Mapping } from './read-mapping.ts';
import { weighNeed } from './weigh-need.ts';

/** There is no word for compliant: whether a clause is fulfilled is for people. */
export type CoverageState = 'evidenced' | 'partial' | 'human-statement' | 'not-evidenced';

export type CoveredClause = Pick<MappedClause, 'clause' | 'asks' | 'isDraft' | 'beyond'> & {
  readonly state: CoverageState;
  /** Why, the weakest first. */
  readonly because: readonly string[];
  readonly evidence: readonly EvidencePointer[];
  readonly commands: readonly string[];
};

export type Coverage = {
  readonly map: Pick<Mapping, 'id' | 'title' | 'date' | 'sha256'> & { readonly isDraft: boolean; readonly notes: readonly string[] };
  /** Whether something speaks against the record itself: then nothing rests on it. */
  readonly isBroken: boolean;
  readonly clauses: readonly CoveredClause[];
  /** What no record can show, whatever the framework asks. */
  readonly neverEvidenced: readonly string[];
};

/** What trainlock cannot evidence, in any framework. */
const NEVER_EVIDENCED: readonly string[] = [
  'whether bias is small enough',
  'whether the intended use is a fitting one',
  'whether people were trained',
  'whether a risk is acceptable',
  'what the deployed model answered: logs of inference',
  'conformity with any law or norm',
];

/** What the record and what lies beside it show for each clause of a map. */
export const coverClauses = (mapping: Mapping, facts: CaseFacts): Coverage => {
  const broken = brokenRecord(facts);
  const { id, title, date, sha256, notes = [], clauses } = mapping;
  return {
    map: { id, title, date, sha256, isDraft: clauses.some(({ isDraft }) => isDraft), notes },
    isBroken: broken !== undefined,
    clauses: clauses.map((clause) => coverClause(clause, facts, broken)),
    neverEvidenced: NEVER_EVIDENCED,
  };
};

/** Checks that say whether the record may be believed at all. */
const OF_RECORD: ReadonlySet<CheckName> = new Set(['payload', 'schema', 'identity', 'view', 'subjects', 'signature', 'trust', 'log', 'statements']);

/** Why nothing may rest on the record; undefined if nothing speaks against it. */
const brokenRecord = ({ verdict }: CaseFacts): string | undefined => {
  const broken = verdict.checks.find(({ name, outcome }) => outcome === 'broken' && OF_RECORD.has(name));
  return broken === undefined ? undefined : `the record does not hold: ${broken.name}: ${broken.because}`;
};

const coverClause = ({ clause, asks, isDraft, beyond, needs = [], commands = [] }: MappedClause, facts: CaseFacts, broken: string | undefined): CoveredClause => {
  const about = { clause, asks, isDraft, commands, ...(beyond === undefined ? {} : { beyond }) };
  if (broken !== undefined) return { ...about, state: 'not-evidenced', because: [broken], evidence: [] };
  const found = needs.map((need) => ({ need, met: weighNeed(need, facts) }));
  const isUnsigned = found.some(({ need, met }) => need.record !== undefined && met.state !== 'missing') && runAnswers(facts).signed.answer !== 'yes';
  const state = stateOf(
    found.map(({ met }) => met),
    { isCapped: beyond !== undefined || isUnsigned },
  );
  const reasons = found.map(({ met }) => met).toSorted((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state));
  return {
    ...about,
    state,
    because: [...(isUnsigned ? ['no signature that counts stands behind the record'] : []), ...reasons.map(({ because }) => because)],
    evidence: reasons.flatMap(({ evidence }) => evidence),
  };
};

const RANK: readonly MetNeed['state'][] = ['missing', 'partly', 'stated', 'met'];

/** The weakest need decides; nothing that is stated becomes evidence, and what is capped stays partial. */
const stateOf = (needs: readonly MetNeed[], { isCapped }: { readonly isCapped: boolean }): CoverageState => {
  if (needs.every(({ state }) => state === 'missing')) return 'not-evidenced';
  if (needs.some(({ state }) => state === 'missing' || state === 'partly')) return 'partial';
  if (needs.some(({ state }) => state === 'stated')) return 'human-statement';
  return isCapped ? 'partial' : 'evidenced';
};
