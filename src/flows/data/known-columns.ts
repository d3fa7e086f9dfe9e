import { escapeControl, nearest, TrainlockError } from '#base';
import type { Table } from '#snapshot';
import type { ProfileRequest } from './profile-data.ts';

/** A column that is to be kept quiet, or holds the label, must be there: a misspelt name would tell what should not be told. */
export const mustBeKnown = (tables: readonly Table[], { columns = {}, label }: Pick<ProfileRequest, 'columns' | 'label'>): void => {
  if (tables.some(({ problem }) => problem !== undefined)) return;
  const known = new Set(tables.flatMap((table) => (table.columns ?? []).map(({ name }) => name)));
  for (const name of [...Object.keys(columns), ...(label === undefined ? [] : [label])]) {
    if (known.has(name)) continue;
    const near = nearest(name, known);
    throw new TrainlockError('TL0001', `no table has a column ${escapeControl(name)}`, {
      notes: near === undefined ? [] : [`did you mean ${escapeControl(near)}?`],
      fix: 'mend the name: it is written as in the data, letter for letter',
    });
  }
};
