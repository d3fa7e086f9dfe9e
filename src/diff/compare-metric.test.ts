import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMetric, type MetricValue, type Tolerance } from './compare-metric.ts';
import { compareDecimals, formatDecimal, minus, readReal } from './decimal.ts';
import { doubleOfBits, ulpDistance } from './ulp-distance.ts';

const bitsOf = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
};
const printed = (value: number): MetricValue => ({ value: String(value), bits: bitsOf(value) });

describe('compareMetric', () => {
  it.each<[string, MetricValue | undefined, MetricValue | undefined, Tolerance, string, RegExp]>([
    ['the same bits', printed(0.1), printed(0.1), {}, 'identical', /same bits/],
    ['the same decimal without bits', { value: '0.5' }, { value: '5.0e-1' }, {}, 'identical', /bits are not known/],
    ['one rounding step', printed(0.3), printed(0.1 + 0.2), {}, 'different', /1 ULP\); no tolerance/],
    ['one rounding step with a tolerance', printed(0.3), printed(0.1 + 0.2), { absolute: '1e-12' }, 'within-tolerance', /absolute tolerance 1e-12/],
    ['exactly at the tolerance, where binary would round beyond it', { value: '0.8' }, { value: '0.7' }, { absolute: '0.1' }, 'within-tolerance', /0\.1/],
    ['just beyond the tolerance', { value: '0.8' }, { value: '0.6999999999999999999999' }, { absolute: '0.1' }, 'different', /beyond the tolerance \(absolute 0\.1\)/],
    ['a relative tolerance of the recorded value', { value: '200' }, { value: '202' }, { relative: '0.01' }, 'within-tolerance', /relative tolerance 0\.01/],
    ['a relative tolerance around zero', { value: '0' }, { value: '0.001' }, { relative: '0.5' }, 'different', /beyond/],
    ['zero tolerance', { value: '1' }, { value: '1.1' }, { absolute: '0', relative: '0' }, 'different', /beyond/],
    ['a tolerance that is not a number', { value: '1' }, { value: '1.1' }, { absolute: 'NaN', relative: '-1' }, 'different', /beyond/],
    ['an infinite tolerance', { value: '1' }, { value: '2' }, { absolute: 'Infinity' }, 'different', /beyond/],
    ['the other zero', { value: '0.0', bits: bitsOf(0) }, { value: '-0.0', bits: bitsOf(-0) }, {}, 'within-tolerance', /sign of zero/],
    ['NaN and NaN', { value: 'NaN' }, { value: 'NaN' }, {}, 'identical', /both are NaN/],
    ['NaN and a number', { value: 'NaN' }, { value: '1' }, { absolute: '1e9' }, 'different', /NaN became 1/],
    ['the same infinity', { value: 'Infinity' }, { value: 'Infinity' }, {}, 'identical', /both/],
    ['the other infinity', { value: 'Infinity' }, { value: '-Infinity' }, { absolute: '1e300' }, 'different', /became/],
    ['a missing value', { value: '1' }, undefined, {}, 'undecided', /only one value/],
    ['a hostile exponent', { value: '1e999999' }, { value: '1' }, {}, 'undecided', /cannot be read/],
    ['different decimals with the same bits', { value: '0.1', bits: bitsOf(0.1) }, { value: '0.10000000000000001', bits: bitsOf(0.1) }, {}, 'identical', /same bits/],
    ['the same decimal with different bits', { value: '0.30', bits: bitsOf(0.3) }, { value: '0.30', bits: bitsOf(0.1 + 0.2) }, {}, 'different', /1 ULP/],
  ])('%s', (_, a, b, tolerance, kind, because) => {
    const outcome = compareMetric(a, b, tolerance);
    expect(outcome.kind).toBe(kind);
    expect(outcome.because).toMatch(because);
  });

  it('tells delta and distance', () => {
    expect(compareMetric(printed(0.75), printed(0.5))).toMatchObject({ delta: '-0.25', ulp: '2251799813685248' });
  });
});

describe('decimals and doubles', () => {
  const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });

  it('compares any two printed doubles as their exact decimals', () => {
    fc.assert(
      fc.property(doubles, doubles, (a, b) => {
        const x = readReal(String(a));
        const y = readReal(String(b));
        if (x?.kind !== 'finite' || y?.kind !== 'finite') throw new Error('not read');
        expect(Math.sign(compareDecimals(x.value, y.value))).toBe(Math.sign(a === b ? 0 : a - b) + 0);
        expect(Number(formatDecimal(minus(x.value, x.value)))).toBe(0);
      }),
    );
  });

  it('counts representable numbers: symmetric, zero only for equals, one for neighbours', () => {
    fc.assert(
      fc.property(doubles, doubles, (a, b) => {
        expect(ulpDistance(a, b)).toBe(ulpDistance(b, a));
        expect(ulpDistance(a, b) === 0n).toBe(a === b);
      }),
    );
    expect(ulpDistance(0, Number.MIN_VALUE)).toBe(1n);
    expect(ulpDistance(-Number.MIN_VALUE, Number.MIN_VALUE)).toBe(2n);
    expect(ulpDistance(1, 1 + Number.EPSILON)).toBe(1n);
    expect(doubleOfBits(bitsOf(Math.PI))).toBe(Math.PI);
    expect(doubleOfBits('xyz')).toBe(undefined);
  });
});
