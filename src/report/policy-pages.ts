import { countOf, type Problem } from '#base';
import type { FiledApprovalView } from './approval-pages.ts';
import { environmentBlocks } from './policy-environment-blocks.ts';
import { type CaseAnswer, type Change, type ChangeDecision, type LintFinding, type Policy, replayText, type RequirementAnswer, type Rule, type RuleAnswer } from '#approval';
import { atMost, bad, faint, good, type Line, open, type Page, paragraph, row, type Row, rows, strong } from './page.ts';

/** The problems of a file that people wrote. */
const problemsPage = (path: string, problems: readonly Problem[]): Page => [
  paragraph(`${path}: `, bad('not understood'), faint(`, ${countOf(problems.length, 'problem')}`)),
  {
    kind: 'list',
    items: problems.map(({ line, pointer, message, hint }) => ({
      line: [faint(line === undefined ? '' : `line ${line}: `), pointer === '' ? '' : `${pointer}: `, message, hint === undefined ? '' : faint(`  ${hint}`)],
    })),
  },
];

/** What a policy says. */
export const policyPage = (path: string, { sha256, isSolo, roles, machines, rules, review, environments }: Policy): Page => [
  {
    kind: 'rows',
    rows: [
      ...row('policy', path),
      ...row('sha256', faint(sha256)),
      ...(isSolo ? row('solo', open('one person does everything: approvals of own changes count, and are self-attested')) : []),
      ...(review === undefined ? [] : row('review', reviewText(review))),
    ],
  },
  { kind: 'rows', rows: [...roles].flatMap(([role, people]) => row(role, people.map((name) => (machines.has(name) ? `${name} (machine)` : name)).join(', '))) },
  ...rules.flatMap(ruleBlocks),
  ...environmentBlocks({ environments }),
];

const reviewText = ({ every, triggers }: NonNullable<Policy['review']>): string =>
  `${[...every].map(([tier, days]) => `every ${countOf(days, 'day')} (${tier === 'other' ? 'any other tier' : `tier ${tier}`})`).join(', ')}${triggers.length === 0 ? '' : `; at once after ${triggers.join(', ')}`}`;

const ruleBlocks = ({ id, why, changed, require, replay }: Rule): Page => [
  { kind: 'heading', line: [strong(id)] },
  {
    kind: 'rows',
    rows: [
      ...row('why', why),
      ...row('changed', changed.map(({ text }) => text).join(', ')),
      ...rows('needs', [...require.map(({ roles, count }): Line => [`${count} × ${roles.join(' or ')}`]), ...(replay === undefined ? [] : [[replayText(replay)]])]),
    ],
  },
];

export type PolicyCheckView =
  | { readonly kind: 'invalid'; readonly path: string; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'checked';
      readonly path: string;
      readonly policy: Policy;
      readonly findings: readonly LintFinding[];
      readonly keys: { readonly kind: 'known'; readonly version: number } | { readonly kind: 'unknown'; readonly because: string };
    };

/** Whether a policy can do what it says. */
export const policyCheckPage = (check: PolicyCheckView): Page => {
  if (check.kind === 'invalid') return problemsPage(check.path, check.problems);
  const { path, policy, findings, keys } = check;
  const found = findings.length === 0 ? good('every change has a rule, and every rule enough people') : bad(countOf(findings.length, 'finding'));
  return [
    paragraph(`${path}: `, found, faint(`, ${countOf(policy.rules.length, 'rule')}`)),
    { kind: 'list', items: findings.map(({ kind, pointer, message }) => ({ line: [faint(`${kind}  `), `${pointer}: ${message}`] })) },
    keys.kind === 'known'
      ? paragraph(faint(`people and their keys by version ${keys.version} of the trust file`))
      : paragraph(open('whether these people have keys that count is not known'), `: ${keys.because}`),
    ...(policy.isSolo ? [paragraph(open('solo: one person does everything; a strict gate refuses such approvals'))] : []),
  ];
};

export type PolicyTestView =
  | { readonly kind: 'invalid'; readonly path: string; readonly problems: readonly Problem[] }
  | { readonly kind: 'tested'; readonly path: string; readonly answers: readonly CaseAnswer[] };

/** What a policy answered to its cases. */
export const policyTestPage = (tested: PolicyTestView): Page => {
  if (tested.kind === 'invalid') return problemsPage(tested.path, tested.problems);
  const failed = tested.answers.filter(({ passed }) => !passed);
  return [
    paragraph(
      failed.length === 0 ? good(`${countOf(tested.answers.length, 'case')} as expected`) : bad(`${failed.length} of ${countOf(tested.answers.length, 'case')} not as expected`),
    ),
    {
      kind: 'list',
      items: tested.answers.map(({ name, line, passed, because, decision }) => ({
        line: [passed ? good('as expected  ') : bad('not as expected  '), name, faint(`  ${decision.kind}${line === undefined ? '' : `  line ${line}`}`)],
        inner: passed ? [] : because.map((reason): Line => [reason]),
      })),
    },
  ];
};

export type PolicyExplanationView = {
  readonly path: string;
  readonly policySha256: string;
  /** Absent where the candidate follows nothing. */
  readonly baseline?: { readonly runId: string; readonly name?: string };
  readonly candidate: { readonly runId: string; readonly name?: string };
  readonly actors: readonly string[];
  readonly stranger?: string;
  readonly decision: ChangeDecision;
  /** Approvals of this change. */
  readonly filed: readonly FiledApprovalView[];
};

const VERDICTS = { allowed: good('allowed'), denied: bad('denied'), undecided: open('undecided') } as const;

/** Which rules apply between two runs, and who may approve. */
export const policyExplanationPage = ({ path, policySha256, baseline, candidate, actors, stranger, decision, filed }: PolicyExplanationView): Page => [
  paragraph(VERDICTS[decision.kind], `  from ${baseline === undefined ? 'nothing' : called(baseline)} to ${called(candidate)}`),
  { kind: 'list', items: decision.because.map((reason) => ({ line: [reason] })) },
  {
    kind: 'rows',
    rows: [
      ...row('policy', `${path}`, faint(`  sha256 ${policySha256}`)),
      ...row(
        'made by',
        actors.length === 0 ? open(stranger === undefined ? 'nobody knows' : `${stranger}, whom the policy does not know: say who with --actor`) : actors.join(', '),
      ),
    ],
  },
  ...decision.rules.flatMap(ruleAnswerBlocks),
  ...notCountedBlocks(decision, filed),
  ...(decision.uncovered.length === 0
    ? []
    : [
        { kind: 'heading' as const, line: [bad('no rule speaks of')] },
        { kind: 'list' as const, items: decision.uncovered.map(({ label, path: place }) => ({ line: [label, faint(`  ${place}`)] })) },
      ]),
];

const called = ({ runId, name }: { readonly runId: string; readonly name?: string }): string => name ?? runId.slice(0, 8);

const MOST_THINGS = 8;

const STATES = { satisfied: good('satisfied'), outstanding: open('outstanding'), unsatisfiable: bad('cannot be satisfied'), contradicted: bad('contradicted') } as const;

const ruleAnswerBlocks = ({ id, why, changes, requirements, replay, state }: RuleAnswer): Page => [
  { kind: 'heading', line: [strong(id), '  ', STATES[state]] },
  {
    kind: 'rows',
    rows: [
      ...row('why', why),
      ...rows('changed', atMost(thingsIn(changes), MOST_THINGS, 'things')),
      ...requirements.flatMap(requirementRows),
      ...(replay === undefined ? [] : row('needs', replayText(replay.asked), REPLAYS[replay.state](`  ${replay.because}`))),
    ],
  },
];

const REPLAYS = { met: good, missing: open, contradicted: bad } as const;

/** One line for each thing, with the fields of it that differ. */
const thingsIn = (changes: readonly Change[]): readonly Line[] => {
  const paths = new Map<string, string[]>();
  for (const { label, path } of changes) paths.set(label, [...(paths.get(label) ?? []), path]);
  return [...paths].map(([label, fields]): Line => [label, faint(`  ${fields.join(', ')}`)]);
};

const requirementRows = ({ roles, count, by, missing, eligible }: RequirementAnswer): readonly Row[] => [
  ...row('needs', `${count} × ${roles.join(' or ')}`, missing === 0 ? '' : faint(`  ${missing} more`)),
  ...(by.length === 0 ? [] : row('given by', by.join(', '))),
  ...(missing === 0 ? [] : row('may approve', eligible.length === 0 ? bad('nobody') : eligible.join(', '))),
];

/** Approvals of this change that do not count, each with its reason. */
const notCountedBlocks = ({ notCounted }: ChangeDecision, filed: readonly FiledApprovalView[]): Page => {
  const lines: readonly Line[] = [
    ...notCounted.map(({ approval, because }): Line => [`${approval.person} as ${approval.role}`, faint(`  ${because}`)]),
    ...filed.flatMap(({ judged }): readonly Line[] =>
      judged.kind === 'refused' || judged.kind === 'unknown'
        ? [[judged.approval === undefined ? 'an approval' : `${judged.approval.person} as ${judged.approval.role}`, faint(`  ${judged.because}`)]]
        : [],
    ),
  ];
  return lines.length === 0
    ? []
    : [
        { kind: 'heading', line: [open('approvals that do not count')] },
        { kind: 'list', items: lines.map((line) => ({ line })) },
      ];
};
