import { describe, expect, it } from 'vitest';
import { verdictOn } from './criteria.ts';
import { bitsOf, type Metric, realText } from './metrics.ts';

describe('the text of a number', () => {
  it.each([
    ['0.9722222222222222', '0.9722222222222222'],
    ['nan', 'NaN'],
    ['-inf', '-Infinity'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['+1e5', '1e5'],
    ['1.e-3', '1e-3'],
    ['1_000', '1000'],
    [' 3 ', '3'],
    ['97 %', undefined],
    ['', undefined],
    ['0x10', undefined],
  ])('%j is written as %j', (text, expected) => expect(realText(text)).toBe(expected));

  it('keeps the bits beside it', () => {
    expect(bitsOf('0.9722222222222222')).toBe('3fef1c71c71c71c7');
    expect(bitsOf('-0')).toBe('8000000000000000');
  });
});

const metric = (value: string, rest: Partial<Metric> = {}): Metric => ({ name: 'accuracy', value, source: 'api', trust: 'reported', ...rest });

describe('criteria', () => {
  const criteria = [{ metric: 'accuracy', operator: '>=' as const, value: '0.95', split: 'test' }];
  it.each([
    ['met', [metric('0.97', { split: 'test' })]],
    ['not-met', [metric('0.90', { split: 'test' })]],
    ['not-met', [metric('NaN', { split: 'test' })]],
    ['undecided', [metric('0.97', { split: 'train' })]],
    ['undecided', [metric('0.97', { split: 'test', trust: 'observed' })]],
    ['undecided', []],
    ['not-met', [metric('0.97', { split: 'test' }), metric('0.10', { split: 'test' })]],
  ])('are %s by %j', (kind, metrics) => expect(verdictOn(criteria, metrics).kind).toBe(kind));

  it('of nobody are no success', () => expect(verdictOn([], [metric('1')]).kind).toBe('none'));
});
