import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { comparePredictions, vainPredictions } from './compare-predictions.ts';
import { readPredictions } from './read-predictions.ts';

type Format = Parameters<typeof comparePredictions>[2]['format'];

const compare = (
  recorded: string,
  here: string,
  { format = 'csv', tolerance = '0', flips = 0 }: { readonly format?: Format; readonly tolerance?: string; readonly flips?: number } = {},
) => comparePredictions(utf8(recorded), utf8(here), { format, absoluteTolerance: tolerance, flips });

describe('predictions here and at training', () => {
  it.each<[string, string, string, Parameters<typeof compare>[2], object]>([
    ['the same bytes', 'a,b\n1,2\n', 'a,b\n1,2\n', {}, { kind: 'bit' }],
    ['the same bytes that mean nothing', '\u0000', '\u0000', { format: 'bytes' }, { kind: 'bit' }],
    ['other bytes that mean nothing', 'x', 'y', { format: 'bytes' }, { kind: 'other' }],
    ['other line ends only', 'a\n0.5\n', 'a\r\n0.5\r\n', {}, { kind: 'tolerance', flips: 0, maxAbsolute: 0 }],
    ['a real number within the tolerance', 'p\n0.5\n', 'p\n0.5000001\n', { tolerance: '1e-6' }, { kind: 'tolerance', flips: 0 }],
    [
      'a real number beyond it',
      'p\n0.5\n',
      'p\n0.51\n',
      { tolerance: '1e-6' },
      { kind: 'different', flips: 0, differing: [{ row: 1, column: 'p', recorded: '0.5', here: '0.51' }] },
    ],
    ['another label', 'label\n3\n', 'label\n8\n', { tolerance: '100' }, { kind: 'different', flips: 1 }],
    ['another label that is allowed', 'label\n3\n4\n', 'label\n8\n4\n', { flips: 1 }, { kind: 'tolerance', flips: 1, rows: 2 }],
    ['another word', 'label\ncat\n', 'label\ndog\n', { tolerance: '100' }, { kind: 'different', flips: 1 }],
    ['probabilities whose largest is another one', '0.49,0.51\n', '0.51,0.49\n', { tolerance: '0.1' }, { kind: 'different', flips: 1 }],
    ['probabilities whose largest stays', '0.4,0.6\n', '0.41,0.59\n', { tolerance: '0.1' }, { kind: 'tolerance', flips: 0 }],
    ['reals that are no probabilities', '4.9,5.1\n', '5.1,4.9\n', { tolerance: '0.3' }, { kind: 'tolerance', flips: 0 }],
    ['not a number any more', 'p\n0.5\n1.5\n', 'p\nnan\n1.5\n', { tolerance: '100' }, { kind: 'different', maxAbsolute: Infinity }],
    ['not a number as before', 'p\nnan\n0.5\n', 'p\nNaN\n0.5\n', {}, { kind: 'tolerance', maxAbsolute: 0 }],
    ['infinite as before, elsewhere not', 'p\ninf\n1.5\n', 'p\n-inf\n1.5\n', { tolerance: '1e300' }, { kind: 'different' }],
    ['a text where a number was', 'p\n0.5\n', 'p\nerror\n', { tolerance: '100' }, { kind: 'different', flips: 1 }],
    ['a row less', 'p\n0.5\n0.6\n', 'p\n0.5\n', { tolerance: '100' }, { kind: 'other' }],
    ['columns in another order', 'a,b\n1.5,2.5\n', 'b,a\n2.5,1.5\n', { tolerance: '100' }, { kind: 'other' }],
    ['a column more', 'a\n1.5\n', 'a,b\n1.5,1.5\n', { tolerance: '100' }, { kind: 'other' }],
    ['nothing at all', 'a\n1.5\n', '', { tolerance: '100' }, { kind: 'other' }],
    ['a quote that does not end', 'a\n1.5\n', 'a\n"1.5\n', { tolerance: '100' }, { kind: 'other' }],
    [
      'JSON within the tolerance',
      '{"p":[0.25,0.75],"label":"a"}\n',
      '{"p":[0.25,0.7500001],"label":"a"}\n',
      { format: 'json-lines', tolerance: '1e-6' },
      { kind: 'tolerance', flips: 0 },
    ],
    ['one row of texts alone', 'a,b\n', 'a,c\n', {}, { kind: 'other' }],
    ['names of which one is a number', 'a,1\n2.5,3.5\n', 'a,1\n2.5,3.75\n', { tolerance: '0.5' }, { kind: 'tolerance', rows: 2, maxAbsolute: 0.25 }],
    [
      'a column without a name beside another',
      '1.5,2.5\n',
      '1.5,2.75\n',
      { tolerance: '0.1' },
      { kind: 'different', differing: [{ row: 1, column: '2', recorded: '2.5', here: '2.75' }] },
    ],
    ['a whole number beside a real one', 'p\n1\n', 'p\n1.25\n', { tolerance: '0.5' }, { kind: 'tolerance', flips: 0, maxAbsolute: 0.25 }],
    ['the same number written otherwise', 'p\n1e-3\n', 'p\n0.001\n', {}, { kind: 'tolerance', maxAbsolute: 0 }],
    ['numbers in every notation', 'p\n+1.\n.5\n1E+2\n-2e10\n 7 \n', 'p\n1.0\n0.50\n100.0\n-20000000000.0\n7.0\n', {}, { kind: 'tolerance', maxAbsolute: 0, flips: 0 }],
    ['what only begins, or ends, with a number', 'p\n1.5x\nx1.5\n15\n', 'p\n1.5y\ny1.5\n15\n', { tolerance: '9' }, { kind: 'different', flips: 2 }],
    ['whole numbers of several digits', 'p\n12\n', 'p\n13\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['a text where none was', 'p\nx\n1.5\n', 'p\n0.5\n1.5\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['zero with either sign', 'p\n-0.0\n', 'p\n0.0\n', {}, { kind: 'tolerance', maxAbsolute: 0 }],
    ['one probability alone', 'p\n1.0\n', 'p\n0.2\n', { tolerance: '1' }, { kind: 'tolerance', flips: 0 }],
    ['probabilities at their ends', '0.0,1.0\n', '1.0,0.0\n', { tolerance: '2' }, { kind: 'different', flips: 1 }],
    ['reals below zero that sum to one', '-0.5,1.5\n', '1.5,-0.5\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['shares that do not sum to one', '0.2,0.3\n', '0.3,0.2\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['probabilities on one side only', '0.4,0.6\n', '4.5,0.6\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['probabilities with a text beside them', 'a,0.4,0.6\n', 'a,0.6,0.4\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['equal probabilities, of which the first counts', '0.5,0.5\n', '0.5,0.50\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['equal probabilities, of which the second becomes larger', '0.5,0.5\n', '0.4999,0.5001\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['values of JSON of every kind', '[1,null,true,"x",[],{}]\n\n', '[1,null,true,"x",[],{}]\n \n', { format: 'json-lines' }, { kind: 'tolerance', flips: 0 }],
    ['nothing where a list was', '{"a":[]}\n', '{"a":{}}\n', { format: 'json-lines', tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['another truth', '{"a":true}\n', '{"a":false}\n', { format: 'json-lines', tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['bytes that go on', 'x', 'xy', { format: 'bytes' }, { kind: 'other', because: 'other bytes than when the model was trained' }],
    ['nothing recorded, and something here', '', 'x', { format: 'bytes' }, { kind: 'other', because: 'nothing was recorded' }],
    ['a table that goes on', 'p\n0.5\n', 'p\n0.5\n0.5\n', { tolerance: '9' }, { kind: 'other' }],
    ['whole zero with either sign', 'p\n0\n', 'p\n-0\n', {}, { kind: 'tolerance', flips: 0, maxAbsolute: 0 }],
    ['whole numbers of JSON that no double tells apart', '{"id":1e300}\n', '{"id":2e300}\n', { format: 'json-lines', tolerance: '1e308' }, { kind: 'different', flips: 1 }],
    ['a whole number that a double holds, and then one that it does not', 'id\n1\n', 'id\n9007199254740993\n', { tolerance: '1e300' }, { kind: 'different', flips: 1 }],
    ['a text where a whole number was', 'p\n15\n1.5\n', 'p\n15x\n1.5\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['a number of JSON where its text was', '{"p":"15"}\n', '{"p":15}\n', { format: 'json-lines', tolerance: '99' }, { kind: 'different', flips: 1 }],
    ['reals of which one is below zero, that sum to one', '-0.2,0.4,0.8\n', '-0.2,0.8,0.4\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['a whole number that a double hardly holds, printed as a real number', 'id\n9007199254740992\n', 'id\n9007199254740992.0\n', {}, { kind: 'tolerance', flips: 0 }],
    ['probabilities that sum to nearly one', '0.4,0.6005\n', '0.6005,0.4\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['probabilities that hardly sum to one', '0.4,0.602\n', '0.602,0.4\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['what is more than one beside what is less than zero', '-0.25,1.25\n', '1.25,-0.25\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['probabilities of which the last becomes the largest', '0.2,0.5,0.3\n', '0.2,0.3,0.5\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['probabilities of which the first stays the largest', '0.5,0.2,0.3\n', '0.5,0.3,0.2\n', { tolerance: '9' }, { kind: 'tolerance', flips: 0 }],
    ['one probability that is one, alone', 'p\n1.0\n', 'p\n1.00\n', {}, { kind: 'tolerance', flips: 0 }],
    ['nothing but names', 'a,b\n', 'a,b\n', {}, { kind: 'other' }],
    ['nothing', '', '', {}, { kind: 'other' }],
    ['no bytes', '', '', { format: 'bytes' }, { kind: 'other' }],
    ['nothing that is a number', 'p\nnan\nnan\n', 'p\nnan\nnan\n', {}, { kind: 'other' }],
    ['empty values alone', '""\n""\n', '""\n""\n', {}, { kind: 'other' }],
    ['an empty prediction at another place', 'label\nyes\n\nno\n', 'label\nyes\nno\n\n', {}, { kind: 'different', flips: 2, rows: 3 }],
    ['whole numbers that no double holds', 'id\n9007199254740992\n', 'id\n9007199254740993\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['another class that is printed as a real number', 'label\n2\n', 'label\n3.0\n', { tolerance: '9' }, { kind: 'different', flips: 1 }],
    ['the same class that is printed as a real number', 'label\n2\n', 'label\n2.0\n', {}, { kind: 'tolerance', flips: 0 }],
    ['names that hold the ends of lines', '"a\nb",c\n1.5,2.5\n', 'a,"b\nc"\n1.5,2.5\n', { tolerance: '9' }, { kind: 'other' }],
    ['whole numbers that no double holds, written alike', 'id,p\n9007199254740993,0.5\n', 'id,p\n9007199254740993,0.6\n', { tolerance: '1' }, { kind: 'tolerance', flips: 0 }],
    ['a whole number that a double holds beside one that it does not', 'id\n9007199254740993\n', 'id\n1\n', { tolerance: '1e300' }, { kind: 'different', flips: 1 }],
    ['real numbers without a fraction', 'price\n100.0\n', 'price\n101.0\n', { tolerance: '5' }, { kind: 'tolerance', flips: 0, maxAbsolute: 1 }],
    ['one name of two that is another', '{"a":1,"b":1}\n', '{"a":1,"c":1}\n', { format: 'json-lines', tolerance: '9' }, { kind: 'other' }],
    ['texts beside what is no number', 'a,b\nx,nan\n', 'a,b\ny,nan\n', {}, { kind: 'different', flips: 1 }],
    ['infinite in every notation', 'p,q\ninf,-inf\n1.5,2.5\n', 'p,q\nInfinity,-Infinity\n1.5,2.5\n', {}, { kind: 'tolerance', maxAbsolute: 0, flips: 0 }],
    ['infinite, and a text of nearly that name', 'p\ninfinity\n1.5\n', 'p\ninfinite\n1.5\n', {}, { kind: 'different', flips: 1 }],
    ['below zero without end, and a text of nearly that name', 'p\n-infinity\n1.5\n', 'p\n-infinite\n1.5\n', {}, { kind: 'different', flips: 1 }],
    ['without end on either side of zero', 'p\n-infinity\n1.5\n', 'p\ninfinity\n1.5\n', { tolerance: '1e300' }, { kind: 'different', maxAbsolute: Infinity }],
    ['a fraction of several digits without a leading zero', 'p\n.25\n', 'p\n0.25\n', {}, { kind: 'tolerance', flips: 0 }],
    ['JSON with another label', '{"label":"a"}\n', '{"label":"b"}\n', { format: 'json-lines' }, { kind: 'different', flips: 1 }],
    ['JSON with a member less', '{"label":"a","p":0.5}\n', '{"label":"a"}\n', { format: 'json-lines' }, { kind: 'other' }],
    ['no JSON', '{"label":"a"}\n', 'Traceback\n', { format: 'json-lines' }, { kind: 'other' }],
  ])('%s', (_, recorded, here, options, expected) => {
    expect(compare(recorded, here, options)).toMatchObject(expected);
  });

  it.each<[string, string, string, Format, string]>([
    ['how far they are apart', 'p\n1.5\n2.5\n', 'p\n1.75\n2.5\n', 'csv', '0 of 2 rows decided otherwise (0 allowed), largest difference 0.25 (0 allowed)'],
    ['that bytes differ', 'a', 'b', 'bytes', 'other bytes than when the model was trained'],
    ['that a row is missing', 'p\n1.5\n2.5\n', 'p\n1.5\n', 'csv', '1 row here, 2 when it was trained'],
    ['which row has other columns', '{"a":1}\n{"a":1}\n', '{"a":1}\n{"b":1}\n', 'json-lines', 'row 2 has other columns, or in another order, than when it was trained'],
    ['what cannot be read here', 'p\n1.5\n', '', 'csv', 'what it says here cannot be compared: there are no predictions'],
    ['what could not be read then', '', 'p\n1.5\n', 'csv', 'what was recorded cannot be compared: there are no predictions'],
    ['that a row is too long', '1.5\n2.5\n', '1.5\n2.5,3.5\n', 'csv', 'what it says here cannot be compared: row 2 of the predictions has 2 values, the first 1'],
    ['that the first row is shorter', '1.5\n', '1.5,2.5\n3.5\n', 'csv', 'what it says here cannot be compared: row 2 of the predictions has 1 values, the first 2'],
    ['that a name stands twice', 'a,b\n1.5,2.5\n', 'a,a\n1.5,2.5\n', 'csv', 'what it says here cannot be compared: two columns of the predictions have one name'],
    ['that a quote does not end', 'a\n1.5\n', 'a\n"1.5\n', 'csv', 'what it says here cannot be compared: the predictions are no CSV: Quoted field unterminated'],
    ['what is no JSON', '1\n', 'x\n', 'json-lines', 'what it says here cannot be compared: the predictions are not one JSON value per line: '],
  ])('says %s', (_, recorded, here, format, expected) => {
    expect(compare(recorded, here, { format }).because).toContain(expected);
  });

  it.each<[string, Format, (count: number) => string]>([
    ['a table', 'csv', (count) => `0,1\n`.repeat(count / 2)],
    ['JSON lines', 'json-lines', (count) => '[0,1]\n'.repeat(count / 2)],
  ])('compares 200,000 values of %s, and no more', (_, format, text) => {
    expect(compare(text(200_000), text(200_000).replace('1', '1.0'), { format }).kind).toBe('tolerance');
    expect(compare('1\n', text(200_002), { format }).because).toContain('the predictions have more than 200000 values');
  });

  it('tells the first five of many differing values', () => {
    const column = (digit: number): string => ['p', ...[1, 2, 3, 4, 5, 6].map((row) => `${row}.${digit}`)].join('\n');
    const answer = compare(column(5), column(6));
    expect('differing' in answer ? answer.differing.map(({ row }) => row) : []).toEqual([1, 2, 3, 4, 5]);
  });

  it('cuts long texts short', () => {
    const answer = compare(`p\n${'x'.repeat(200)}\n`, 'p\ny\n');
    expect('differing' in answer ? answer.differing : []).toEqual([{ row: 1, column: 'p', recorded: 'x'.repeat(80), here: 'y' }]);
  });

  it('bytes that are no text are another thing, and never a table', () => {
    const answer = comparePredictions(utf8('p\n0.5\n'), new Uint8Array([0xff, 0xfe]), { format: 'csv', absoluteTolerance: '100', flips: 100 });
    expect(answer).toEqual({ kind: 'other', because: 'what it says here cannot be compared: the predictions are not UTF-8' });
  });
});

describe('predictions that could prove nothing', () => {
  it.each<[string, string, Format, string | undefined]>([
    ['no bytes', '', 'bytes', 'there are no predictions'],
    ['any bytes', 'x', 'bytes', undefined],
    ['a table', 'p\n0.5\n', 'csv', undefined],
    ['an empty table', '', 'csv', 'there are no predictions: one line without a number may be names alone'],
    ['blanks', 'p\n" "\n', 'csv', 'there are no predictions'],
    ['nothing that is a number', 'p,q\nnan,inf\n', 'csv', 'there are no predictions'],
    ['one value among many', 'p,q\nnan,0.5\n', 'csv', undefined],
    ['JSON', '{"p":0.5}\n', 'json-lines', undefined],
    ['no JSON at all', '\n', 'json-lines', 'there are no predictions'],
  ])('%s', (_, text, format, expected) => {
    expect(vainPredictions(utf8(text), format)).toBe(expected);
  });
});

describe('predictions that cannot be read', () => {
  const problemOf = (bytes: Uint8Array, format: 'csv' | 'json-lines') => {
    const reading = readPredictions(bytes, format);
    return reading.kind === 'rejected' ? reading.problems : reading;
  };
  it.each<[string, Uint8Array, 'csv' | 'json-lines', object]>([
    ['no text', new Uint8Array([0xff]), 'csv', { pointer: '', message: 'the predictions are not UTF-8' }],
    ['no CSV', utf8('p\n0.5\n"x'), 'csv', { pointer: '', line: 3, message: 'the predictions are no CSV: Quoted field unterminated' }],
    ['names alone', utf8('p,q\n'), 'csv', { pointer: '', message: 'there are no predictions: one line without a number may be names alone' }],
    ['a name twice', utf8('p,p\n0.5,1.5\n'), 'csv', { pointer: '', line: 1, message: 'two columns of the predictions have one name' }],
    ['a short first row', utf8('p,q\n0.5\n'), 'csv', { pointer: '', message: 'row 1 of the predictions has 1 values, the first 2' }],
    ['too many', utf8('0,1\n'.repeat(100_001)), 'csv', { pointer: '', message: 'the predictions have more than 200000 values' }],
    ['too many of JSON', utf8('[0,1]\n'.repeat(100_001)), 'json-lines', { pointer: '', message: 'the predictions have more than 200000 values' }],
    ['nothing that says anything', utf8('p\nnan\n'), 'csv', { pointer: '', message: 'there are no predictions' }],
  ])('%s', (_, bytes, format, expected) => {
    expect(problemOf(bytes, format)).toEqual([expected]);
  });

  it('tell the line of what is no JSON', () => {
    expect(problemOf(utf8('1\n2\nx\n'), 'json-lines')).toMatchObject([{ pointer: '', line: 3 }]);
  });

  it('are read into named cells', () => {
    const reading = readPredictions(utf8('{"label":"cat","scores":[1,0.5]}\n'), 'json-lines');
    expect(reading.kind === 'accepted' ? [...reading.value.rows[0]!] : []).toEqual([
      ['/label', { kind: 'text', text: '"cat"' }],
      ['/scores/0', { kind: 'number', value: 1, isWhole: true }],
      ['/scores/1', { kind: 'number', value: 0.5, isWhole: false }],
    ]);
    const table = readPredictions(utf8('7,nan\n'), 'csv');
    expect(table.kind === 'accepted' ? [...table.value.rows[0]!] : []).toEqual([
      ['1', { kind: 'number', value: 7, isWhole: true, text: '7' }],
      ['2', { kind: 'number', value: Number.NaN, isWhole: false }],
    ]);
  });
});
