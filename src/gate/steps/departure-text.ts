import { escapeControl, exhaustive } from '#base';
import type { SampleDeparture } from '#snapshot';

/** What is wrong with one column. */
export type OfColumn = Exclude<SampleDeparture, { readonly kind: 'order' }>;
type Order = Extract<SampleDeparture, { readonly kind: 'order' }>;

/** In what a sample differs, in a few words. Of live values it tells bounds and counts. */
export const phraseOf = (departure: SampleDeparture): string => {
  switch (departure.kind) {
    case 'order':
      return orderPhrase(departure);
    case 'gone':
      return departure.insteadOf === undefined ? 'the sample does not have it' : `the sample does not have it; at its place is ${named(departure.insteadOf)}`;
    case 'added':
      return 'the model was trained without it';
    case 'type':
      return `${departure.found} where ${departure.trained} was trained on`;
    case 'outside':
      return `${SIDES[departure.side]} ${figure(departure.found)}, in training ${figure(departure.trained)}`;
    case 'infinite':
      return 'it has infinite values, and had none in training';
    case 'narrower':
      return narrowerPhrase(departure);
    case 'constant':
      return departure.at === undefined ? 'the same value in every row' : `${figure(departure.at)} in every row`;
    case 'missing':
      return `missing in ${percent(departure.found)} of the rows, in training in ${percent(departure.trained)}`;
    case 'new-values':
      return `${counted(departure.values, 'value')} that training did not have, or hardly, in ${counted(departure.rows, 'row')}`;
    case 'moved':
      return `its values are spread otherwise (population stability index ${departure.index.toFixed(2)})`;
    case 'like':
      return `its values are like those of ${named(departure.other)} in training`;
    default:
      return exhaustive(departure);
  }
};

const narrowerPhrase = ({ side, trained, found, beyond, sits }: Extract<SampleDeparture, { readonly kind: 'narrower' }>): string => {
  const lay = beyond === 0 ? '' : `, where ${percent(beyond)} of the rows lay ${side === 'max' ? 'above' : 'below'}`;
  return `${SIDES[side]} ${figure(found)}, in training ${figure(trained)}${lay}${sits === undefined ? '' : `; ${percent(sits)} of the rows sit at ${figure(found)}`}`;
};

/** What the program before the model must do. `trained` is the data set as commands name it. */
export const remedyOf = (departure: OfColumn, trained: string): string => {
  const name = named(departure.column);
  switch (departure.kind) {
    case 'gone':
      return departure.insteadOf === undefined ? `bring the column ${name} again` : `rename ${named(departure.insteadOf)} to ${name}`;
    case 'added':
      return `leave the column ${name} out`;
    case 'type':
      return `cast ${name} to ${departure.trained}`;
    case 'outside':
      return `look at the unit of ${name}, and at what stands for a missing value`;
    case 'infinite':
      return `look for a division by zero before ${name}`;
    case 'narrower':
      return `do not limit ${name} at ${figure(departure.found)}`;
    case 'constant':
      return `look whether ${name} is filled at all`;
    case 'missing':
      return departure.found > departure.trained ? `look where ${name} gets lost` : `do not fill ${name} where it is missing: training did not`;
    case 'new-values':
      return `spell the values of ${name} as in training, or train with the new ones`;
    case 'moved':
      return `look what changed in ${name} since the training: trainlock data diff ${trained} FILE`;
    case 'like':
      return `give what comes as ${name} as ${named(departure.other)}`;
    default:
      return exhaustive(departure);
  }
};

/** Longest list of columns that a command tells. Unit: character. */
const LONGEST_LIST = 4000;

/** The order that the model was trained with, in full where it is not too long; else where each column goes that is at another place. */
export const orderRemedies = ({ expected, found }: Order): readonly string[] => {
  const list = expected.map(named).join(', ');
  if (list.length <= LONGEST_LIST) return [`reorder the columns: ${list}`];
  const moves = movesOf(expected, found);
  return [`reorder the columns: ${moves.slice(0, MOST_MOVES).join('; ')}${moves.length > MOST_MOVES ? ' …' : ''}`];
};

const MOST_MOVES = 50;

const movesOf = (expected: readonly string[], found: readonly string[]): readonly string[] =>
  expected.flatMap((name, at) => (found[at] === name ? [] : [`${named(name)} to place ${at + 1}`]));

const orderPhrase = ({ expected, found }: Order): string => {
  const at = expected.findIndex((name, place) => found[place] !== name);
  const count = expected.filter((name, place) => found[place] !== name).length;
  return `${counted(count, 'column')} at another place, the first at place ${at + 1}: ${named(found[at]!)} where ${named(expected[at]!)} was in training`;
};

const SIDES = { min: 'smallest', max: 'largest' } as const;

const LONGEST_NAME = 100;

const named = (name: string): string => {
  const text = escapeControl(name);
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME)}…`;
};

/** A bound with six digits that count; a date as it is. */
const figure = (text: string): string => (Number.isFinite(Number(text)) ? String(Number(Number(text).toPrecision(6))) : escapeControl(text).slice(0, LONGEST_NAME));

/** Two digits that count. */
const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

const counted = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
