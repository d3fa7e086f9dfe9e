import { describe, expect, it } from 'vitest';
import { maskMetrics } from './mask-metrics.ts';

const CASES: readonly { readonly name: string; readonly text: string; readonly metrics: Readonly<Record<string, string>>; readonly masked: string | undefined }[] = [
  { name: 'one value', text: '{"accuracy": 0.91, "rows": 7}', metrics: { accuracy: '0.91' }, masked: '{"accuracy": <metric accuracy>, "rows": 7}' },
  { name: 'two values', text: 'a 0.1 b -2', metrics: { a: '0.1', b: '-2' }, masked: 'a <metric a> b <metric b>' },
  { name: 'equal values of two metrics', text: 'a 1 b 1', metrics: { a: '1', b: '1' }, masked: 'a <metric a> b <metric b>' },
  { name: 'a part of a longer number is no value', text: 'a 1 n 10 v1 1.5', metrics: { a: '1' }, masked: 'a <metric a> n 10 v1 1.5' },
  { name: 'a value that stands there for something else too', text: '{"accuracy": 1, "rows": 1}', metrics: { accuracy: '1' }, masked: undefined },
  { name: 'a value that is printed in another form', text: 'accuracy 9.1e-1', metrics: { accuracy: '0.91' }, masked: undefined },
  { name: 'no metric', text: 'a', metrics: {}, masked: undefined },
];

describe('maskMetrics', () => {
  it.each(CASES)('$name', ({ text, metrics, masked }) => {
    expect(
      maskMetrics(
        text,
        Object.entries(metrics).map(([name, value]) => ({ name, value })),
      ),
    ).toBe(masked);
  });
});
