import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { comparePredictions } from './compare-predictions.ts';

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
    ['not a number any more', 'p\n0.5\n', 'p\nnan\n', { tolerance: '100' }, { kind: 'different', maxAbsolute: Infinity }],
    ['not a number as before', 'p\nnan\n0.5\n', 'p\nNaN\n0.5\n', {}, { kind: 'tolerance', maxAbsolute: 0 }],
    ['infinite as before, elsewhere not', 'p\ninf\n', 'p\n-inf\n', { tolerance: '1e300' }, { kind: 'different' }],
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
    ['JSON with another label', '{"label":"a"}\n', '{"label":"b"}\n', { format: 'json-lines' }, { kind: 'different', flips: 1 }],
    ['JSON with a member less', '{"label":"a","p":0.5}\n', '{"label":"a"}\n', { format: 'json-lines' }, { kind: 'other' }],
    ['no JSON', '{"label":"a"}\n', 'Traceback\n', { format: 'json-lines' }, { kind: 'other' }],
  ])('%s', (_, recorded, here, options, expected) => {
    expect(compare(recorded, here, options)).toMatchObject(expected);
  });

  it('bytes that are no text are another thing, and never a table', () => {
    const answer = comparePredictions(utf8('p\n0.5\n'), new Uint8Array([0xff, 0xfe]), { format: 'csv', absoluteTolerance: '100', flips: 100 });
    expect(answer.kind).toBe('other');
  });
});
