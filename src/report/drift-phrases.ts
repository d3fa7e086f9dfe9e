import { type BoundChange, type ColumnDifference, type Drift, type EdgeFinding, type LabelShift, orderedValue } from '#snapshot';
import { counted, grouped, listed, percent, shortValue, threeDigits } from './figures.ts';
import { cut } from './short.ts';
import { valueText } from './value-text.ts';

/** Shares of missing values and means that moved by less than this are not told of stable columns. */
const LEAST_MISSING_CHANGE = 0.005;
const LEAST_MEAN_SHIFT = 0.1;
/** Nor is a smallest or largest value that moved by less than this part of the range before. */
const LEAST_BOUND_SHIFT = 0.1;

const MOST_CATEGORIES = 3;

/** Whether a column differs in something that a person would want to read. */
export const saysSomething = ({ renamedFrom, types, moved, drift }: ColumnDifference): boolean =>
  renamedFrom !== undefined || types !== undefined || moved !== undefined || drift.grade === 'moderate' || drift.grade === 'strong' || valuePhrases(drift).length > 0;

/** What became of a column but for its values: its name, its type, its place. */
export const shapePhrases = ({ renamedFrom, types, moved }: ColumnDifference): readonly string[] => [
  ...(renamedFrom === undefined ? [] : [`renamed from ${cut(renamedFrom, 60)}`]),
  ...(types === undefined ? [] : [`${types.before} → ${types.after}${types.sameFamily ? '' : ', another kind of values'}`]),
  ...(moved === undefined ? [] : [`moved from place ${moved.from} to ${moved.to}`]),
];

/** What became of the values of a column, in a few words each, the most telling first. */
export const valuePhrases = ({ grade, edges, missing, meanShift, range, newCategories, vanishedCategories }: Drift): readonly string[] => [
  ...edges.map(edgePhrase),
  ...(missing === undefined || Math.abs(missing.after - missing.before) < LEAST_MISSING_CHANGE ? [] : [`missing ${percent(missing.before)} → ${percent(missing.after)}`]),
  ...(meanShift === undefined || Math.abs(meanShift) < LEAST_MEAN_SHIFT ? [] : [`mean moved by ${meanShift > 0 ? '+' : ''}${meanShift.toFixed(2)} standard deviations`]),
  ...(edges.length > 0 ? [] : rangePhrases(range, grade === 'stable' ? LEAST_BOUND_SHIFT : 0)),
  ...categoryPhrases(newCategories, { certain: 'new', likely: 'newly frequent' }),
  ...categoryPhrases(vanishedCategories, { certain: 'gone', likely: 'no longer frequent' }),
];

const edgePhrase = ({ kind, side, at, share, rows, beyondBefore }: EdgeFinding): string =>
  kind === 'clipped'
    ? `clipped at ${valueText(shortValue(at))}: ${percent(share)} of the values sit there, ${percent(beyondBefore ?? 0)} lay ${side === 'max' ? 'above' : 'below'} before`
    : `a new ${side === 'max' ? 'largest' : 'smallest'} value ${valueText(shortValue(at))} in ${edgeRowsText(rows)} (${percent(share)})`;

/** "1 of 30 rows", "about 4,000 of 100,000 rows". */
export const edgeRowsText = ({ count, of, exact }: EdgeFinding['rows']): string => `${exact ? '' : 'about '}${grouped(count)} of ${counted(of, 'row')}`;

const rangePhrases = (range: Drift['range'], least: number): readonly string[] => {
  if (range === undefined) return [];
  const [low, high] = [orderedValue(range.min.before), orderedValue(range.max.before)];
  const width = low === undefined || high === undefined ? 0 : high - low;
  const isFar = ({ before, after }: BoundChange): boolean => Math.abs((orderedValue(after) ?? 0) - (orderedValue(before) ?? 0)) >= least * width;
  const bounds = [
    { name: 'smallest', ...range.min },
    { name: 'largest', ...range.max },
  ].filter((bound) => bound.change !== 'same' && isFar(bound));
  return bounds.length === 0 ? [] : [listed(bounds.map(({ name, before, after }) => `${name} ${valueText(shortValue(before))} → ${valueText(shortValue(after))}`))];
};

/** Values that one side does not have, or has so rarely that its profile does not show them. */
const categoryPhrases = (shown: Drift['newCategories'], words: { readonly certain: string; readonly likely: string }): readonly string[] =>
  [true, false].flatMap((certain) => {
    const values = shown.filter((category) => category.certain === certain).map(({ value }) => valueText(value));
    return values.length === 0 ? [] : [`${certain ? words.certain : words.likely}: ${listed(values, MOST_CATEGORIES)}`];
  });

/** The measures behind a grade. */
export const measurePhrases = ({ stabilityIndex, distance, because, grade }: Drift): readonly string[] => {
  if (grade === 'unknown') return [because];
  return [
    ...(stabilityIndex === undefined
      ? []
      : [
          `PSI ${stabilityIndex.exact ? '' : '≈ '}${stabilityIndex.value.toFixed(3)}${stabilityIndex.value < stabilityIndex.byChance && stabilityIndex.value >= 0.01 ? `, no more than chance may give (${stabilityIndex.byChance.toFixed(3)})` : ''}`,
        ]),
    ...(distance === undefined ? [] : [`KS ≈ ${threeDigits(distance.estimate)} (${threeDigits(distance.atLeast)} to ${threeDigits(distance.atMost)})`]),
  ];
};

/** Whether the balance of the labels moved so far that a person would want to read of it. */
export const isLabelShiftWorthTelling = ({ grade, totalVariation }: LabelShift): boolean => grade !== 'stable' || totalVariation >= LEAST_LABEL_SHIFT;

const LEAST_LABEL_SHIFT = 0.01;
