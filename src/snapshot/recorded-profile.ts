import type { Column, Table } from './generated/snapshot-types.ts';

/** What a manifest holds of the one table of a data set: the columns in order, and figures of each as texts. */
export type RecordedProfile = {
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  readonly profile: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Unit: row. */
  readonly rowCount: number;
};

/** A table of which nothing but its figures counts. */
export type ProfiledTable = Required<Pick<Table, 'rowCount' | 'columns'>> & Pick<Table, 'label'>;

/** Most columns that a manifest tells of. */
export const MOST_PROFILED_COLUMNS = 1000;

/** Longest text of a figure. Unit: character. Source: schema/manifest/v0.schema.json, data[].profile. */
const LONGEST_FIGURE = 1024;

/** Stands before a value of which rows were counted: other figures have names without a colon. */
const CATEGORY = 'category:';

/** The figures of a table for a manifest; undefined where nobody counted its rows, it has too many columns, or two of one name. */
export const recordedProfile = ({ columns, rowCount, label }: Pick<Table, 'columns' | 'rowCount' | 'label'>): RecordedProfile | undefined => {
  if (columns === undefined || rowCount === undefined || columns.length > MOST_PROFILED_COLUMNS) return undefined;
  if (new Set(columns.map(({ name }) => name)).size < columns.length) return undefined;
  return {
    schema: columns.map(({ name, type }) => ({ name, type })),
    profile: Object.fromEntries(columns.map((column) => [column.name, figuresOf(column, column.name === label)])),
    rowCount,
  };
};

const figuresOf = ({ detail, missing, distinct, min, max, mean, standardDeviation, quantiles, histogram, categories, otherCount, lengths }: Column, isLabel: boolean) => {
  const all: readonly (readonly [string, string | number | undefined])[] = [
    ['detail', detail],
    ['label', isLabel ? 'yes' : undefined],
    ['missing', missing],
    ['distinct', distinct],
    ['min', min],
    ['max', max],
    ['mean', mean],
    ['standardDeviation', standardDeviation],
    ['quantiles', quantiles?.map(({ at, value }) => `${at}=${value}`).join(', ')],
    ['histogram.edges', histogram?.edges.join(' ')],
    ['histogram.counts', histogram?.counts.join(' ')],
    ['lengths.min', lengths?.min],
    ['lengths.max', lengths?.max],
    ['lengths.mean', lengths?.mean],
    ['otherCount', otherCount],
    ...(categories ?? []).map(({ value, count }) => [`${CATEGORY}${value}`, count] as const),
  ];
  return Object.fromEntries(all.flatMap(([name, figure]) => (figure === undefined || String(figure).length > LONGEST_FIGURE ? [] : [[name, String(figure)]])));
};

/** The table that was recorded; undefined if nothing was, or what was is no profile. Figures that are none are left out. Never throws. */
export const profiledTable = ({ schema, profile, rowCount }: Partial<RecordedProfile>): ProfiledTable | undefined => {
  if (schema === undefined || profile === undefined || rowCount === undefined || schema.length === 0 || schema.length > MOST_PROFILED_COLUMNS) return undefined;
  if (schema.some(({ name }) => !Object.hasOwn(profile, name))) return undefined;
  const label = schema.find(({ name }) => profile[name]!['label'] === 'yes')?.name;
  return { rowCount, columns: schema.map(({ name, type }) => columnOf({ name, type }, profile[name]!)), ...(label === undefined ? {} : { label }) };
};

type Figures = Readonly<Record<string, string>>;

const columnOf = (named: Pick<Column, 'name' | 'type'>, figures: Figures): Column => {
  const [missing, distinct, otherCount] = ['missing', 'distinct', 'otherCount'].map((name) => countOf(textAt(figures, name)));
  const [min, max, mean, deviation] = ['min', 'max', 'mean', 'standardDeviation'].map((name) => textAt(figures, name));
  const histogram = histogramOf(figures);
  const quantiles = quantilesOf(textAt(figures, 'quantiles'));
  return {
    ...named,
    detail: detailOf(textAt(figures, 'detail')),
    ...(missing === undefined ? {} : { missing }),
    ...(distinct === undefined ? {} : { distinct }),
    ...(min === undefined || max === undefined ? {} : { min, max }),
    ...(mean === undefined ? {} : { mean }),
    ...(deviation === undefined ? {} : { standardDeviation: deviation }),
    ...(quantiles === undefined ? {} : { quantiles }),
    ...(histogram === undefined ? {} : { histogram }),
    ...(otherCount === undefined ? {} : { categories: categoriesOf(figures), otherCount }),
    ...lengthsOf(figures),
  };
};

/** What an object has itself: a column may be called constructor. */
const textAt = (figures: Figures, name: string): string | undefined => (Object.hasOwn(figures, name) ? figures[name] : undefined);

const countOf = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

const detailOf = (text: string | undefined): NonNullable<Column['detail']> => (text === 'full' || text === 'counts' ? text : 'off');

const quantilesOf = (text: string | undefined): Column['quantiles'] =>
  text?.split(', ').flatMap((one) => {
    const cut = one.indexOf('=');
    return cut < 1 ? [] : [{ at: one.slice(0, cut), value: one.slice(cut + 1) }];
  });

const histogramOf = (figures: Figures): Column['histogram'] => {
  const [edges, counts] = ['histogram.edges', 'histogram.counts'].map((name) => textAt(figures, name)?.split(' '));
  const numbers = counts?.map(countOf).filter((count) => count !== undefined);
  return edges === undefined || numbers === undefined || numbers.length !== counts?.length || edges.length !== numbers.length + 1 ? undefined : { edges, counts: numbers };
};

const categoriesOf = (figures: Figures): NonNullable<Column['categories']> =>
  Object.entries(figures).flatMap(([name, text]) => {
    const count = name.startsWith(CATEGORY) ? countOf(text) : undefined;
    return count === undefined ? [] : [{ value: name.slice(CATEGORY.length), count }];
  });

const lengthsOf = (figures: Figures): Pick<Column, 'lengths'> => {
  const [min, max] = ['lengths.min', 'lengths.max'].map((name) => countOf(textAt(figures, name)));
  return min === undefined || max === undefined ? {} : { lengths: { min, max, mean: textAt(figures, 'lengths.mean') ?? '0' } };
};
