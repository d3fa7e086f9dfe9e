import { describe, expect, it } from 'vitest';
import { GATE_FACTS } from '../../../test/fixtures/gate-facts.ts';
import type { OwedReviewFact } from '../gate-facts.ts';
import { glassStep } from './glass-step.ts';

const OWED: OwedReviewFact = {
  sha256: 'ef01'.repeat(16),
  persons: ['ann', 'ben'],
  endedAt: '2026-11-02T12:00:00Z',
  dueAt: '2026-11-09T12:00:00Z',
  isOverdue: false,
};
const step = (...owedReviews: readonly OwedReviewFact[]) => glassStep({ ...GATE_FACTS, owedReviews });

describe('emergencies that are to be reviewed', () => {
  it('are not asked about where there are none', () => {
    expect(step()).toEqual([]);
  });

  it('hold while they are owed: the first moment is told', () => {
    expect(step(OWED)).toEqual([{ name: 'break-glass', outcome: 'held', because: '1 review owed, until 2026-11-09T12:00:00Z', findings: [] }]);
    expect(step({ ...OWED, dueAt: '2026-11-19T12:00:00Z' }, { ...OWED, dueAt: '2026-11-12T12:00:00Z' })[0]!.because).toBe('2 reviews owed, until 2026-11-12T12:00:00Z');
  });

  it('are unknown where one cannot be judged, beside others too', () => {
    const unjudged = glassStep({ ...GATE_FACTS, owedReviews: [OWED], unjudgedGlass: ['x may be one'] });
    const finding = { id: 'TL4002', severity: 'high', outcome: 'unknown', because: 'x may be one' };
    expect(unjudged).toMatchObject([{ name: 'break-glass', outcome: 'unknown', because: 'x may be one', findings: [finding] }]);
    expect(glassStep({ ...GATE_FACTS, unjudgedGlass: ['x may be one'] })).toEqual(unjudged);
  });

  it('deny once one is overdue, and say who reviews it, and how', () => {
    const finding = {
      id: 'TL4002',
      severity: 'high',
      outcome: 'wrong',
      about: 'break-glass ef01ef01ef01',
      because: 'ann and ben broke the glass in production until 2026-11-02T12:00:00Z, and nobody has reviewed it until 2026-11-09T12:00:00Z',
      remedies: ['trainlock exception review ef01ef01ef01 --outcome justified --role ROLE --reason "…"   # by another person than ann'],
    };
    expect(step(OWED, { ...OWED, isOverdue: true })).toEqual([{ name: 'break-glass', outcome: 'wrong', because: finding.because, findings: [finding] }]);
    expect(step({ ...OWED, isOverdue: true, persons: [] })[0]!.findings[0]!.remedies).toEqual([
      'trainlock exception review ef01ef01ef01 --outcome justified --role ROLE --reason "…"   # by another person than who asked for it',
    ]);
  });
});
