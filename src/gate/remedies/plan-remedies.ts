import { ONE_PERSON } from '../steps/approval-step.ts';
import { countOf, exhaustive } from '#base';
import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding } from '../gate-finding.ts';
import type { GateDecision } from '../judge-gate.ts';
import { environmentRemedy, installPackages } from './environment-remedy.ts';
import { fileRemedy } from './file-remedy.ts';
import { aboutOf, NOTHING_CHANGES, type RemedyAction, type RemedyKind, type RemedyMeans } from './remedy-action.ts';

type Asked = { readonly decision: GateDecision; readonly facts: GateFacts; readonly means: RemedyMeans };

/**
 * What mends the findings that stand in the way: what trainlock may do first, in the order in which it is done, then what persons must
 * do, then what nothing mends. Every open finding has an action. Total: never throws.
 */
export const planRemedies = ({ decision, facts, means }: Asked): readonly RemedyAction[] => {
  const open = decision.steps.flatMap(({ findings }) => findings.filter(({ excused }) => excused === undefined));
  const statements = open.some(({ id }) => MENDED_BY_STATEMENTS.has(id)) ? means.statements : [];
  const actions = [
    ...statements.map((files) => restoreStatement(files, open)),
    ...installPackages(open, means),
    ...open.flatMap((finding) => remedyOf(finding, { decision, facts, means })),
  ];
  return merged(actions).toSorted((a, b) => rank(a) - rank(b));
};

/** Findings that a statement which somebody took away may have caused. */
const MENDED_BY_STATEMENTS: ReadonlySet<string> = new Set(['TL1003', 'TL1004', 'TL1005']);

/** Statements first: what they say decides whether anything else is needed. */
const ORDER: readonly RemedyKind[] = ['restore-statement', 'restore-file', 'install-packages'];
const HOW: readonly RemedyAction['how'][] = ['automatic', 'manual', 'follows', 'impossible'];

const rank = ({ kind, how }: RemedyAction): number => HOW.indexOf(how) * 10 + (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

const restoreStatement = (files: NonNullable<RemedyAction['files']>, open: readonly GateFinding[]): RemedyAction => ({
  kind: 'restore-statement',
  how: 'automatic',
  findings: open.filter(({ id }) => MENDED_BY_STATEMENTS.has(id)).map(aboutOf),
  // The statement comes last.
  changes: `${files.at(-1)?.path ?? 'a statement'} comes back from git${files.length > 1 ? `, with ${countOf(files.length - 1, 'file')} beside it` : ''}`,
  risk: 'what it says counts again, also where it takes something back',
  commands: files.slice(-1).map(({ path }) => `git log --diff-filter=D -- ${path}`),
  files,
});

const remedyOf = (finding: GateFinding, asked: Asked): readonly RemedyAction[] => {
  const { id, outcome, remedies, about } = finding;
  const { means } = asked;
  const action = (kind: RemedyKind, how: RemedyAction['how'], changes: string, risk = NOTHING_CHANGES): readonly RemedyAction[] => [
    { kind, how, findings: [aboutOf(finding)], changes, risk, commands: remedies },
  ];
  switch (id) {
    case 'TL1001':
      return action('look', 'manual', 'a person looks why the record or its signature does not count, and brings it back from a copy');
    case 'TL1002':
      return about === undefined
        ? action('record-again', 'manual', 'another run, with an output that is declared to be a model')
        : [fileRemedy(finding, { means: means.models.get(about), hindrance: means.hindrance })];
    case 'TL1003':
      return finding.found === ONE_PERSON
        ? action('look', 'manual', 'a second person is named in the policy, which people change and trainlock does not')
        : action('ask-approval', 'manual', 'people who did not make the change look at it, and sign that they approve', 'they may say no');
    case 'TL1004':
      return action('look', 'manual', about === 'log' ? 'its leaf is entered into a log' : 'a person looks what became of the log');
    case 'TL1005':
      return outcome === 'wrong'
        ? action('look', 'impossible', 'people have said that it should not be used: use what replaces it')
        : action('look', 'manual', 'people settle what is said of the record');
    case 'TL2001':
      return action('look', 'manual', 'a person looks at what reaches the model');
    case 'TL2002':
      return about === undefined
        ? action('record-again', 'manual', 'another run, whose canary names the script that serves')
        : [fileRemedy(finding, { means: means.serving.get(about), hindrance: means.hindrance })];
    case 'TL2003':
      return canaryRemedy(finding, asked);
    case 'TL2004':
      return outcome === 'wrong'
        ? action('record-again', 'impossible', 'no command makes a metric better: another run must meet it')
        : action('record-again', 'manual', 'another run, that reports what the criteria ask for');
    case 'TL2005':
      return outcome === 'wrong'
        ? action('replay', 'impossible', 'it was repeated, and came out different')
        : action('replay', 'manual', 'the run is repeated, and the outcome recorded', 'it takes as long as the training');
    case 'TL2006':
      return outcome === 'wrong'
        ? action('record-again', 'impossible', 'nobody can take back that the test set was looked at: another run, measured on data that nobody has looked at')
        : action('look', 'manual', 'the records that are missing are brought here, or the run names its test set');
    case 'TL4001':
      return action('ask-approval', 'manual', 'somebody who did not make the run reviews it, and signs that', 'they may find that it should not run any more');
    case 'TL4002':
      return action('look', 'manual', 'a person who did not ask for it looks back at the emergency, and signs what was learnt');
    case 'TL3001':
    case 'TL3002':
    case 'TL3003':
    case 'TL3004':
    case 'TL3005':
      return environmentRemedy({ ...finding, id }, means);
    default:
      return exhaustive(id);
  }
};

/** A canary that was not started says nothing yet; one that was, and fails, has a cause that the other findings name. */
const canaryRemedy = (finding: GateFinding, { facts: { canary, differences, reference, environment } }: Asked): readonly RemedyAction[] => {
  const findings = [aboutOf(finding)];
  if (canary.kind === 'none')
    return [{ kind: 'record-again', how: 'manual', findings, changes: 'another run, with a declared canary', risk: NOTHING_CHANGES, commands: finding.remedies }];
  if (canary.kind === 'unknown' || differences.length > 0)
    return [
      {
        kind: 'ask-canary',
        how: 'follows',
        findings,
        changes: 'the gate asks the canary again when the rest is mended',
        risk: NOTHING_CHANGES,
        commands: [`trainlock gate --env ${environment} ${reference}`],
      },
    ];
  return [
    {
      kind: 'look',
      how: 'manual',
      findings,
      changes: 'a person looks for what serves otherwise though nothing that was compared differs: a module that nobody named',
      risk: NOTHING_CHANGES,
      commands: [`trainlock env diff ${reference}`],
    },
  ];
};

/** Most findings of one action that are named. */
const MOST_NAMED = 64;

/** One command that mends several findings is one action. */
const merged = (actions: readonly RemedyAction[]): readonly RemedyAction[] => {
  const found = new Map<string, RemedyAction>();
  for (const one of actions) {
    const { findings, ...what } = one;
    const key = JSON.stringify(what);
    const there = found.get(key);
    found.set(key, there === undefined ? one : { ...there, findings: [...there.findings, ...findings].slice(0, MOST_NAMED) });
  }
  return [...found.values()];
};
