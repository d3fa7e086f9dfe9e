import { describe, expect, it } from 'vitest';
import { makeTableLab } from '../../../test/harness/tables.ts';
import { findOverlap, type OverlapOptions } from './find-overlap.ts';

const lab = makeTableLab();

const overlapOf = async (parts: Readonly<Record<string, string>>, options: OverlapOptions = {}) => {
  const named = [];
  for (const [name, select] of Object.entries(parts)) named.push({ name, table: await lab.relation(name, select) });
  return findOverlap(lab.engine().query, named, options);
};

const rows = (text: string): string => `SELECT * FROM (VALUES ${text}) t(patient, v)`;

describe('findOverlap', () => {
  it('tells rows that parts share, how many rows of each are affected, and where they stand', async () => {
    const overlap = await overlapOf({
      train: rows("(1, 'a'), (2, 'b'), (2, 'b'), (3, 'c')"),
      validation: rows("(9, 'z')"),
      test: rows("(5, 'e'), (2, 'b'), (3, 'x')"),
    });
    expect(overlap.by).toEqual({ kind: 'row' });
    expect(overlap.pairs).toEqual([
      { parts: ['train', 'validation'], shared: 0, rows: [0, 0], shares: [0, 0], examples: [], columns: ['patient', 'v'] },
      { parts: ['train', 'test'], shared: 1, rows: [2, 1], shares: [0.5, 1 / 3], examples: [{ rows: [2, 2] }], columns: ['patient', 'v'] },
      { parts: ['validation', 'test'], shared: 0, rows: [0, 0], shares: [0, 0], examples: [], columns: ['patient', 'v'] },
    ]);
    expect(overlap.parts[0]).toEqual({ part: 'train', rowCount: 4, repeated: 1, surplus: 1, withoutKey: 0 });
  });

  it('tells groups that parts share by their key, and rows that belong to no group', async () => {
    const overlap = await overlapOf({ train: rows("(1, 'a'), (2, 'b'), (NULL, 'c')"), test: rows("(2, 'x'), (2, 'y'), (NULL, 'c')") }, { key: ['patient'] });
    expect(overlap.pairs[0]).toMatchObject({ shared: 1, rows: [1, 2], examples: [{ rows: [2, 1] }], columns: ['patient'] });
    expect(overlap.parts).toMatchObject([
      { withoutKey: 1, repeated: 0 },
      { withoutKey: 1, repeated: 1, surplus: 1 },
    ]);
  });

  it('compares parts of other types, and only the columns that both have', async () => {
    const overlap = await overlapOf({ train: 'SELECT 1::BIGINT AS id, 2 AS label', test: 'SELECT 1.0::DOUBLE AS id' });
    expect(overlap.pairs[0]).toMatchObject({ shared: 1, columns: ['id'] });
  });

  it('limits the examples', async () => {
    const overlap = await overlapOf({ train: 'SELECT i FROM range(100) r(i)', test: 'SELECT i FROM range(50, 150) r(i)' }, { examples: 2 });
    expect(overlap.pairs[0]).toMatchObject({ shared: 50, rows: [50, 50], shares: [0.5, 0.5], examples: [{ rows: [51, 1] }, { rows: [52, 2] }] });
  });

  it('refuses a key that a part does not have, and parts without a common column', async () => {
    await expect(overlapOf({ train: 'SELECT 1 AS patient', test: 'SELECT 1 AS x' }, { key: ['patient'] })).rejects.toMatchObject({
      code: 'TL0001',
      message: 'there is no column "patient" in the table test',
    });
    await expect(overlapOf({ train: 'SELECT 1 AS a', test: 'SELECT 1 AS b' })).rejects.toMatchObject({ code: 'TL0001' });
  });

  const reviews = (ending: string): string =>
    `SELECT 'This film is a quiet wonder, number ' || i || ' of the year: the actors are fine, the music is better, and the end comes as it must${ending}' AS review FROM range(3) r(i)`;

  it('finds texts that are nearly the same, on request', async () => {
    const overlap = await overlapOf(
      {
        train: `${reviews('.')} UNION ALL SELECT NULL UNION ALL SELECT ''`,
        test: `SELECT 'Nothing in common with any of the others, at all.' AS review UNION ALL ${reviews('  !!')}`,
      },
      { near: { column: 'review', threshold: 0.8 } },
    );
    expect(overlap.pairs[0]!.shared).toBe(0);
    expect(overlap.near).toMatchObject({ column: 'review', threshold: 0.8, shingle: { unit: 'character', length: 5 }, limits: [] });
    expect(overlap.near!.pairs[0]).toMatchObject({ parts: ['train', 'test'], rows: [3, 3], shares: [0.6, 0.75] });
    expect(overlap.near!.pairs[0]!.examples[0]!.rows).toEqual([1, 2]);
    expect(overlap.near!.pairs[0]!.examples[0]!.similarity).toBeGreaterThan(0.95);
  });

  it('refuses a threshold that is none', async () => {
    await expect(overlapOf({ train: reviews('.'), test: reviews('!') }, { near: { column: 'review', threshold: 0 } })).rejects.toMatchObject({ code: 'TL0001' });
  });

  it('says which texts were not looked at', async () => {
    const overlap = await overlapOf({ train: reviews('.'), test: `SELECT repeat('long ', 5000) AS review` }, { near: { column: 'review', mostTexts: 2 } });
    expect(overlap.near!.limits).toEqual(['train: only the texts before row 3 of 3 rows were looked at', 'test: of 1 text only the first 20000 characters were looked at']);
  });
});
