import { driftOf } from './column-drift.ts';
import type { Column } from './generated/snapshot-types.ts';
import { familyOf } from './ordered-value.ts';
import type { ProfiledTable } from './recorded-profile.ts';
import { likeAnother } from './like-another.ts';
import type { SampleComparison, SampleDeparture } from './sample-departure.ts';
import { valueDepartures } from './value-departures.ts';

export type SampleQuestion = {
  /** What the model was trained on. */
  readonly trained: ProfiledTable;
  readonly sample: ProfiledTable;
  /** The columns that the model takes, in order; all of the training but the label if it is not said. */
  readonly inputs?: readonly string[];
};

/**
 * Compares a sample of live inputs with the profile of the training data: names, order, types, missing values, ranges, categories and
 * distribution. A label may be among the columns of the sample, and is not looked at.
 */
export const compareSample = ({ trained, sample, inputs }: SampleQuestion): SampleComparison => {
  const label = trained.label;
  const expected = (inputs ?? trained.columns.map(({ name }) => name)).filter((name) => name !== label);
  const found = sample.columns.filter(({ name }) => name !== label || expected.includes(name));
  const before = new Map(trained.columns.map((column) => [column.name, column]));
  const after = new Map(found.map((column) => [column.name, column]));
  const pairs = expected.flatMap((name): readonly Pair[] => {
    const [old, young] = [before.get(name), after.get(name)];
    return old === undefined || young === undefined ? [] : [pairOf(old, young, { trained, sample })];
  });
  const byValue = pairs.map(({ pair, drift }) => ({ pair, drift, departures: valueDepartures(pair, drift) }));
  const wrong = byValue.filter(({ departures }) => departures.some(({ kind }) => kind !== 'missing' && kind !== 'type')).map(({ pair }) => pair);
  return {
    departures: [
      ...shapeDepartures(expected, found, before),
      ...byValue.flatMap(({ departures }) => departures),
      ...likeAnother(
        wrong,
        pairs.map(({ pair }) => pair),
      ),
    ],
    columns: pairs.map(({ pair }) => pair.before.column.name),
    unseen: byValue.filter((one) => one.departures.length === 0 && isUnseen(one)).map(({ pair }) => pair.before.column.name),
    untrained: expected.filter((name) => !before.has(name)),
  };
};

type Pair = { readonly pair: ComparedColumn; readonly drift: ReturnType<typeof driftOf> };

type ComparedColumn = Parameters<typeof valueDepartures>[0];

const pairOf = (before: Column, after: Column, { trained, sample }: Pick<SampleQuestion, 'trained' | 'sample'>): Pair => {
  const pair: ComparedColumn = { before: { column: before, rowCount: trained.rowCount }, after: { column: after, rowCount: sample.rowCount } };
  return { pair, drift: driftOf(pair.before, pair.after) };
};

/** Whether nothing but missing values was compared. Dates go on: that they do is no departure, so it is not looked for. */
const isUnseen = ({ pair, drift: { stabilityIndex, range } }: Pair): boolean =>
  familyOf(pair.before.column.type) === 'time' || ((stabilityIndex === undefined || stabilityIndex.basis === 'missing') && range === undefined);

/** Columns that came, went or changed their place. */
const shapeDepartures = (expected: readonly string[], found: readonly Column[], before: ReadonlyMap<string, Column>): readonly SampleDeparture[] => {
  const names = found.map(({ name }) => name);
  const gone = expected.filter((name) => !names.includes(name));
  const added = found.filter(({ name }) => !expected.includes(name));
  const renamed = new Map(
    gone.flatMap((name) => {
      const there = found[expected.indexOf(name)];
      const trained = before.get(name);
      return there !== undefined && added.includes(there) && trained !== undefined && familyOf(there.type) === familyOf(trained.type) ? [[name, there.name] as const] : [];
    }),
  );
  const instead = new Set(renamed.values());
  const both = expected.filter((name) => names.includes(name));
  const placed = names.filter((name) => expected.includes(name));
  return [
    ...(both.some((name, at) => placed[at] !== name) ? [{ kind: 'order' as const, expected: both, found: placed }] : []),
    ...gone.map((column): SampleDeparture => ({ kind: 'gone', column, ...(renamed.has(column) ? { insteadOf: renamed.get(column)! } : {}) })),
    ...added.filter(({ name }) => !instead.has(name)).map(({ name }): SampleDeparture => ({ kind: 'added', column: name })),
  ];
};
