import { describe, expect, it } from 'vitest';
import { GATE_FACTS } from '../../../test/fixtures/gate-facts.ts';
import type { GateFacts } from '../gate-facts.ts';
import { GATE_FINDING_IDS } from '../gate-finding.ts';
import { judgeGate } from '../judge-gate.ts';
import { planRemedies } from './plan-remedies.ts';
import type { FileMeans, RemedyMeans } from './remedy-action.ts';

const NOTHING: RemedyMeans = { statements: [], models: new Map(), serving: new Map() };

const plan = (changed: Partial<GateFacts>, means: Partial<RemedyMeans> = {}): ReturnType<typeof planRemedies> => {
  const facts = { ...GATE_FACTS, ...changed };
  return planRemedies({ decision: judgeGate(facts), facts, means: { ...NOTHING, ...means } });
};
const told = (actions: ReturnType<typeof planRemedies>): readonly string[] =>
  actions.map(({ kind, how, findings }) => `${kind} ${how}: ${findings.map(({ id, about }) => (about === undefined ? id : `${id} ${about}`)).join(', ')}`);

const found = (path: string): FileMeans => ({ kind: 'found', file: { path, sha256: 'ab'.repeat(32), before: 'cd'.repeat(32) }, from: 'the store', isOutside: false });
const other = (path: string): GateFacts['serving'] => [{ path, state: 'differs', remedies: [`git checkout abc -- ${path}`] }];
const difference = (id: `TL300${1 | 2 | 3 | 4 | 5}`, about: string): GateFacts['differences'][number] => ({
  id,
  severity: 'high',
  outcome: 'wrong',
  about,
  because: 'other',
  remedies: [`mend ${about}`],
});
const NOT_STARTED: GateFacts['canary'] = { kind: 'unknown', because: 'not started' };
const packages: NonNullable<RemedyMeans['packages']> = {
  interpreter: '/venv/bin/python',
  place: '/venv/lib/site-packages',
  all: [{ name: 'numpy', version: '2.0.0', archiveSha256: 'ef'.repeat(32) }],
};

const textOf = ({ kind, how, findings, changes, risk, commands, files = [], packages: installed = [], interpreter }: ReturnType<typeof planRemedies>[number]): string =>
  [
    `${kind} (${how}): ${findings.map(({ id, about }) => (about === undefined ? id : `${id} ${about}`)).join(', ')}`,
    `  changes: ${changes}`,
    `  risk: ${risk}`,
    ...commands.map((command) => `  > ${command}`),
    ...files.map(({ path, sha256, before }) => `  file ${path} ${sha256.slice(0, 4)}${before === undefined ? '' : ` was ${before.slice(0, 4)}`}`),
    ...installed.map(({ name, version, archiveSha256 }) => `  package ${name} ${version} ${archiveSha256.slice(0, 4)}`),
    ...(interpreter === undefined ? [] : [`  interpreter ${interpreter}`]),
  ].join('\n');

describe('a plan', () => {
  it('is empty where nothing stands in the way', () => {
    expect(plan({})).toEqual([]);
  });

  const PLANS: readonly (readonly [string, Partial<GateFacts>, Partial<RemedyMeans>, readonly string[]])[] = [
    ['brings a model back whose bytes are at hand', { models: other('m.pkl') }, { models: new Map([['m.pkl', found('m.pkl')]]) }, ['restore-file automatic: TL1002 m.pkl']],
    ['leaves a model to a person whose bytes are nowhere', { models: other('m.pkl') }, {}, ['restore-file manual: TL1002 m.pkl']],
    [
      'writes nothing of a record that is not proven',
      { serving: other('predict.py'), canary: NOT_STARTED },
      { hindrance: 'the record is not proven', serving: new Map([['predict.py', found('predict.py')]]) },
      ['restore-file manual: TL2002 predict.py', 'ask-canary follows: TL2003'],
    ],
    [
      'brings serving code back, and the canary is asked again by the gate',
      { serving: other('predict.py'), canary: NOT_STARTED },
      { serving: new Map([['predict.py', found('predict.py')]]) },
      ['restore-file automatic: TL2002 predict.py', 'ask-canary follows: TL2003'],
    ],
    [
      'takes a serving file for no model, though it has its name',
      { models: other('predict.py') },
      { serving: new Map([['predict.py', found('predict.py')]]) },
      ['restore-file manual: TL1002 predict.py'],
    ],
    [
      'installs what has a proven archive, and leaves the rest to people',
      {
        differences: [difference('TL3001', 'package numpy'), difference('TL3001', 'package scipy'), difference('TL3001', 'interpreter')],
        canary: { kind: 'none', because: 'none' },
      },
      { packages },
      [
        'install-packages automatic: TL3001 package numpy',
        'install-packages manual: TL3001 package scipy',
        'install-packages manual: TL3001 interpreter',
        'record-again manual: TL2003',
      ],
    ],
    [
      'installs nothing of a record that is not proven',
      { differences: [difference('TL3001', 'package numpy')], canary: NOT_STARTED },
      { packages, hindrance: 'the record is not proven' },
      ['install-packages manual: TL3001 package numpy', 'ask-canary follows: TL2003'],
    ],
    [
      'makes one action of what one command mends',
      {
        differences: [
          { ...difference('TL3003', 'blas'), remedies: ['exec --pin'] },
          { ...difference('TL3003', 'onednn'), remedies: ['exec --pin'] },
        ],
        canary: NOT_STARTED,
      },
      {},
      ['pin-settings manual: TL3003 blas, TL3003 onednn', 'ask-canary follows: TL2003'],
    ],
    [
      'brings a lost statement back before anybody is asked anew',
      { approvals: { kind: 'undecided', reasons: [{ because: 'rule a', remedies: ['approve'] }], chain: [] } },
      { statements: [[{ path: '.trainlock/approvals/a.statement.json', sha256: 'ab'.repeat(32) }]] },
      ['restore-statement automatic: TL1003', 'ask-approval manual: TL1003'],
    ],
    [
      'brings no statement back where nothing asks for one',
      { models: other('m.pkl') },
      { statements: [[{ path: '.trainlock/approvals/a.statement.json', sha256: 'ab'.repeat(32) }]] },
      ['restore-file manual: TL1002 m.pkl'],
    ],
    [
      'says what nothing mends',
      { life: { undecided: [], deprecated: [{ about: 'this run', sha256: 'd1'.repeat(32), isRun: true, because: 'leaked' }], told: [] } },
      {},
      ['look impossible: TL1005 this run'],
    ],
    [
      'says that no command makes a metric better',
      { rules: { ...GATE_FACTS.rules, acceptance: [{ metric: 'accuracy', operator: '>', value: '0.99' }] } },
      {},
      ['record-again impossible: TL2004 accuracy > 0.99'],
    ],
    [
      'never gives an approval',
      { approvals: { kind: 'denied', reasons: [{ because: 'rule a', remedies: ['trainlock approve'] }], chain: [] } },
      {},
      ['ask-approval manual: TL1003'],
    ],
    ['never changes a policy', { isSolo: true }, {}, ['look manual: TL1003']],
    ['looks for what nobody named where nothing that was compared differs', { canary: { kind: 'failed', because: 'it ended with 1', said: '' } }, {}, ['look manual: TL2003']],
  ];

  it.each(PLANS)('%s', (_, changed, means, expected) => {
    expect(told(plan(changed, means))).toEqual(expected);
  });

  const DIGEST = 'ab'.repeat(32);
  const STATEMENT: RemedyMeans['statements'][number] = [
    { path: '.trainlock/approvals/a.json', sha256: DIGEST },
    { path: '.trainlock/approvals/a.statement.json', sha256: DIGEST },
  ];
  const OVERDUE: GateFacts['owedReviews'] = [{ sha256: 'ef'.repeat(32), persons: ['ann'], endedAt: '2026-11-02T12:00:00Z', dueAt: '2026-11-09T12:00:00Z', isOverdue: true }];
  const broken = (name: string): GateFacts['verdict'] => ({
    ...GATE_FACTS.verdict,
    checks: GATE_FACTS.verdict.checks.map((one) => (one.name === name ? { ...one, outcome: 'broken' as const } : one)),
  });
  const MORE: readonly (readonly [string, Partial<GateFacts>, Partial<RemedyMeans>])[] = [
    ['the signature does not count', { verdict: broken('trust') }, {}],
    ['the log was set back', { verdict: broken('log') }, {}],
    ['a withdrawal is in the log only', { withdrawals: { kind: 'found', because: 'leaf 3' } }, { statements: [STATEMENT] }],
    ['the log does not have it', { verdict: { ...GATE_FACTS.verdict, checks: GATE_FACTS.verdict.checks.filter(({ name }) => name !== 'log') } }, {}],
    ['there is no model', { models: [] }, {}],
    ['nobody knows what serves', { serving: [] }, {}],
    [
      'a model is gone, and its bytes are outside of the project',
      { models: [{ path: '/m.pkl', state: 'absent', remedies: ['cp'] }] },
      { models: new Map([['/m.pkl', { ...found('/m.pkl'), file: { path: '/m.pkl', sha256: DIGEST }, isOutside: true } as FileMeans]]) },
    ],
    [
      'a model differs, and its bytes are missing for a reason',
      { models: other('m.pkl') },
      { models: new Map([['m.pkl', { kind: 'missing', because: 'the store does not have them' }]]) },
    ],
    ['the policy is for one person', { isSolo: true }, {}],
    [
      'a change is denied for another reason, where one person decides',
      { isSolo: true, approvals: { kind: 'denied', reasons: [{ because: 'no', remedies: ['ask'] }], chain: [] } },
      {},
    ],
    ['it is not clear what was said of it', { life: { undecided: ['a fork'], deprecated: [], told: [] } }, { statements: [STATEMENT] }],
    ['it is deprecated', { life: { undecided: [], deprecated: [{ about: 'this run', sha256: 'd1'.repeat(32), isRun: true, because: 'leaked' }], told: [] } }, {}],
    ['a sample is asked for', { rules: { ...GATE_FACTS.rules, upstream: 'required' } }, {}],
    ['a metric was not reported', { rules: { ...GATE_FACTS.rules, acceptance: [{ metric: 'recall', operator: '>', value: '0' }] } }, {}],
    ['a replay is asked for', { rules: { ...GATE_FACTS.rules, replay: 'any' } }, {}],
    [
      'a replay came out different',
      { rules: { ...GATE_FACTS.rules, replay: 'any' }, replays: [{ runId: 'fedcba98', outcome: 'different', because: 'model', host: 'other', isByAnother: true }] },
      {},
    ],
    ['nobody knows the test set', { rules: { ...GATE_FACTS.rules, evaluations: { most: 1, isProven: false } } }, {}],
    [
      'the test set was looked at too often',
      { rules: { ...GATE_FACTS.rules, evaluations: { most: 1, isProven: false } }, evaluations: [{ name: 'test', count: 3, atLeast: [] }] },
      {},
    ],
    ['a review is due', { review: { kind: 'asked', state: 'due', because: ['a year'] } }, {}],
    ['an emergency was not reviewed', { owedReviews: OVERDUE }, {}],
    [
      'software differs, and no canary was declared',
      { differences: ([1, 2, 3, 4, 5] as const).map((n) => difference(`TL300${n}`, `thing ${n}`)), canary: { kind: 'none', because: 'none' } },
      {},
    ],
    [
      'packages differ, and trainlock may not',
      { differences: [difference('TL3001', 'package numpy'), difference('TL3002', 'blas')], canary: NOT_STARTED },
      { packages, hindrance: 'the record is not proven' },
    ],
    [
      'two packages differ that one command mends',
      { differences: [difference('TL3001', 'package numpy'), { ...difference('TL3001', 'package scipy'), remedies: ['mend package numpy', 'mend scipy'] }], canary: NOT_STARTED },
      { packages: { ...packages, all: [...packages.all, { name: 'scipy', version: '1.15.0', archiveSha256: '01'.repeat(32) }] } },
    ],
    ['the canary fails where packages differ', { canary: { kind: 'failed', because: 'it ended with 1', said: '' }, differences: [difference('TL3001', 'package numpy')] }, {}],
    ['the canary fails, and nothing that was compared differs', { canary: { kind: 'failed', because: 'it ended with 1', said: '' } }, {}],
  ];

  it('says of each action what changes, what may come of it, and what a person would type', async () => {
    const all = [...PLANS.map(([title, facts, means]) => [title, facts, means] as const), ...MORE];
    const text = all.map(([title, facts, means]) => [`# ${title}`, ...plan(facts, means).map(textOf)].join('\n')).join('\n\n');
    await expect(`${text}\n`).toMatchFileSnapshot('plan-remedies.golden.txt');
  });

  it('names the findings of one action, and the commands of an installation, up to a bound', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ ...difference('TL3001', `package p${at}`), remedies: [`mend ${at}`] }));
    const all = Array.from({ length: 70 }, (_, at) => ({ name: `p${at}`, version: '1', archiveSha256: DIGEST }));
    const [install] = plan({ differences: many(70), canary: NOT_STARTED }, { packages: { ...packages, all } });
    expect(install).toMatchObject({ kind: 'install-packages', interpreter: '/venv/bin/python', packages: all });
    expect(install!.findings).toHaveLength(64);
    expect(install!.commands).toHaveLength(32);
    const pinned = Array.from({ length: 70 }, (_, at) => ({ ...difference('TL3003', `cpu ${at}`), remedies: ['exec --pin'] }));
    const [pin] = plan({ differences: pinned, canary: NOT_STARTED });
    expect(pin!.findings).toHaveLength(64);
  });

  it('does what is automatic first, statements before files before packages, and then what people do', () => {
    const facts: Partial<GateFacts> = {
      approvals: { kind: 'undecided', reasons: [{ because: 'rule a', remedies: ['approve'] }], chain: [] },
      models: other('m.pkl'),
      serving: other('predict.py'),
      differences: [difference('TL3001', 'package numpy')],
      canary: NOT_STARTED,
      rules: { ...GATE_FACTS.rules, acceptance: [{ metric: 'accuracy', operator: '>', value: '0.99' }] },
    };
    const means: Partial<RemedyMeans> = { statements: [STATEMENT], models: new Map([['m.pkl', found('m.pkl')]]), packages };
    expect(told(plan(facts, means))).toEqual([
      'restore-statement automatic: TL1003',
      'restore-file automatic: TL1002 m.pkl',
      'install-packages automatic: TL3001 package numpy',
      'restore-file manual: TL2002 predict.py',
      'ask-approval manual: TL1003',
      'ask-canary follows: TL2003',
      'record-again impossible: TL2004 accuracy > 0.99',
    ]);
  });

  it('installs a package for no other finding, and for none that only ends with its name', () => {
    const named = (id: 'TL3001' | 'TL3002', about: string) => told(plan({ differences: [difference(id, about)], canary: NOT_STARTED }, { packages }))[0];
    expect(named('TL3001', 'package numpy')).toBe('install-packages automatic: TL3001 package numpy');
    expect(named('TL3002', 'package numpy')).toBe('install-native manual: TL3002 package numpy');
    expect(named('TL3001', '12345678numpy')).toBe('install-packages manual: TL3001 12345678numpy');
  });

  it('asks for a second person in the policy only where one alone decides, and that is what is wrong', () => {
    const LINT = [{ because: 'too few people', remedies: ['trainlock policy lint'] }];
    expect(told(plan({ approvals: { kind: 'denied', reasons: LINT, chain: [] } }))).toEqual(['ask-approval manual: TL1003']);
    expect(told(plan({ isSolo: true, approvals: { kind: 'undecided', reasons: LINT, chain: [] } }))).toEqual(['look manual: TL1003', 'ask-approval manual: TL1003']);
  });

  it('names a thing only where there is one', () => {
    expect(plan({ models: [] })[0]!.findings).toStrictEqual([{ id: 'TL1002' }]);
    expect(plan({ models: other('m.pkl') })[0]!.findings).toStrictEqual([{ id: 'TL1002', about: 'm.pkl' }]);
  });

  it('leaves out what is excused', () => {
    const exceptions: GateFacts['exceptions'] = [
      { sha256: DIGEST, id: 'TL3001', about: 'package numpy', persons: ['ann', 'ben'], reason: 'known', expiresAt: '2026-12-24T00:00:00Z' },
    ];
    const rules = { ...GATE_FACTS.rules, canary: 'none' as const };
    expect(told(plan({ differences: [difference('TL3001', 'package numpy')], canary: { kind: 'none', because: '' }, rules, exceptions }))).toEqual([]);
  });

  it('has an action for every open finding, whatever is wrong at once', () => {
    const facts: GateFacts = {
      ...GATE_FACTS,
      rules: {
        ...GATE_FACTS.rules,
        replay: 'any',
        upstream: 'required',
        evaluations: { most: 1, isProven: false },
        acceptance: [{ metric: 'accuracy', operator: '>', value: '0.99' }],
      },
      verdict: { ...GATE_FACTS.verdict, kind: 'refuted', checks: GATE_FACTS.verdict.checks.map((one) => ({ ...one, outcome: 'broken' })) },
      withdrawals: { kind: 'found', because: 'leaf 3' },
      life: { undecided: ['fork'], deprecated: [], told: [] },
      approvals: { kind: 'denied', reasons: [{ because: 'no', remedies: [] }], chain: [] },
      models: other('m.pkl'),
      serving: other('predict.py'),
      canary: NOT_STARTED,
      owedReviews: [{ sha256: 'ef'.repeat(32), persons: ['ann'], endedAt: '2026-11-02T12:00:00Z', dueAt: '2026-11-09T12:00:00Z', isOverdue: true }],
      review: { kind: 'asked', state: 'due', because: ['nobody has looked for a year'] },
      evaluations: [{ name: 'test', count: 3, atLeast: [] }],
      differences: ([1, 2, 3, 4, 5] as const).map((n) => difference(`TL300${n}`, `thing ${n}`)),
    };
    const decision = judgeGate(facts);
    const actions = planRemedies({ decision, facts, means: NOTHING });
    const covered = new Set(actions.flatMap(({ findings }) => findings.map(({ id }) => id)));
    expect([...covered].toSorted()).toEqual([...GATE_FINDING_IDS].toSorted());
    expect(actions.every(({ how }) => how !== 'automatic')).toBe(true);
  });
});
