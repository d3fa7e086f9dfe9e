import { countOf } from '#base';
import type { RemedyAction } from '#gate';
import { bad, faint, good, type Item, type Line, open, type Page, paragraph, type Span, strong } from './page.ts';

type Outcome = { readonly state: 'done' | 'failed' | 'not-started'; readonly because: string };

/** A plan of what mends the findings of the gate; or what was done of it, with the answer afterwards. */
export type RemediationView = {
  readonly answer: { readonly decision: { readonly kind: string }; readonly run: { readonly id: string; readonly name?: string }; readonly environment: string };
  readonly before: { readonly decision: string; readonly factsSha256: string };
  readonly actions: readonly (RemedyAction & { readonly outcome?: Outcome })[];
};

const GROUPS: readonly (readonly [RemedyAction['how'], string])[] = [
  ['automatic', 'trainlock may do'],
  ['manual', 'for people'],
  ['follows', 'answered anew'],
  ['impossible', 'nothing mends'],
];

/** Every open finding with what mends it: what changes, what may come of it, and the commands. */
export const remediationPage = ({ answer, before, actions }: RemediationView): Page => {
  const { run, environment, decision } = answer;
  const head = paragraph(
    DECISIONS[decision.kind] ?? decision.kind,
    `  ${run.name ?? run.id.slice(0, 8)} in ${environment}`,
    faint(`  facts sha256 ${before.factsSha256.slice(0, 16)}`),
  );
  if (actions.length === 0) return [head, paragraph('nothing stands in the way, so there is nothing to mend')];
  return [
    head,
    ...GROUPS.flatMap(([how, title]): Page => {
      const items = actions.flatMap((action, at) => (action.how === how ? [itemOf(action, at + 1)] : []));
      return items.length === 0
        ? []
        : [
            { kind: 'heading', line: [strong(title)] },
            { kind: 'list', items },
          ];
    }),
  ];
};

const DECISIONS: Readonly<Record<string, Span>> = { allowed: good('allowed'), denied: bad('denied'), undecided: open('undecided') };

const MOST_NAMED = 5;

const itemOf = ({ kind, findings, changes, risk, commands, how, outcome }: RemediationView['actions'][number], number: number): Item => {
  const named = findings.slice(0, MOST_NAMED).map(({ id, about }) => (about === undefined ? id : `${id} ${about}`));
  const more = findings.length > MOST_NAMED ? [`and ${countOf(findings.length - MOST_NAMED, 'more finding')}`] : [];
  return {
    line: [`${number}  `, strong(kind), ...(outcome === undefined ? [] : ['  ', OUTCOMES[outcome.state]]), faint(`  ${[...named, ...more].join(', ')}`)],
    inner: [
      [changes],
      ...(outcome?.state === 'failed' ? [[bad(outcome.because)]] : []),
      ...(risk === '' || how === 'impossible' ? [] : [[faint(`risk: ${risk}`)]]),
      ...(how === 'automatic' ? [] : commands.slice(0, MOST_NAMED).map((command): Line => [faint('by hand: '), command])),
    ],
  };
};

const OUTCOMES: Readonly<Record<Outcome['state'], Span>> = { done: good('done'), failed: bad('failed'), 'not-started': open('not started') };
