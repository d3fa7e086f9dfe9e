import { describe, expect, it } from 'vitest';
import { digestOf } from '../../test/fixtures/training-manifest.ts';
import { type EnvironmentState, promotionsOf, type SignedPromotion } from './promotions-of.ts';

type Change = { readonly share?: number; readonly replaces?: string; readonly environment?: string; readonly isAdmin?: boolean; readonly at?: string; readonly takesBack?: string };

const runOf = (name: string): { readonly runId: string; readonly manifestSha256: string } => ({ runId: name, manifestSha256: digestOf(`run ${name}`) });

/** A promotion p of a run, which follows others. */
const promotion = (
  name: string,
  run: string,
  follows: readonly string[] = [],
  { share = 100, replaces, environment = 'production', isAdmin = false, at = name, takesBack }: Change = {},
): SignedPromotion => ({
  sha256: digestOf(name),
  person: 'dee',
  isAdmin,
  promotion: {
    record: runOf(run),
    environment,
    sharePercent: share,
    ...(replaces === undefined ? {} : { replaces: runOf(replaces) }),
    ...(takesBack === undefined ? {} : { takesBack: digestOf(takesBack) }),
    follows: follows.map(digestOf).toSorted(),
    person: 'dee',
    reason: 'why',
    promotedAt: at,
  },
});

const ask = (promotions: readonly SignedPromotion[], more: { readonly isSolo?: boolean } = {}): EnvironmentState => promotionsOf({ promotions, isSolo: false, ...more })[0]!;
const told = ({ kind, running, findings }: EnvironmentState): unknown => ({
  kind,
  running: running.map(({ runId, sharePercent, since }) => `${runId} ${sharePercent} % since ${since}`),
  findings: findings.map((finding) => `${finding.severity} ${finding.kind}`),
});

const P1 = promotion('p1', 'a');
const P2 = promotion('p2', 'b', ['p1'], { share: 10, replaces: 'a' });
const P3 = promotion('p3', 'b', ['p2'], { share: 100, replaces: 'a' });
const P4 = promotion('p4', 'a', ['p3'], { replaces: 'b', takesBack: 'p3' });

describe('what an environment runs', () => {
  it.each<[string, readonly SignedPromotion[], object]>([
    ['the first one', [P1], { kind: 'known', running: ['a 100 % since p1'], findings: [] }],
    ['a canary beside the run that it replaces', [P2, P1], { kind: 'known', running: ['b 10 % since p2', 'a 90 % since p1'], findings: [] }],
    ['a canary that took over, since it began', [P3, P1, P2], { kind: 'known', running: ['b 100 % since p2'], findings: [] }],
    ['a run that came back, since it did', [P1, P2, P3, P4], { kind: 'known', running: ['a 100 % since p4'], findings: [] }],
    ['nothing after a share of 0 of the first one', [P1, promotion('p2', 'a', ['p1'], { share: 0 })], { kind: 'known', running: [], findings: [] }],
    ['the other one after a share of 0', [P1, P2, promotion('p3', 'b', ['p2'], { share: 0, replaces: 'a' })], { kind: 'known', running: ['a 100 % since p1'], findings: [] }],
    ['a first canary beside nothing', [promotion('p1', 'a', [], { share: 10 })], { kind: 'known', running: ['a 10 % since p1'], findings: [] }],
    ['nobody knows what after two side by side', [P1, promotion('x', 'b', ['p1']), promotion('y', 'c', ['p1'])], { kind: 'undecided', running: [], findings: ['error fork'] }],
    ['nobody knows what after two first ones', [P1, promotion('x', 'b')], { kind: 'undecided', running: [], findings: ['error fork'] }],
    [
      'what follows both',
      [P1, promotion('x', 'b', ['p1']), promotion('y', 'c', ['p1']), promotion('z', 'c', ['x', 'y'], { replaces: 'b' })],
      { kind: 'known', running: ['c 100 % since y'], findings: [] },
    ],
    ['nobody knows what when the middle was taken away', [P1, P3], { kind: 'undecided', running: [], findings: ['error fork', 'warning gap'] }],
    ['the newest, with a past that is incomplete', [P3], { kind: 'known', running: ['b 100 % since p3'], findings: ['warning gap'] }],
    ['nobody knows what in a circle', [promotion('x', 'a', ['y']), promotion('y', 'b', ['x'])], { kind: 'undecided', running: [], findings: ['error cycle'] }],
    ['nobody knows what beside a circle', [P1, promotion('x', 'a', ['y']), promotion('y', 'b', ['x'])], { kind: 'undecided', running: [], findings: ['error cycle'] }],
    [
      'nobody knows what, compared with a run that was not there',
      [P1, promotion('x', 'b', ['p1'], { replaces: 'c' })],
      { kind: 'undecided', running: [], findings: ['error other-baseline'] },
    ],
    ['nobody knows what, compared with nothing', [P1, promotion('x', 'b', ['p1'])], { kind: 'undecided', running: [], findings: ['error other-baseline'] }],
    [
      'nobody knows what, said a second time',
      [P1, promotion('x', 'b', ['p1'], { replaces: 'c' }), promotion('y', 'b', ['x'], { replaces: 'c' })],
      { kind: 'undecided', running: [], findings: ['error other-baseline'] },
    ],
    ['nothing by an admin', [P1, promotion('x', 'b', ['p1'], { isAdmin: true })], { kind: 'known', running: ['a 100 % since p1'], findings: ['warning not-counted'] }],
  ])('%s', (_, promotions, expected) => {
    expect(told(ask(promotions))).toEqual(expected);
    expect(told(ask([...promotions, ...promotions].toReversed()))).toEqual(expected);
  });

  it('is a matter of one environment: a promotion to another one changes nothing', () => {
    const states = promotionsOf({ promotions: [P1, promotion('s', 'b', ['p1'], { environment: 'staging' })], isSolo: false });
    expect(states.map(({ environment, running }) => [environment, running[0]?.runId])).toEqual([
      ['production', 'a'],
      ['staging', 'b'],
    ]);
  });

  it('may be said by an admin where one person does everything', () => {
    expect(told(ask([promotion('x', 'b', [], { isAdmin: true })], { isSolo: true }))).toEqual({ kind: 'known', running: ['b 100 % since x'], findings: [] });
  });

  it('has its past, the newest first, whatever the clocks said', () => {
    expect(ask([P1, P2, { ...P3, promotion: { ...P3.promotion, promotedAt: '0' } }]).past.map(({ sha256 }) => sha256)).toEqual(['p3', 'p2', 'p1'].map(digestOf));
  });

  it.each<[string, readonly SignedPromotion[], boolean]>([
    ['a run that comes back', [P1, P2, P3, P4], true],
    ['a run that is new', [P1, P2, P3], false],
    ['one that is promoted anew without taking anything back', [P1, P2, P3, promotion('p4', 'a', ['p3'], { replaces: 'b' })], false],
    ['one that had done only some of the work', [P1, P2, promotion('p3', 'c', ['p2'], { replaces: 'b' }), promotion('p4', 'b', ['p3'], { replaces: 'c', takesBack: 'p3' })], false],
    ['one that goes forward again', [P1, P2, P3, P4, promotion('p5', 'b', ['p4'], { replaces: 'a', takesBack: 'p4' })], false],
    ['another one than was replaced', [P1, P2, P3, promotion('p4', 'c', ['p3'], { replaces: 'b', takesBack: 'p3' })], false],
    ['less of a canary', [P1, P2, promotion('p3', 'b', ['p2'], { share: 5, replaces: 'a' })], true],
    ['more of a canary', [P1, P2, P3], false],
    ['less of a canary, beside another run', [P1, P2, promotion('p3', 'b', ['p2'], { share: 5, replaces: 'c' })], false],
    ['nothing any more', [P1, promotion('p2', 'a', ['p1'], { share: 0, takesBack: 'p1' })], true],
  ])('knows what is a return: %s', (_, promotions, isReturn) => {
    expect(ask(promotions).isReturn).toBe(isReturn);
  });

  it('tells the commands that settle a fork, safe for a shell', () => {
    const { findings } = ask([promotion('x', 'a', [], { environment: "it's\u001b" }), promotion('y', 'b', [], { environment: "it's\u001b" })]);
    expect(findings[0]?.remedy).toMatch(/trainlock promote a --to 'it'\\''s[^\u001b]*' --reason/);
  });
});
