import { describe, expect, it } from 'vitest';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { compareRows } from '../rows/compare-rows.ts';
import { tableSourcesOf } from './table-sources-of.ts';

/** Rows of more than 1 MiB and more than DuckDB looks at before it decides on types; `last` stands behind them. */
const csvOf = (last: string): string =>
  `id,v,note\n${Array.from({ length: 30_000 }, (_, i) => `${100_000 + i},${i},some text so that the line is long enough ${i}`).join('\n')}\n${last}\n`;

const lab = makeTableLab();

const openNow = (name: string) => lab.engine().open(tableSourcesOf(lab.folder, [name])[0]!);

/** Types of the columns and the values of the last row. */
const lastOf = async (name: string) => {
  const table = await openNow(name);
  try {
    if (table.problem !== undefined) return table.problem;
    const [row] = await lab.engine().query(`SELECT CAST(id AS VARCHAR) AS id, CAST(v AS VARCHAR) AS v FROM ${table.relation} WHERE note = 'last'`);
    return { types: table.columns.map(({ type }) => type).slice(0, 2), id: row?.['id'], v: row?.['v'] };
  } finally {
    await table.close();
  }
};

describe('a value that stands far behind the first rows', () => {
  it.each([
    ['an id with zeros before it', '00123,5,last', ['VARCHAR', 'BIGINT'], '00123', '5'],
    ['a quoted id with zeros before it', '"00123",5,last', ['VARCHAR', 'BIGINT'], '00123', '5'],
    ['a negative number with zeros before it', '1,-05,last', ['BIGINT', 'VARCHAR'], '1', '-05'],
    ['a number that is not whole', '1,1.5,last', ['BIGINT', 'DOUBLE'], '1', '1.5'],
    ['a number with an underscore', '1,1_000,last', ['BIGINT', 'VARCHAR'], '1', '1_000'],
    ['a number in another base', '0x1F,5,last', ['VARCHAR', 'BIGINT'], '0x1F', '5'],
    ['zero', '0,0,last', ['BIGINT', 'BIGINT'], '0', '0'],
    ['a missing value', ',"",last', ['BIGINT', 'BIGINT'], null, null],
    ['a number between spaces', '1, 5 ,last', ['BIGINT', 'BIGINT'], '1', '5'],
    ['more digits than a whole number of 64 bits has', '99999999999999999999,5,last', ['HUGEINT', 'BIGINT'], '99999999999999999999', '5'],
    ['more digits than a whole number of 128 bits has', `${'9'.repeat(40)},5,last`, ['NUMBER', 'BIGINT'], '9'.repeat(40), '5'],
    ['a number beyond all reals', '1,1e400,last', ['BIGINT', 'NUMBER'], '1', '1e400'],
    ['a number too small for a real', '1,1e-400,last', ['BIGINT', 'NUMBER'], '1', '1e-400'],
    ['more digits than a real has', '1,12345678901234567.89,last', ['BIGINT', 'NUMBER'], '1', '12345678901234567.89'],
    ['all digits of a real', '1,0.1000000000000000055511151231257827,last', ['BIGINT', 'DOUBLE'], '1', '0.1'],
  ])('%s is not changed into another one', async (_, last, types, id, v) => {
    expect(await lastOf(lab.write('late.csv', csvOf(last)))).toEqual({ types, id, v });
  });
});

describe('a column of names made of digits among the first rows', () => {
  it('leaves the other columns their types', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `${i},0${1000 + i},${i}.5,2026-01-0${1 + (i % 9)}`).join('\n');
    const table = await openNow(lab.write('codes.csv', `id,code,dose,day\n${rows}\n`));
    expect(table.columns.map(({ type }) => type)).toEqual(['BIGINT', 'VARCHAR', 'DOUBLE', 'DATE']);
    await table.close();
  });
});

describe('keys with zeros before them behind the first rows', () => {
  it('are other keys than those without', async () => {
    const [before, after] = [await openNow(lab.write('before.csv', csvOf('00123,5,last'))), await openNow(lab.write('after.csv', csvOf('123,5,last')))];
    const rows = await compareRows(lab.engine().query, before, after, { key: ['id'] });
    await before.close();
    await after.close();
    expect(rows).toMatchObject({ same: 30_000, changed: 0, added: 1, removed: 1 });
  });
});
