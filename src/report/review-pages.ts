import type { ReviewAnswer } from '#approval';
import { countOf } from '#base';
import { bad, faint, good, type Line, open, type Page, paragraph, type Span } from './page.ts';

export type ReviewsView = {
  readonly kind: 'current' | 'due' | 'unknown' | 'nothing';
  readonly reviews: readonly (Pick<ReviewAnswer, 'state' | 'because'> & {
    readonly dueAt?: string;
    readonly runId: string;
    readonly name?: string;
    readonly environment?: string;
    readonly tier?: string;
  })[];
  readonly unknown: readonly string[];
};

const STATES: Readonly<Record<ReviewAnswer['state'], Span>> = { current: good('current'), due: bad('due'), unknown: open('unknown') };

/** What somebody must look at again, and why; what is due comes first. */
export const reviewsPage = ({ kind, reviews, unknown }: ReviewsView): Page => {
  const due = reviews.filter(({ state }) => state === 'due').length;
  const heads: Readonly<Record<ReviewsView['kind'], Line>> = {
    nothing: [open('nothing of that was promoted'), ', so there is nothing that could be reviewed'],
    current: [good('no review is due'), faint(`, ${countOf(reviews.length, 'model')} asked about`)],
    due: [bad(`${countOf(due, 'review')} due`)],
    unknown: [open('whether a review is due is not known')],
  };
  const order = (state: ReviewAnswer['state']): number => ['due', 'unknown', 'current'].indexOf(state);
  return [
    { kind: 'paragraph', line: heads[kind] },
    {
      kind: 'list',
      items: reviews.toSorted((a, b) => order(a.state) - order(b.state)).map((one) => ({ line: headLine(one), inner: innerLines(one) })),
    },
    ...unknown.map((because) => paragraph(open('unknown: '), because)),
  ];
};

type Review = ReviewsView['reviews'][number];

const headLine = ({ state, runId, name, environment, tier }: Review): Line => [
  STATES[state],
  `  ${name ?? runId.slice(0, 8)} ${environment === undefined ? 'is kept' : `in ${environment}`}`,
  faint(tier === undefined ? '  no tier' : `  tier ${tier}`),
];

const innerLines = ({ state, because, dueAt, runId, environment }: Review): readonly Line[] => [
  ...because.map((reason): Line => [reason]),
  ...(state === 'current' && dueAt !== undefined ? [[faint(`next before ${dueAt.slice(0, 10)}`)]] : []),
  ...(state === 'due'
    ? [
        [
          faint('fix: '),
          `trainlock approve ${runId.slice(0, 8)} --against none --meaning review --role approver-model${environment === undefined ? '' : ` --environment ${environment}`} --reason "…"`,
        ],
      ]
    : []),
];
