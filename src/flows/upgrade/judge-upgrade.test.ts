import { describe, expect, it } from 'vitest';
import { exitOfUpgrade, judgeUpgrade, type UpgradeFacts } from './judge-upgrade.ts';

const facts = (more: Partial<UpgradeFacts> = {}): UpgradeFacts => ({
  outcome: { kind: 'identical', because: ['all is as it was'] },
  acceptMetricEqual: false,
  criteria: [{ text: 'error < 0.5', before: 'met', after: 'met', value: '0.1' }],
  canary: { kind: 'bit', because: 'the same bytes' },
  approval: { kind: 'allowed', because: [], commands: [] },
  ...more,
});

const outcome = (kind: UpgradeFacts['outcome']['kind']): Partial<UpgradeFacts> => ({ outcome: { kind, because: ['why'] } });
const criterion = (before: 'met' | 'failed' | 'missing', after: 'met' | 'failed' | 'missing'): Partial<UpgradeFacts> => ({ criteria: [{ text: 'error < 0.5', before, after }] });
const approval = (kind: UpgradeFacts['approval']['kind']): Partial<UpgradeFacts> => ({ approval: { kind, because: ['a rule'], commands: [] } });
const canary = (kind: UpgradeFacts['canary']['kind']): Partial<UpgradeFacts> => ({ canary: { kind, because: 'predictions' } });

describe('judgeUpgrade', () => {
  it.each<readonly [string, Partial<UpgradeFacts>, string, number]>([
    ['nothing differs and nothing waits', {}, 'same', 0],
    ['the project has no policy', approval('not-asked'), 'same', 0],
    ['results are within tolerance', outcome('within-tolerance'), 'same', 0],
    ['contents are identical', outcome('content-identical'), 'same', 0],
    ['only metrics are equal', outcome('metric-equal'), 'undecided', 3],
    ['only metrics are equal, and that is accepted', { ...outcome('metric-equal'), acceptMetricEqual: true }, 'same', 0],
    ['results differ', outcome('different'), 'different', 1],
    ['nobody knows whether results differ', outcome('undecided'), 'undecided', 3],
    ['a criterion is not met any more', criterion('met', 'failed'), 'different', 1],
    ['a criterion was not met before either', criterion('failed', 'failed'), 'same', 0],
    ['a metric is not reported any more', criterion('met', 'missing'), 'undecided', 3],
    ['a metric was never reported', criterion('missing', 'missing'), 'same', 0],
    ['no canary was declared', canary('not-asked'), 'same', 0],
    ['the canary is within its tolerance', canary('tolerance'), 'same', 0],
    ['the canary decides otherwise', canary('different'), 'different', 1],
    ['predictions cannot be compared and differ', canary('other'), 'different', 1],
    ['the canary gave nothing', canary('unknown'), 'undecided', 3],
    ['an approval is outstanding', approval('undecided'), 'undecided', 3],
    ['the policy cannot be asked', approval('unknown'), 'undecided', 3],
    ['no rule lets it pass', approval('denied'), 'denied', 1],
    ['it is different, approved or not', { ...outcome('different'), ...approval('undecided') }, 'different', 1],
    ['a no of the policy stands before what is not known', { ...outcome('undecided'), ...approval('denied') }, 'denied', 1],
  ])('%s', (_, more, kind, exit) => {
    const verdict = judgeUpgrade(facts(more));
    expect([verdict.kind, exitOfUpgrade(verdict)]).toEqual([kind, exit]);
    expect(verdict.because).not.toEqual([]);
  });

  it('tells every reason', () => {
    const { because } = judgeUpgrade(facts({ ...outcome('undecided'), ...canary('unknown'), ...approval('undecided') }));
    expect(because).toEqual(['why', 'the canary: predictions', 'a rule']);
  });
});
