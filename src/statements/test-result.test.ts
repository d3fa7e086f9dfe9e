import { describe, expect, it } from 'vitest';
import { canonicalJson, toHex } from '#base';
import type { Evaluation } from '#manifest';
import { testCrypto, trainingRun } from '../../test/fixtures/training-run.ts';
import { testResult } from './test-result.ts';

type Predicate = {
  readonly result: string;
  readonly configuration: readonly unknown[];
  readonly passedTests: readonly string[];
  readonly failedTests: readonly string[];
  readonly warnedTests: readonly string[];
};

const metric = (name: string, value: string, more: Partial<Evaluation['metrics'][number]> = {}): Evaluation['metrics'][number] => ({
  name,
  value,
  source: 'api',
  trust: 'reported',
  ...more,
});
const accuracy = { metric: 'accuracy', operator: '>=' as const, value: '0.9' };

const resultOf = (evaluation: Evaluation): Predicate | undefined => {
  const statement = testResult(trainingRun({ evaluation }), testCrypto);
  return statement === undefined ? undefined : (JSON.parse(Buffer.from(statement.payload).toString()) as { readonly predicate: Predicate }).predicate;
};

describe('testResult', () => {
  it.each<[string, Evaluation]>([
    ['no criteria', { metrics: [metric('accuracy', '1')], verdict: { kind: 'none' } }],
    ['an empty list of criteria', { criteria: [], metrics: [metric('accuracy', '1')], verdict: { kind: 'none' } }],
    ['no criteria, and a record that says they were met', { metrics: [metric('accuracy', '1')], verdict: { kind: 'met' } }],
  ])('is nothing with %s', (_, evaluation) => {
    expect(resultOf(evaluation)).toBeUndefined();
  });

  it.each<[string, Evaluation, string]>([
    ['met', { criteria: [accuracy], metrics: [metric('accuracy', '0.9')], verdict: { kind: 'met' } }, 'PASSED'],
    ['the last value counts', { criteria: [accuracy], metrics: [metric('accuracy', '0.1'), metric('accuracy', '0.95')], verdict: { kind: 'met' } }, 'PASSED'],
    ['the last value counts, for worse', { criteria: [accuracy], metrics: [metric('accuracy', '0.95'), metric('accuracy', '0.1')], verdict: { kind: 'not-met' } }, 'FAILED'],
    ['not met', { criteria: [accuracy], metrics: [metric('accuracy', '0.89')], verdict: { kind: 'not-met' } }, 'FAILED'],
    ['NaN', { criteria: [accuracy], metrics: [metric('accuracy', 'NaN')], verdict: { kind: 'not-met' } }, 'FAILED'],
    ['no such metric', { criteria: [accuracy], metrics: [metric('loss', '0.9')], verdict: { kind: 'undecided' } }, 'WARNED'],
    ['a metric that was only seen to go by', { criteria: [accuracy], metrics: [metric('accuracy', '1', { trust: 'observed' })], verdict: { kind: 'undecided' } }, 'WARNED'],
    ['a metric of another split', { criteria: [{ ...accuracy, split: 'test' }], metrics: [metric('accuracy', '1', { split: 'train' })], verdict: { kind: 'undecided' } }, 'WARNED'],
    ['one met and one missing', { criteria: [accuracy, { ...accuracy, metric: 'f1' }], metrics: [metric('accuracy', '1')], verdict: { kind: 'undecided' } }, 'WARNED'],
    ['one missing and one failed', { criteria: [accuracy, { ...accuracy, metric: 'f1' }], metrics: [metric('accuracy', '0')], verdict: { kind: 'not-met' } }, 'FAILED'],
    ['met, and a record that says it was not', { criteria: [accuracy], metrics: [metric('accuracy', '1')], verdict: { kind: 'not-met' } }, 'FAILED'],
    ['met, and a record that is undecided', { criteria: [accuracy], metrics: [metric('accuracy', '1')], verdict: { kind: 'undecided' } }, 'WARNED'],
    ['not met, and a record that says it was', { criteria: [accuracy], metrics: [metric('accuracy', '0')], verdict: { kind: 'met' } }, 'FAILED'],
    ['missing, and a record that says it was met', { criteria: [accuracy], metrics: [], verdict: { kind: 'met' } }, 'WARNED'],
  ])('%s: %#', (_, evaluation, result) => {
    expect(resultOf(evaluation)?.result).toBe(result);
  });

  it('names every criterion once, under what became of it', () => {
    const criteria = [accuracy, { metric: 'loss', stage: 'final', split: 'test', operator: '<' as const, value: '1e-3' }, { ...accuracy, metric: 'f1' }];
    const metrics = [metric('accuracy', '1'), metric('loss', '5', { stage: 'final', split: 'test' })];
    expect(resultOf({ criteria, metrics, verdict: { kind: 'not-met' } })).toEqual({
      result: 'FAILED',
      configuration: [{ name: 'trainlock criteria', digest: { sha256: toHex(testCrypto.sha256(canonicalJson(criteria))) }, mediaType: 'application/json' }],
      passedTests: ['accuracy >= 0.9'],
      failedTests: ['loss stage final split test < 1e-3'],
      warnedTests: ['f1 >= 0.9'],
    });
  });

  it.each([
    ['>=', '1', true],
    ['>=', '2', false],
    ['>', '1', false],
    ['>', '0', true],
    ['<=', '1', true],
    ['<=', '0', false],
    ['<', '1', false],
    ['<', '2', true],
    ['==', '1.0', true],
    ['==', '2', false],
  ] as const)('compares 1 %s %s', (operator, value, holds) => {
    const verdict = { kind: holds ? ('met' as const) : ('not-met' as const) };
    expect(resultOf({ criteria: [{ metric: 'a', operator, value }], metrics: [metric('a', '1')], verdict })?.result).toBe(holds ? 'PASSED' : 'FAILED');
  });

  it('is about the subjects of the record', () => {
    const { payload } = testResult(trainingRun(), testCrypto)!;
    expect((JSON.parse(Buffer.from(payload).toString()) as { readonly subject: unknown }).subject).toEqual(trainingRun().subjects);
  });
});
