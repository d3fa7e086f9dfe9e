import { describe, expect, it } from 'vitest';
import type { EnvironmentRules } from '#approval';
import type { Check, CheckName, Verdict } from '#verify';
import type { SampleComparison, SampleDeparture } from '#snapshot';
import type { CanaryFact, EnvironmentFact, GateFacts, ReplayEvidence, UpstreamFact } from './gate-facts.ts';
import { CRITICAL_FINDING_IDS, type GateFindingId, type GateStep, type StepName } from './gate-finding.ts';
import { judgeGate } from './judge-gate.ts';
import { isProvenRecord } from './steps/record-steps.ts';

const STRICT: EnvironmentRules = {
  isStrict: true,
  log: 'required',
  criteria: 'required',
  acceptance: [],
  canary: 'tolerance',
  replay: 'none',
  upstream: 'none',
  tolerates: 'none',
};
const LOOSE: EnvironmentRules = { isStrict: false, log: 'none', criteria: 'declared', acceptance: [], canary: 'none', replay: 'none', upstream: 'none', tolerates: 'low' };

const CHECKS: readonly CheckName[] = ['payload', 'schema', 'identity', 'view', 'subjects', 'signature', 'trust', 'log'];

const check = (name: CheckName, outcome: Check['outcome'] = 'held'): Check => ({ name, outcome, because: `${name} ${outcome}` });

const verdictOf = (changed: Partial<Record<CheckName, Check['outcome'] | 'absent'>> = {}): Verdict => ({
  kind: 'proven',
  question: '',
  checks: CHECKS.flatMap((name) => (changed[name] === 'absent' ? [] : [check(name, changed[name])])),
  manifestSha256: 'ab'.repeat(32),
  gaps: [],
  unknownFields: [],
});

const metric = (value: string): GateFacts['manifest'] => ({
  evaluation: {
    criteria: [{ metric: 'accuracy', operator: '>=', value: '0.9' }],
    metrics: [{ name: 'accuracy', value, source: 'declared', trust: 'reported' }],
    verdict: { kind: 'met' },
  } as never,
});

const BIT: CanaryFact = { kind: 'compared', outcome: { kind: 'bit', because: 'the same bytes' } };
const NEAR: CanaryFact = { kind: 'compared', outcome: { kind: 'tolerance', because: 'near', rows: 2, flips: 0, maxAbsolute: 1e-9, differing: [] } };
const FAR: CanaryFact = { kind: 'compared', outcome: { kind: 'different', because: 'far', rows: 2, flips: 2, maxAbsolute: 0, differing: [] } };
const OTHER: CanaryFact = { kind: 'compared', outcome: { kind: 'other', because: 'other columns' } };

const difference = (severity: EnvironmentFact['severity'], outcome: EnvironmentFact['outcome'] = 'wrong'): EnvironmentFact => ({
  id: 'TL3001',
  severity,
  outcome,
  about: 'package numpy',
  because: '1 was recorded, here 2',
  remedies: ['pip install numpy==1'],
});

const sampled = (changed: Partial<SampleComparison> = {}, more: { readonly rows?: number; readonly hasMore?: boolean } = {}): Pick<GateFacts, 'upstream'> => ({
  upstream: {
    kind: 'compared',
    dataSet: 'train',
    rows: 1000,
    hasMore: false,
    ...more,
    comparison: { departures: [], columns: ['age', 'height'], unseen: [], untrained: [], ...changed },
  },
});

const departing = (...departures: readonly SampleDeparture[]): Pick<GateFacts, 'upstream'> => sampled({ departures });

const UNREADABLE: UpstreamFact = { kind: 'unknown', because: 'the sample cannot be read', remedies: ['give a table'] };

const SAMPLED: EnvironmentRules = { ...STRICT, upstream: 'required' };

/** Everything is as it should be. */
const FACTS: GateFacts = {
  reference: 'abcdef12',
  environment: 'production',
  rules: STRICT,
  isSolo: false,
  verdict: verdictOf(),
  manifest: metric('0.95')!,
  withdrawals: { kind: 'none', because: 'none' },
  life: { undecided: [], deprecated: [], told: [] },
  review: { kind: 'not-asked', because: 'the policy does not say how often' },
  approvals: { kind: 'allowed', reasons: [], chain: ['first'] },
  models: [{ path: 'model.joblib', state: 'same', remedies: [] }],
  serving: [{ path: 'predict.py', state: 'same', remedies: [] }],
  replays: [],
  evaluations: [],
  canary: BIT,
  differences: [],
  upstream: { kind: 'none' },
  exceptions: [],
  uncounted: [],
  owedReviews: [],
  replaysLeftOut: 0,
  unjudgedGlass: [],
};

const judged = (changed: Partial<GateFacts>): string => judgeGate({ ...FACTS, ...changed }).kind;

const approvals = (kind: 'denied' | 'undecided', because: readonly string[] = ['why']): GateFacts['approvals'] => ({
  kind,
  reasons: because.map((reason) => ({ because: reason, remedies: ['approve'] })),
  chain: [],
});

const stepOf = (changed: Partial<GateFacts>, name: StepName) => judgeGate({ ...FACTS, ...changed }).steps.find((step) => step.name === name)!;

const REPLAYED: EnvironmentRules = { ...STRICT, replay: 'any' };
const INDEPENDENT: EnvironmentRules = { ...STRICT, replay: 'independent' };
const LIMITED: EnvironmentRules = { ...STRICT, evaluations: { most: 2, isProven: false } };

const looked = (count: number, ...atLeast: readonly string[]): GateFacts['evaluations'] => [{ name: 'test', count, atLeast }];

const replay = (changed: Partial<ReplayEvidence> = {}): ReplayEvidence => ({
  runId: 'fedcba98',
  outcome: 'same',
  because: 'identical',
  host: 'other',
  isByAnother: true,
  ...changed,
});

const textOfStep = ({ name, outcome, because, findings }: GateStep): string =>
  [
    `${name} ${outcome}: ${because}`,
    ...findings.map(({ id, severity, outcome: found, about, because: why, remedies, excused }) =>
      [
        `  ${id} ${severity} ${found}${about === undefined ? '' : ` ${about}`}: ${why}`,
        ...remedies.map((remedy) => `    fix: ${remedy}`),
        ...(excused === undefined ? [] : [`    ${excused.by}: ${excused.because}`]),
      ].join('\n'),
    ),
  ].join('\n');

describe('a gate', () => {
  it('lets through what is as it should be, and says of every question how it was answered', () => {
    const decision = judgeGate(FACTS);
    expect(decision.kind).toBe('allowed');
    expect(decision.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'record held',
      'signature held',
      'log held',
      'life held',
      'review not-asked',
      'approvals held',
      'model held',
      'criteria held',
      'evaluations not-asked',
      'replay not-asked',
      'serving held',
      'canary held',
      'environment held',
      'upstream not-asked',
    ]);
  });

  const model = (state: GateFacts['models'][number]['state']): GateFacts['models'] => [{ path: 'model.joblib', state, remedies: [] }];

  /** Each thing that is asked, crossed with what can be wrong with it, in a strict environment. */
  const WRONG: readonly (readonly [string, Partial<GateFacts>, 'denied' | 'undecided', StepName])[] = [
    ...CHECKS.flatMap((name): readonly [string, Partial<GateFacts>, 'denied' | 'undecided', StepName][] => {
      const step: StepName = name === 'log' ? 'log' : name === 'signature' || name === 'trust' ? 'signature' : 'record';
      return [
        [`${name} is broken`, { verdict: verdictOf({ [name]: 'broken' }) }, 'denied', step],
        [`${name} is unknown`, { verdict: verdictOf({ [name]: 'unknown' }) }, 'undecided', step],
      ];
    }),
    ['nothing was checked of the record', { verdict: { ...verdictOf(), checks: [] } }, 'undecided', 'record'],
    ['the signature was not asked', { verdict: verdictOf({ signature: 'not-asked' }) }, 'undecided', 'signature'],
    ['there is no check of trust', { verdict: verdictOf({ trust: 'absent' }) }, 'undecided', 'signature'],
    ['the log was not asked', { verdict: verdictOf({ log: 'not-asked' }) }, 'undecided', 'log'],
    ['an event log is damaged', { ...withCheck('events', 'broken') }, 'denied', 'record'],
    ['a withdrawal is in the log only', { withdrawals: { kind: 'found', because: 'leaf 3' } }, 'denied', 'log'],
    ['withdrawals cannot be seen', { withdrawals: { kind: 'unknown', because: 'no log' } }, 'undecided', 'log'],
    ['withdrawals were not asked', { withdrawals: { kind: 'not-asked', because: '' } }, 'undecided', 'log'],
    ['what was said of it is contradictory', { life: { undecided: ['two amendments follow one'], deprecated: [], told: ['amended'] } }, 'undecided', 'life'],
    [
      'it is deprecated',
      { life: { undecided: [], deprecated: [{ about: 'this run', sha256: 'd1'.repeat(32), isRun: true, because: 'leaked data' }], told: [] } },
      'denied',
      'life',
    ],
    [
      'a package in it is deprecated',
      { life: { undecided: [], deprecated: [{ about: 'package numpy', sha256: 'd1'.repeat(32), isRun: false, because: 'overflows' }], told: [] } },
      'denied',
      'life',
    ],
    ['a review is due', { review: { kind: 'asked', state: 'due', because: ['nobody has reviewed it', 'data-change: other data'] } }, 'denied', 'review'],
    ['nobody knows whether a review is due', { review: { kind: 'asked', state: 'unknown', because: ['no tier'] } }, 'undecided', 'review'],
    ['the change is denied', { approvals: approvals('denied') }, 'denied', 'approvals'],
    ['the change is not approved', { approvals: approvals('undecided') }, 'undecided', 'approvals'],
    ['the change is denied, and nobody says why', { approvals: approvals('denied', []) }, 'undecided', 'approvals'],
    ['one person alone decides', { isSolo: true }, 'denied', 'approvals'],
    ['there is no model', { models: [] }, 'undecided', 'model'],
    ['the model has other bytes', { models: model('differs') }, 'denied', 'model'],
    ['the model is not there', { models: model('absent') }, 'undecided', 'model'],
    ['the model cannot be read', { models: model('unreadable') }, 'undecided', 'model'],
    ['one of two models has other bytes', { models: [...model('same'), ...model('differs')] }, 'denied', 'model'],
    ['a criterion is not met', { manifest: metric('0.5')! }, 'denied', 'criteria'],
    ['a criterion is not met by what is no number', { manifest: metric('NaN')! }, 'denied', 'criteria'],
    ['the metric was not reported', { manifest: { evaluation: { ...metric('1')!.evaluation, metrics: [] } } }, 'undecided', 'criteria'],
    ['nobody declared criteria', { manifest: { evaluation: { metrics: [], verdict: { kind: 'none' } } } }, 'undecided', 'criteria'],
    ['acceptance is not met', { rules: { ...STRICT, acceptance: [{ metric: 'accuracy', operator: '>=', value: '0.99' }] } }, 'denied', 'criteria'],
    ['the metric of acceptance was not reported', { rules: { ...STRICT, acceptance: [{ metric: 'recall', operator: '>=', value: '0' }] } }, 'undecided', 'criteria'],
    ['no replay is recorded', { rules: REPLAYED }, 'undecided', 'replay'],
    ['a replay came out different', { rules: REPLAYED, replays: [replay(), replay({ outcome: 'different', because: 'model.joblib' })] }, 'denied', 'replay'],
    ['a replay proves nothing', { rules: REPLAYED, replays: [replay({ outcome: 'nothing', because: 'its record cannot be read' })] }, 'undecided', 'replay'],
    ['older replays were not looked at', { rules: REPLAYED, replays: [replay()], replaysLeftOut: 2 }, 'undecided', 'replay'],
    ['a break-glass cannot be judged', { unjudgedGlass: ['x may be an emergency'] }, 'undecided', 'break-glass'],
    ['nobody else has replayed it', { rules: INDEPENDENT, replays: [replay({ isByAnother: false })] }, 'undecided', 'replay'],
    ['it was replayed on the same host', { rules: INDEPENDENT, replays: [replay({ host: 'same' })] }, 'undecided', 'replay'],
    ['nobody knows on which host it was replayed', { rules: INDEPENDENT, replays: [replay({ host: 'unknown' }), replay({ isByAnother: false })] }, 'undecided', 'replay'],
    ['no data set has the role test', { rules: LIMITED }, 'undecided', 'evaluations'],
    ['the test set was looked at too often', { rules: LIMITED, evaluations: looked(3) }, 'denied', 'evaluations'],
    ['the test set was looked at too often, and perhaps oftener', { rules: LIMITED, evaluations: looked(3, '1 record cannot be read') }, 'denied', 'evaluations'],
    ['nobody knows how often the test set was looked at', { rules: LIMITED, evaluations: looked(1, '1 record cannot be read') }, 'undecided', 'evaluations'],
    ['one of two test sets was looked at too often', { rules: LIMITED, evaluations: [...looked(1), ...looked(3)] }, 'denied', 'evaluations'],
    ['nobody knows which code serves', { serving: [] }, 'undecided', 'serving'],
    ['the serving code is another', { serving: [{ path: 'predict.py', state: 'differs', remedies: [] }] }, 'denied', 'serving'],
    ['the serving code is not there', { serving: [{ path: 'predict.py', state: 'absent', remedies: [] }] }, 'undecided', 'serving'],
    ['there is no canary', { canary: { kind: 'none', because: 'none was recorded' } }, 'undecided', 'canary'],
    ['the canary could not be asked', { canary: { kind: 'unknown', because: 'no bytes' } }, 'undecided', 'canary'],
    ['the canary failed', { canary: { kind: 'failed', because: 'it ended with 1', said: 'ModuleNotFoundError' } }, 'denied', 'canary'],
    ['the canary says something else', { canary: FAR }, 'denied', 'canary'],
    ['the canary cannot be compared', { canary: OTHER }, 'denied', 'canary'],
    ['the canary is near, and the same bytes are asked', { canary: NEAR, rules: { ...STRICT, canary: 'bit' } }, 'denied', 'canary'],
    ['the canary ended without a word', { canary: { kind: 'failed', because: 'it ended with 1', said: '' } }, 'denied', 'canary'],
    [
      'the canary failed where packages differ',
      { canary: { kind: 'failed', because: 'it ended with 1', said: 'a\nb' }, differences: [difference('high'), difference('low')] },
      'denied',
      'canary',
    ],
    [
      'a criterion of a stage and a split is not met',
      { rules: { ...STRICT, acceptance: [{ metric: 'accuracy', stage: 'final', split: 'test', operator: '>=', value: '0' }] } },
      'undecided',
      'criteria',
    ],
    [
      'a file says itself why',
      {
        models: [{ path: 'm', state: 'unreadable', because: 'no permission', remedies: ['chmod'] }],
        serving: [{ path: 's', state: 'unreadable', because: 'too deep', remedies: ['mv'] }],
      },
      'undecided',
      'model',
    ],
    [
      'a package differs and nothing is proven',
      { differences: [difference('medium'), difference('low', 'unknown')], canary: { kind: 'unknown', because: 'x' } },
      'denied',
      'environment',
    ],
    ['the first of many is unknown, the second wrong', { models: [...model('absent'), ...model('differs')] }, 'denied', 'model'],
    ['the record cannot be read', { ...without('manifest') }, 'undecided', 'criteria'],
    ['a sample is asked for, and none was given', { rules: SAMPLED }, 'undecided', 'upstream'],
    ['a sample cannot be compared', { upstream: UNREADABLE }, 'undecided', 'upstream'],
    ['a sample that is asked for cannot be compared', { rules: SAMPLED, upstream: UNREADABLE }, 'undecided', 'upstream'],
    ['a sample is empty', sampled({}, { rows: 0 }), 'undecided', 'upstream'],
    ['a sample has a single row', sampled({}, { rows: 1 }), 'undecided', 'upstream'],
    ['a sample has an input that the training had not', sampled({ untrained: ['x'] }), 'undecided', 'upstream'],
    ['nothing of a sample compares', sampled({ unseen: ['age', 'height'] }), 'undecided', 'upstream'],
    ['a sample has no column to compare', sampled({ columns: [] }), 'undecided', 'upstream'],
    ['the columns come in another order', departing({ kind: 'order', expected: ['age', 'height', 'sex'], found: ['height', 'age', 'sex'] }), 'denied', 'upstream'],
    ['a column is gone', departing({ kind: 'gone', column: 'age' }), 'denied', 'upstream'],
    ['no column is there', sampled({ columns: [], departures: [{ kind: 'gone', column: 'age' }] }), 'denied', 'upstream'],
    ['a column has another name', departing({ kind: 'gone', column: 'age', insteadOf: 'years\u001b[31m' }), 'denied', 'upstream'],
    ['a column is more', departing({ kind: 'added', column: 'id' }), 'denied', 'upstream'],
    ['a column has another type', departing({ kind: 'type', column: 'age', trained: 'BIGINT', found: 'VARCHAR' }), 'denied', 'upstream'],
    [
      'values lie outside',
      departing(
        { kind: 'outside', column: 'age', side: 'max', trained: '97', found: '1166.4' },
        { kind: 'outside', column: 'height', side: 'min', trained: '1.2', found: '-9.99e+300' },
      ),
      'denied',
      'upstream',
    ],
    ['values are infinite', departing({ kind: 'infinite', column: 'age' }), 'denied', 'upstream'],
    ['values are limited', departing({ kind: 'narrower', column: 'age', side: 'max', trained: '16', found: '15', beyond: 0.04, sits: 0.081 }), 'denied', 'upstream'],
    ['values end early', departing({ kind: 'narrower', column: 'age', side: 'min', trained: '0', found: '3', beyond: 0 }), 'denied', 'upstream'],
    ['a column has one value', departing({ kind: 'constant', column: 'age', at: '0' }, { kind: 'constant', column: 'height' }), 'denied', 'upstream'],
    [
      'values are missing, or no longer',
      departing({ kind: 'missing', column: 'age', trained: 0, found: 0.001 }, { kind: 'missing', column: 'height', trained: 0.25, found: 0 }),
      'denied',
      'upstream',
    ],
    ['there are new values', departing({ kind: 'new-values', column: 'age', values: 1, rows: 1200 }), 'denied', 'upstream'],
    ['values are spread otherwise', departing({ kind: 'moved', column: 'age', index: 0.4321 }), 'denied', 'upstream'],
    [
      'columns hold each other',
      departing(
        { kind: 'outside', column: 'age', side: 'max', trained: '97', found: '180' },
        { kind: 'moved', column: 'height', index: 2 },
        { kind: 'like', column: 'age', other: 'height' },
        { kind: 'like', column: 'height', other: 'age' },
      ),
      'denied',
      'upstream',
    ],
    ['a sample is wrong, and too small', sampled({ departures: [{ kind: 'added', column: 'id' }] }, { rows: 3 }), 'denied', 'upstream'],
  ];

  it.each(WRONG)('%s: never allowed', (_, changed, expected, step) => {
    expect(judged(changed)).toBe(expected);
    expect(stepOf(changed, step).outcome).toBe(expected === 'denied' ? 'wrong' : 'unknown');
    // Whatever else is right or known makes no yes of it.
    expect(judged({ ...changed, differences: [difference('low')] })).not.toBe('allowed');
  });

  it('says of each what is wrong, and how to mend it', async () => {
    const told = WRONG.map(([title, changed]) =>
      [
        `# ${title}`,
        ...judgeGate({ ...FACTS, ...changed })
          .steps.filter(({ outcome }) => outcome !== 'held')
          .map(textOfStep),
      ].join('\n'),
    );
    await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot('judge-gate.golden.txt');
  });

  it('tells every wrong thing at once, the definite ones first', () => {
    const decision = judgeGate({ ...FACTS, models: model('differs'), canary: { kind: 'unknown', because: 'x' }, approvals: approvals('undecided') });
    expect(decision.kind).toBe('denied');
    expect(decision.because.map((reason) => reason.split(':')[0])).toEqual(['model', 'approvals', 'canary']);
  });
});

function withCheck(name: CheckName, outcome: Check['outcome']): Pick<GateFacts, 'verdict'> {
  return { verdict: { ...verdictOf(), checks: [...verdictOf().checks, check(name, outcome)] } };
}

function withoutDigest(): Verdict {
  const { manifestSha256: _, ...verdict } = verdictOf();
  return verdict;
}

function without(key: keyof GateFacts): Partial<GateFacts> {
  return { [key]: undefined };
}

describe('differences of software and machine', () => {
  const unproven = { canary: { kind: 'none', because: 'none' } as CanaryFact, serving: [] };
  it.each<[string, Partial<GateFacts>, 'allowed' | 'denied' | 'undecided']>([
    ['are excused by the same predictions', { differences: [difference('high')] }, 'allowed'],
    ['are excused by predictions within the tolerance', { differences: [difference('high')], canary: NEAR }, 'allowed'],
    ['are excused also where nobody could see whether there are any', { differences: [difference('high', 'unknown')] }, 'allowed'],
    ['are not excused by other predictions', { differences: [difference('low')], canary: FAR }, 'denied'],
    ['deny without a canary', { differences: [difference('medium')], rules: { ...STRICT, canary: 'none' }, ...unproven }, 'denied'],
    ['deny in a strict environment also where they are low', { differences: [difference('low')], rules: { ...STRICT, canary: 'none' }, ...unproven }, 'denied'],
    ['are tolerated up to what the policy says', { differences: [difference('low')], rules: LOOSE, ...unproven }, 'allowed'],
    ['are not tolerated beyond', { differences: [difference('medium')], rules: LOOSE, ...unproven }, 'denied'],
    ['are tolerated as far as high, if the policy says so', { differences: [difference('high')], rules: { ...LOOSE, tolerates: 'high' }, ...unproven }, 'allowed'],
    ['are never tolerated where nobody could see them', { differences: [difference('low', 'unknown')], rules: { ...LOOSE, tolerates: 'high' }, ...unproven }, 'undecided'],
  ])('%s', (_, changed, expected) => {
    expect(judged(changed)).toBe(expected);
  });
});

describe('exceptions', () => {
  const exception = { sha256: 'cd'.repeat(32), persons: ['ann', 'ben'], reason: 'until the new image', expiresAt: '2026-12-24T00:00:00Z' };
  const bare = { differences: [difference('medium')], canary: { kind: 'none', because: 'none' } as CanaryFact, serving: [], rules: { ...STRICT, canary: 'none' as const } };
  it('excuse exactly what they name', () => {
    expect(judged(bare)).toBe('denied');
    expect(judged({ ...bare, exceptions: [{ ...exception, id: 'TL3001', about: 'package numpy' }] })).toBe('allowed');
    expect(judged({ ...bare, exceptions: [{ ...exception, id: 'TL3001', about: 'package scipy' }] })).toBe('denied');
    expect(judged({ ...bare, exceptions: [{ ...exception, id: 'TL3001' }] })).toBe('denied');
    expect(judged({ ...bare, exceptions: [{ ...exception, id: 'TL3002', about: 'package numpy' }] })).toBe('denied');
  });
  const SAID = { because: 'x', remedies: [] };
  const SERVED = (sha256: string): Partial<GateFacts> => ({ serving: [{ path: 'serve.py', state: 'differs', sha256, remedies: [] }] });
  const DEPRECATED = (sha256: string): Partial<GateFacts> => ({ life: { undecided: [], deprecated: [{ about: 'this run', sha256, isRun: true, because: 'x' }], told: [] } });
  const FAILED: CanaryFact = { kind: 'failed', because: 'exit 1', said: '' };
  const UNPROVEN: CanaryFact = { kind: 'unknown', because: 'nobody knows' };
  const MISSED = { rules: { ...STRICT, criteria: 'none' as const, acceptance: [{ metric: 'accuracy', operator: '>' as const, value: '2' }] } };
  it.each<[string, string, Partial<GateFacts>, Partial<GateFacts>]>([
    ['TL2002', 'serve.py sha256:111111111111', SERVED('1'.repeat(64)), SERVED('2'.repeat(64))],
    ['TL2002', 'serve.py absent', { serving: [{ path: 'serve.py', state: 'absent', remedies: [] }] }, SERVED('2'.repeat(64))],
    ['TL2003', 'unproven', { canary: UNPROVEN }, { canary: FAILED }],
    ['TL2003', 'failed', { canary: FAILED }, { canary: FAR }],
    ['TL2003', 'other predictions', { canary: FAR }, { canary: FAILED }],
    ['TL2003', 'other bytes', { canary: NEAR, rules: { ...STRICT, canary: 'bit' } }, { canary: FAR, rules: { ...STRICT, canary: 'bit' } }],
    ['TL1005', 'this run by 111111111111', DEPRECATED('1'.repeat(64)), DEPRECATED('2'.repeat(64))],
    ['TL2005', 'missing', { rules: REPLAYED }, { rules: REPLAYED, replays: [replay({ outcome: 'different' })] }],
    ['TL2005', 'not looked at', { rules: REPLAYED, replays: [replay()], replaysLeftOut: 1 }, { rules: REPLAYED }],
    [
      'TL2005',
      'different in 11111111',
      { rules: REPLAYED, replays: [replay({ runId: '11111111-1', outcome: 'different' })] },
      { rules: REPLAYED, replays: [replay({ runId: '22222222-1', outcome: 'different' })] },
    ],
    [
      'TL3001',
      'package numpy here 2',
      { ...bare, differences: [{ ...difference('medium'), found: 'here 2' }] },
      { ...bare, differences: [{ ...difference('medium'), found: 'here 3' }] },
    ],
    ['TL2006', 'test 3 times', { rules: LIMITED, evaluations: looked(3) }, { rules: LIMITED, evaluations: looked(4) }],
    ['TL2006', 'test at least 1 time', { rules: LIMITED, evaluations: looked(1, 'a') }, { rules: LIMITED, evaluations: looked(2, 'a') }],
    ['TL2006', 'no test set', { rules: LIMITED }, { rules: LIMITED, evaluations: looked(3) }],
    ['TL4001', 'unknown', { review: { kind: 'asked', state: 'unknown', because: ['x'] } }, { review: { kind: 'asked', state: 'due', because: ['x'] } }],
    ['TL2001', 'unknown', { upstream: { kind: 'unknown', ...SAID } }, departing({ kind: 'added', column: 'id' })],
    ['TL2004', 'accuracy > 2 missing', { ...MISSED, manifest: { evaluation: { metrics: [], verdict: { kind: 'none' } } } }, MISSED],
  ])('of %s excuse what was found (%s), and nothing else of it', (id, about, found, later) => {
    const exceptions = [{ ...exception, id: id as GateFindingId, about }];
    expect(judged(found)).not.toBe('allowed');
    expect(judged({ ...found, exceptions })).toBe('allowed');
    expect(judged({ ...later, exceptions })).toBe(judged(later));
    expect(judged(later)).not.toBe('allowed');
  });
  it.each<[Partial<GateFacts>, StepName, readonly string[]]>([
    [without('manifest'), 'criteria', ['unread']],
    [{ manifest: { evaluation: { metrics: [], verdict: { kind: 'none' } } } }, 'criteria', ['none declared']],
    [MISSED, 'criteria', ['is 0.95']],
    [{ serving: [] }, 'serving', ['no file']],
    [departing({ kind: 'order', expected: ['age', 'height'], found: ['height', 'age'] }), 'upstream', ['differs']],
    [departing({ kind: 'infinite', column: 'id' }, { kind: 'constant', column: 'id' }), 'upstream', ['constant, infinite']],
    [{ rules: REPLAYED, replays: [replay({ runId: '11111111-1', outcome: 'different' })], replaysLeftOut: 1 }, 'replay', ['different in 11111111']],
  ])('name what was found: %#', (changed, step, found) => {
    expect(stepOf(changed, step).findings.map((finding) => finding.found)).toEqual(found);
  });
  it('are asked for by a command where the environment allows one', () => {
    const rules = { ...bare.rules, exceptions: { role: 'approver-model' as const, days: 14 } };
    const [finding] = stepOf({ ...bare, rules }, 'environment').findings;
    expect(finding!.exception).toBe(`trainlock exception new abcdef12 --env production --finding TL3001 --about 'package numpy' --days 14 --role approver-model --reason "…"`);
    const [missing] = stepOf({ rules: { ...rules, replay: 'any', canary: 'bit' }, canary: BIT }, 'replay').findings;
    expect(missing!.exception).toMatch(/--finding TL2005 --about missing --days/);
    expect(stepOf(bare, 'environment').findings[0]!.exception).toBeUndefined();
    expect(stepOf({ ...bare, rules, exceptions: [{ ...exception, id: 'TL3001', about: 'package numpy' }] }, 'environment').findings[0]!.exception).toBeUndefined();
    expect(stepOf({ rules, models: [] }, 'model').findings[0]!.exception).toBeUndefined();
    expect(stepOf({ rules, life: { undecided: ['two say so'], deprecated: [], told: [] } }, 'life').findings[0]!.exception).toBeUndefined();
    expect(stepOf({ rules, ...DEPRECATED('1'.repeat(64)) }, 'life').findings[0]!.exception).toMatch(/--about 'this run by 111111111111' --days 14/);
    expect(stepOf({ rules, unjudgedGlass: ['x'] }, 'break-glass').findings[0]!.exception).toBeUndefined();
  });
  it('leave alone what is excused already', () => {
    const step = stepOf({ differences: [difference('medium')], exceptions: [{ ...exception, id: 'TL3001', about: 'package numpy' }] }, 'environment');
    expect(step.findings[0]!.excused?.by).toBe('canary');
    expect(step.because).toBe('1 difference, and the canary proves that they do no harm');
  });
  it('say so in the answer', () => {
    const changed = { ...bare, exceptions: [{ ...exception, id: 'TL3001' as const, about: 'package numpy' }] };
    expect(stepOf(changed, 'environment')).toMatchObject({ outcome: 'held', because: 'by an exception: 1 was recorded, here 2' });
    expect(stepOf({ ...changed, differences: [difference('medium'), { ...difference('medium'), about: 'package scipy', because: 'other' }] }, 'environment')).toMatchObject({
      outcome: 'wrong',
      because: 'other',
    });
  });
  it('say what they excuse of a question that nobody could answer with yes', () => {
    const due = {
      review: { kind: 'asked' as const, state: 'due' as const, because: ['nobody has looked for a year'] },
      exceptions: [{ ...exception, id: 'TL4001' as const, about: 'due' }],
    };
    expect(stepOf(due, 'review')).toMatchObject({ outcome: 'held', because: 'by an exception: nobody has looked for a year' });
  });
  it('are shown with what they excuse', () => {
    const step = stepOf({ ...bare, exceptions: [{ ...exception, id: 'TL3001', about: 'package numpy' }] }, 'environment');
    expect(step.findings[0]!.excused).toEqual({ by: 'exception', because: 'ann and ben, until 2026-12-24T00:00:00Z: until the new image' });
  });

  it('that do not count are told beside the finding that stands in the way, and beside no other', () => {
    const because = 'an exception by ann expired';
    const about = 'package numpy';
    const step = stepOf(
      {
        ...bare,
        uncounted: [
          { id: 'TL3001', about, because },
          { id: 'TL3001', because: 'another' },
        ],
      },
      'environment',
    );
    expect(step).toMatchObject({ outcome: 'wrong', findings: [{ uncounted: [because] }] });
    const excused = { ...bare, exceptions: [{ ...exception, id: 'TL3001' as const, about }], uncounted: [{ id: 'TL3001' as const, about, because }] };
    expect(stepOf(excused, 'environment').findings[0]!.uncounted).toBeUndefined();
  });
  it.each<[string, Partial<GateFacts>, 'TL1001' | 'TL1002' | 'TL1003' | 'TL1004']>([
    ['a signature that does not count', { verdict: verdictOf({ trust: 'broken' }) }, 'TL1001'],
    ['other bytes of the model', { models: [{ path: 'm', state: 'differs', remedies: [] }] }, 'TL1002'],
    ['a missing approval', { approvals: approvals('denied') }, 'TL1003'],
    ['a log that was set back', { verdict: verdictOf({ log: 'broken' }) }, 'TL1004'],
  ])('never excuse %s', (_, changed, id) => {
    const abouts = judgeGate({ ...FACTS, ...changed }).steps.flatMap(({ findings }) => findings.map(({ about }) => about));
    expect(judged({ ...changed, exceptions: abouts.map((about) => ({ ...exception, id, ...(about === undefined ? {} : { about }) })) })).toBe('denied');
  });
});

describe('a break-glass', () => {
  const glass = { sha256: 'cd'.repeat(32), level: 'break-glass', persons: ['ann', 'ben'], reason: 'the old model is down', expiresAt: '2026-11-27T00:00:00Z' } as const;
  const missing = approvals('undecided', ['rule a needs 1 more', 'rule b needs 1 more']);
  const broken = { approvals: missing, exceptions: [{ ...glass, id: 'TL1003' as const }] };

  it('lets through without approvals, and says so loudly', () => {
    const decision = judgeGate({ ...FACTS, ...broken });
    expect(decision).toMatchObject({ kind: 'allowed', level: 'BREAK_GLASS' });
    expect(stepOf(broken, 'approvals')).toMatchObject({ outcome: 'held', because: 'by BREAK-GLASS: rule a needs 1 more' });
    expect(stepOf(broken, 'approvals').findings.map(({ excused }) => excused?.by)).toEqual(['break-glass', 'break-glass']);
  });

  it('is not told where nothing needed it', () => {
    expect(judgeGate({ ...FACTS, exceptions: broken.exceptions })).not.toHaveProperty('level');
    expect(judgeGate({ ...FACTS, ...broken, models: [{ path: 'm', state: 'differs', remedies: [] }] })).not.toHaveProperty('level');
  });

  const bare = { differences: [difference('medium')], canary: { kind: 'none', because: 'none' } as CanaryFact, serving: [], rules: { ...STRICT, canary: 'none' as const } };
  it('excuses what an exception may, too', () => {
    expect(judgeGate({ ...FACTS, ...bare, exceptions: [{ ...glass, id: 'TL3001', about: 'package numpy' }] })).toMatchObject({ kind: 'allowed', level: 'BREAK_GLASS' });
  });

  const owed = (isOverdue: boolean): GateFacts['owedReviews'] => [
    { sha256: 'ef'.repeat(32), persons: ['ann', 'ben'], endedAt: '2026-11-02T12:00:00Z', dueAt: '2026-11-09T12:00:00Z', isOverdue },
  ];

  it.each<[string, Partial<GateFacts>, 'TL1001' | 'TL1002' | 'TL1003' | 'TL1004' | 'TL4002', string]>([
    ['a signature that does not count', { verdict: verdictOf({ trust: 'broken' }) }, 'TL1001', 'denied'],
    ['a signature of which nothing is known', { verdict: verdictOf({ signature: 'unknown' }) }, 'TL1001', 'undecided'],
    ['other bytes of the model', { models: [{ path: 'm', state: 'differs', remedies: [] }] }, 'TL1002', 'denied'],
    ['a model that is not there', { models: [{ path: 'm', state: 'absent', remedies: [] }] }, 'TL1002', 'undecided'],
    ['a change that the policy refuses', { approvals: approvals('denied') }, 'TL1003', 'denied'],
    ['an approval that was taken back', { approvals: { ...missing, isTakenBack: true } }, 'TL1003', 'undecided'],
    ['one person alone where that is not allowed', { isSolo: true }, 'TL1003', 'denied'],
    ['a log that was set back', { verdict: verdictOf({ log: 'broken' }) }, 'TL1004', 'denied'],
    ['a log that does not have it', { verdict: verdictOf({ log: 'unknown' }) }, 'TL1004', 'undecided'],
    ['a withdrawal that was taken away', { withdrawals: { kind: 'found', because: 'leaf 3' } }, 'TL1004', 'denied'],
    ['a break-glass that nobody reviewed', { owedReviews: owed(true) }, 'TL4002', 'denied'],
  ])('never excuses %s', (_, changed, id, expected) => {
    const abouts = judgeGate({ ...FACTS, ...changed }).steps.flatMap(({ findings }) => findings.map(({ about }) => about));
    const all = [undefined, ...abouts].map((about) => ({ ...glass, id, ...(about === undefined ? {} : { about }) }));
    expect(judged({ ...changed, exceptions: all })).toBe(expected);
  });

  it('goes without missing approvals only: what is excused, for what, and how it is said', () => {
    const excuses = (level: 'break-glass' | undefined, changed: Partial<GateFacts>, step: StepName): string => {
      const about = stepOf(changed, step).findings[0]!.about;
      const { level: _, ...plain } = glass;
      const exception = { ...(level === undefined ? plain : glass), id: stepOf(changed, step).findings[0]!.id, ...(about === undefined ? {} : { about }) };
      const { findings, because } = stepOf({ ...changed, exceptions: [exception] }, step);
      return `${findings[0]!.excused?.by ?? 'nothing'}: ${because}`;
    };
    const cases: readonly (readonly ['break-glass' | undefined, Partial<GateFacts>, StepName, string])[] = [
      ['break-glass', { approvals: missing }, 'approvals', 'break-glass: by BREAK-GLASS: rule a needs 1 more'],
      [undefined, { approvals: missing }, 'approvals', 'nothing: rule a needs 1 more'],
      ['break-glass', { approvals: { ...missing, isTakenBack: true } }, 'approvals', 'nothing: rule a needs 1 more'],
      ['break-glass', { approvals: { ...missing, isTakenBack: false } }, 'approvals', 'break-glass: by BREAK-GLASS: rule a needs 1 more'],
      ['break-glass', { approvals: approvals('denied') }, 'approvals', 'nothing: why'],
      // Nobody says why it is denied: that is unknown, and no missing approval.
      ['break-glass', { approvals: approvals('denied', []) }, 'approvals', expect.stringMatching(/^nothing: /) as unknown as string],
      ['break-glass', { models: [{ path: 'm', state: 'absent', remedies: [] }] }, 'model', expect.stringMatching(/^nothing: /) as unknown as string],
      ['break-glass', { models: [{ path: 'm', state: 'absent', remedies: [] }], approvals: missing }, 'model', expect.stringMatching(/^nothing: /) as unknown as string],
      ['break-glass', bare, 'environment', 'break-glass: by BREAK-GLASS: 1 was recorded, here 2'],
      [undefined, bare, 'environment', 'exception: by an exception: 1 was recorded, here 2'],
    ];
    for (const [level, changed, step, expected] of cases) expect(excuses(level, changed, step)).toEqual(expected);
  });

  it('does not stand for a second person, where one alone decides and approvals are missing too', () => {
    expect(judged({ isSolo: true, approvals: missing, exceptions: [{ ...glass, id: 'TL1003' }] })).toBe('denied');
  });

  it('is said of the model where it excuses one of several findings, and of a step where it does', () => {
    const scipy = { ...difference('medium'), about: 'package scipy', because: 'other' };
    const { level: _, ...plain } = glass;
    const both = {
      ...bare,
      differences: [difference('medium'), scipy],
      exceptions: [
        { ...plain, id: 'TL3001' as const, about: 'package numpy' },
        { ...glass, id: 'TL3001' as const, about: 'package scipy' },
      ],
    };
    expect(judgeGate({ ...FACTS, ...both })).toMatchObject({ kind: 'allowed', level: 'BREAK_GLASS' });
    expect(stepOf(both, 'environment').because).toMatch(/^by BREAK-GLASS: /);
    const plainly = { ...both, exceptions: both.exceptions.map(({ level: __, ...one }: (typeof both.exceptions)[number] & { level?: 'break-glass' }) => one) };
    expect(judgeGate({ ...FACTS, ...plainly })).not.toHaveProperty('level');
    expect(stepOf(plainly, 'environment').because).toMatch(/^by an exception: /);
    // What the canary excuses needs no emergency, and is said to be none.
    expect(judgeGate({ ...FACTS, differences: [difference('medium')], exceptions: both.exceptions })).not.toHaveProperty('level');
    // Where something else still stands in the way nothing was let through.
    expect(judgeGate({ ...FACTS, ...both, review: { kind: 'asked', state: 'due', because: ['a year'] } })).not.toHaveProperty('level');
  });

  it('is owed a review: asked while it is owed, and denied when it is overdue', () => {
    expect(judgeGate(FACTS).steps.map(({ name }) => name)).not.toContain('break-glass');
    expect(stepOf({ owedReviews: owed(false) }, 'break-glass')).toMatchObject({ outcome: 'held', because: '1 review owed, until 2026-11-09T12:00:00Z' });
    expect(stepOf({ owedReviews: owed(true) }, 'break-glass')).toMatchObject({
      outcome: 'wrong',
      findings: [{ id: 'TL4002', about: 'break-glass efefefefefef', remedies: [expect.stringMatching(/^trainlock exception review efefefefefef /)] }],
    });
    expect(judged({ owedReviews: owed(true) })).toBe('denied');
  });
});

describe('an environment that is not strict', () => {
  it.each<[string, Partial<GateFacts>]>([
    ['one person alone', { isSolo: true }],
    ['no log', { verdict: verdictOf({ log: 'not-asked' }), withdrawals: { kind: 'not-asked', because: '' } }],
    ['no criteria', { manifest: { evaluation: { metrics: [], verdict: { kind: 'none' } } } }],
    ['no canary', { canary: { kind: 'none', because: 'none' }, serving: [] }],
    ['a canary that cannot be asked', { canary: { kind: 'unknown', because: 'none' } }],
  ])('asks not for %s', (_, changed) => {
    expect(judged({ ...changed, rules: LOOSE })).toBe('allowed');
  });
  it('says of each answer what it rests on', async () => {
    const facts: readonly (readonly [string, Partial<GateFacts>])[] = [
      ['everything is as it should be', {}],
      [
        'something was said of it',
        { life: { undecided: [], deprecated: [], told: ['amended: 1 field reads otherwise (/run/purpose)', 'promoted: 10 % of production since 2026'] } },
      ],
      ['a sample is like the training', { ...sampled({}, { hasMore: true }), rules: SAMPLED }],
      ['a sample is like the training as far as it can be seen', sampled({ unseen: ['height'] })],
      ['within the tolerance', { canary: NEAR, differences: [difference('high'), difference('medium', 'unknown')] }],
      ['nothing is asked', { rules: { ...LOOSE, criteria: 'none' }, manifest: metric('0.1')!, canary: { kind: 'none', because: 'none was recorded' }, serving: [], isSolo: true }],
      [
        'nothing was declared',
        { rules: LOOSE, manifest: { evaluation: { metrics: [], verdict: { kind: 'none' } } }, serving: [], approvals: { kind: 'allowed', reasons: [], chain: ['a', 'b'] } },
      ],
      ['it was reviewed', { review: { kind: 'asked', state: 'current', because: ['ben reviewed it last, 2026-11-01'] } }],
      [
        'two persons broke the glass',
        {
          approvals: approvals('undecided', ['rule a needs 1 more']),
          exceptions: [
            { sha256: 'cd'.repeat(32), id: 'TL1003', level: 'break-glass', persons: ['ann', 'ben'], reason: 'the old model is down', expiresAt: '2026-11-27T00:00:00Z' },
          ],
          owedReviews: [{ sha256: 'ef'.repeat(32), persons: ['ann', 'ben'], endedAt: '2026-11-02T12:00:00Z', dueAt: '2026-11-09T12:00:00Z', isOverdue: false }],
        },
      ],
      ['it was replayed', { rules: REPLAYED, replays: [replay({ isByAnother: false, host: 'same' }), replay({ outcome: 'nothing' })] }],
      ['the test set was seldom looked at', { rules: LIMITED, evaluations: looked(2) }],
      ['it was replayed by somebody else, elsewhere', { rules: INDEPENDENT, replays: [replay(), replay({ host: 'same' })] }],
      ['little is tolerated', { rules: LOOSE, differences: [difference('low'), difference('low')], canary: { kind: 'unknown', because: 'none' } }],
      ['what lies beside the record is not here', { verdict: { ...verdictOf(), checks: [...verdictOf().checks, check('objects', 'unknown'), check('events', 'not-asked')] } }],
      [
        'two models, and a record without a digest',
        {
          models: [
            { path: 'a', state: 'same', remedies: [] },
            { path: 'b', state: 'same', remedies: [] },
          ],
          verdict: withoutDigest(),
        },
      ],
    ];
    const told = facts.map(([title, changed]) => {
      const decision = judgeGate({ ...FACTS, ...changed });
      return [`# ${title}: ${decision.kind}`, ...decision.steps.map(textOfStep), ...decision.because.map((reason) => `  = ${reason}`)].join('\n');
    });
    await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot('judge-gate-allowed.golden.txt');
  });

  it.each<[string, Partial<GateFacts>]>([
    ['a canary that says something else', { canary: FAR }],
    ['a declared criterion that is not met', { manifest: metric('0.1')! }],
    ['a model of other bytes', { models: [{ path: 'm', state: 'differs', remedies: [] }] }],
    ['a change that is denied', { approvals: approvals('denied') }],
  ])('denies %s all the same', (_, changed) => {
    expect(judged({ ...changed, rules: LOOSE })).toBe('denied');
  });
  it.each<[GateFacts['withdrawals']['kind'], 'allowed' | 'denied' | 'undecided']>([
    ['none', 'allowed'],
    ['not-asked', 'allowed'],
    ['unknown', 'undecided'],
    ['found', 'denied'],
  ])('takes the proof beside the record for enough where the policy says so, and withdrawals that are %s are %s', (kind, expected) => {
    expect(judged({ rules: { ...STRICT, log: 'proof' }, withdrawals: { kind, because: 'so' } })).toBe(expected);
  });
  it('is undecided of a review of which nobody says why it is due', () => {
    expect(stepOf({ review: { kind: 'asked', state: 'due', because: [] } }, 'review')).toEqual({ name: 'review', outcome: 'unknown', because: 'nobody says why', findings: [] });
  });
  it('takes the proof beside the record for enough where the policy says so', () => {
    expect(judged({ rules: { ...STRICT, log: 'proof' }, withdrawals: { kind: 'not-asked', because: '' } })).toBe('allowed');
  });
});

describe('what has no exception', () => {
  it('is that record, signature, bytes, approvals or log are wrong', () => {
    expect(CRITICAL_FINDING_IDS).toEqual(['TL1001', 'TL1002', 'TL1003', 'TL1004']);
  });
  it('is told beside a finding only where one was said of it that does not count', () => {
    const uncounted = [{ id: 'TL3001' as const, about: 'package numpy', because: 'it expired' }];
    const changed = { differences: [difference('medium')], canary: { kind: 'none', because: 'none' } as CanaryFact, serving: [], rules: { ...STRICT, canary: 'none' as const } };
    expect(stepOf(changed, 'environment').findings[0]).not.toHaveProperty('uncounted');
    expect(stepOf({ ...changed, uncounted }, 'environment').findings[0]).toHaveProperty('uncounted', ['it expired']);
    expect(stepOf({ differences: [difference('medium')], uncounted }, 'environment').findings[0]).not.toHaveProperty('uncounted');
  });
});

describe('questions that are answered in words', () => {
  it.each<[string, Partial<GateFacts>, StepName, string]>([
    ['one criterion is met', {}, 'criteria', '1 criterion met: accuracy >= 0.9'],
    [
      'two criteria are met',
      { rules: { ...STRICT, acceptance: [{ metric: 'accuracy', operator: '<', value: '1' }] } },
      'criteria',
      '2 criteria met: accuracy >= 0.9, accuracy < 1',
    ],
    [
      'the test sets were seldom looked at',
      { rules: LIMITED, evaluations: [...looked(2), { name: 'other', count: 1, atLeast: [] }] },
      'evaluations',
      'test: 2, other: 1 of 2 allowed',
    ],
    ['it was looked at too often', { rules: LIMITED, evaluations: looked(3) }, 'evaluations', 'the test set was looked at 3 times; 2 are allowed'],
    [
      'it was looked at once too often',
      { rules: { ...STRICT, evaluations: { most: 1, isProven: false } }, evaluations: looked(2, 'x') },
      'evaluations',
      'the test set was looked at at least 2 times; 1 is allowed',
    ],
    ['nobody knows how often', { rules: LIMITED, evaluations: looked(1, 'a', 'b') }, 'evaluations', 'the test set was looked at at least 1 time: a; b'],
    ['two files serve', { serving: ['a.py', 'b.py'].map((path) => ({ path, state: 'same' as const, remedies: [] })) }, 'serving', 'a.py, b.py'],
    ['a review is current, for two reasons', { review: { kind: 'asked', state: 'current', because: ['a', 'b'] } }, 'review', 'a; b'],
    [
      'older replays were not looked at',
      { rules: REPLAYED, replays: [replay()], replaysLeftOut: 1 },
      'replay',
      '1 older replay not looked at, and one may have come out different',
    ],
    [
      'a replay came out different beside one that did not',
      { rules: REPLAYED, replays: [replay(), replay({ runId: 'fedcba98-1', outcome: 'different', because: 'the model' })] },
      'replay',
      'the replay fedcba98 came out different: the model',
    ],
  ])('where %s', (_, changed, step, because) => {
    expect(stepOf(changed, step).because).toBe(because);
  });

  it('ask for no replay where one came out different: none could outweigh it', () => {
    const { findings } = stepOf({ rules: INDEPENDENT, replays: [replay({ runId: 'fedcba98-1', outcome: 'different', because: 'the model' })] }, 'replay');
    expect(findings).toEqual([
      {
        id: 'TL2005',
        found: 'different in fedcba98',
        severity: 'high',
        outcome: 'wrong',
        because: 'the replay fedcba98 came out different: the model',
        remedies: [`trainlock diff ${FACTS.reference} fedcba98   # shows in what`],
      },
    ]);
  });

  it('name a thing only where there is one', () => {
    expect(stepOf({ rules: LIMITED }, 'evaluations').findings[0]).not.toHaveProperty('about');
    expect(stepOf({ rules: LIMITED, evaluations: looked(3) }, 'evaluations').findings[0]).toHaveProperty('about', 'test');
    expect(stepOf({ rules: SAMPLED }, 'upstream').findings[0]).not.toHaveProperty('about');
  });

  it.each<[string, Partial<GateFacts>, readonly string[]]>([
    ['thirty rows say enough', sampled({}, { rows: 30 }), []],
    ['twenty-nine do not', sampled({}, { rows: 29 }), ['29 rows say nothing of ranges and shares']],
    ['one does not', sampled({}, { rows: 1 }), ['1 row says nothing of ranges and shares']],
    [
      'nothing compares, and a column is more',
      sampled({ unseen: ['age', 'height'], departures: [{ kind: 'added', column: 'id' }] }),
      ['the model was trained without it', expect.stringMatching(/has no figures that compare$/) as unknown as string],
    ],
    [
      'nothing compares, and one column was not there in training',
      sampled({ unseen: ['age', 'height'], untrained: ['x'] }),
      [expect.stringMatching(/has no such column/) as unknown as string],
    ],
    ['nothing compares', sampled({ unseen: ['age', 'height'] }), [expect.stringMatching(/^the profile of .* has no figures that compare$/) as unknown as string]],
    ['one of two columns compares', sampled({ unseen: ['age'] }), []],
    ['there is no column, and one is gone', sampled({ columns: [], departures: [{ kind: 'gone', column: 'age' }] }), ['the sample does not have it']],
    ['there is no column, and none is gone', sampled({ columns: [] }), [expect.stringMatching(/has no figures that compare$/) as unknown as string]],
    [
      'a column is wrong in two ways, between others',
      sampled({
        departures: [
          { kind: 'order', expected: ['age', 'height'], found: ['height', 'age'] },
          { kind: 'infinite', column: 'age' },
          { kind: 'added', column: 'id' },
          { kind: 'constant', column: 'age' },
        ],
      }),
      [
        '2 columns at another place, the first at place 1: height where age was in training',
        'it has infinite values, and had none in training; the same value in every row',
        'the model was trained without it',
      ],
    ],
  ])('of a sample: %s', (_, changed, because) => {
    expect(stepOf(changed, 'upstream').findings.map((finding) => finding.because)).toEqual(because);
  });
});

describe('what reaches the model', () => {
  const WRONG = departing({ kind: 'added', column: 'id' });
  const EXCEPTION = { sha256: 'cd'.repeat(32), persons: ['ann', 'ben'], reason: 'known', expiresAt: '2026-12-24T00:00:00Z', id: 'TL2001' as const, about: 'column id added' };
  it.each<[string, Partial<GateFacts>, 'allowed' | 'denied' | 'undecided']>([
    ['is not excused by the same predictions', { ...WRONG, canary: BIT }, 'denied'],
    ['is not tolerated where much else is', { ...WRONG, rules: { ...LOOSE, tolerates: 'high' } }, 'denied'],
    ['is judged also where the policy asks for no sample', { ...WRONG, rules: LOOSE }, 'denied'],
    ['is unknown also where the policy asks for no sample', { upstream: UNREADABLE, rules: LOOSE }, 'undecided'],
    ['is not asked where nobody gives a sample and the policy asks for none', { rules: LOOSE }, 'allowed'],
    ['is asked where the policy says so, also in an environment that is not strict', { rules: { ...LOOSE, upstream: 'required' } }, 'undecided'],
    ['is as it should be', { ...sampled(), rules: SAMPLED }, 'allowed'],
    ['has an exception by two persons', { ...WRONG, exceptions: [EXCEPTION] }, 'allowed'],
    ['has no exception for another column', { ...WRONG, exceptions: [{ ...EXCEPTION, about: 'column age added' }] }, 'denied'],
    ['has no exception for something else in the column', { ...WRONG, exceptions: [{ ...EXCEPTION, about: 'column id missing' }] }, 'denied'],
    ['has no exception for whatever is wrong with the column', { ...WRONG, exceptions: [{ ...EXCEPTION, about: 'column id' }] }, 'denied'],
  ])('%s', (_, changed, expected) => {
    expect(judged(changed)).toBe(expected);
  });

  it('is told with the order in full, and of very many columns by what must move', () => {
    const names = Array.from({ length: 900 }, (_, at) => `column-${at}`);
    const [finding] = stepOf(departing({ kind: 'order', expected: names, found: names.toReversed() }), 'upstream').findings;
    expect(finding!.remedies[0]!.length).toBeLessThan(5000);
    expect(finding!.remedies[0]).toMatch(/^reorder the columns: column-0 to place 1; column-1 to place 2;.* …$/);
  });
});

describe('a canary of which the same bytes are asked', () => {
  const BYTES = { rules: { ...STRICT, canary: 'bit' as const } };
  it.each<[string, CanaryFact, string]>([
    ['near', NEAR, 'the policy asks for the same bytes here: near'],
    ['far', FAR, 'far'],
    ['another thing', OTHER, 'other columns'],
  ])('says that it is %s', (_, canary, expected) => {
    expect(stepOf({ ...BYTES, canary }, 'canary').because).toBe(expected);
  });
  it('says far where only a tolerance is asked, too', () => {
    expect(stepOf({ canary: FAR }, 'canary').because).toBe('far');
  });
});

describe('a record by which something may be started', () => {
  it.each<[string, Parameters<typeof verdictOf>[0], boolean]>([
    ['everything held', {}, true],
    ['the log was not asked', { log: 'not-asked' }, true],
    ['nothing else states which it is', { identity: 'not-asked', view: 'absent' }, true],
    ...CHECKS.flatMap((name): [string, Parameters<typeof verdictOf>[0], boolean][] => [
      [`${name} is broken`, { [name]: 'broken' }, false],
      [`${name} is unknown`, { [name]: 'unknown' }, false],
    ]),
    ...(['payload', 'schema', 'subjects', 'signature', 'trust'] as const).flatMap((name): [string, Parameters<typeof verdictOf>[0], boolean][] => [
      [`${name} was not asked`, { [name]: 'not-asked' }, false],
      [`there is no check of ${name}`, { [name]: 'absent' }, false],
    ]),
  ])('%s', (_, changed, expected) => {
    expect(isProvenRecord(verdictOf(changed))).toBe(expected);
  });

  it.each<[CheckName, Check['outcome'], boolean]>([
    ['objects', 'unknown', true],
    ['events', 'unknown', true],
    ['logs', 'unknown', true],
    ['objects', 'broken', false],
    ['events', 'broken', false],
    ['outputs', 'unknown', false],
  ])('%s beside it: %s', (name, outcome, expected) => {
    expect(isProvenRecord({ ...verdictOf(), checks: [...verdictOf().checks, check(name, outcome)] })).toBe(expected);
  });
});
