import { describe, expect, it } from 'vitest';
import { promotionsOf, type SignedPromotion } from '#history';
import { digestOf } from '../../../test/fixtures/training-manifest.ts';
import { emptyEnvironment } from './environments-here.ts';
import { type NamedRun, promotionTarget, type PromotionWish } from './promotion-target.ts';

const runOf = (name: string): NamedRun => ({ runId: name, manifestSha256: digestOf(`run ${name}`) });

type Change = { readonly share?: number; readonly replaces?: string; readonly takesBack?: string };

const promotion = (name: string, run: string, follows: readonly string[] = [], { share = 100, replaces, takesBack }: Change = {}): SignedPromotion => ({
  sha256: digestOf(name),
  person: 'dee',
  isAdmin: false,
  promotion: {
    record: runOf(run),
    environment: 'production',
    sharePercent: share,
    ...(replaces === undefined ? {} : { replaces: runOf(replaces) }),
    ...(takesBack === undefined ? {} : { takesBack: digestOf(takesBack) }),
    follows: follows.map(digestOf),
    person: 'dee',
    reason: 'why',
    promotedAt: name,
  },
});

const A = [promotion('p1', 'a')];
const CANARY = [...A, promotion('p2', 'b', ['p1'], { share: 10, replaces: 'a' })];
const FULL = [...CANARY, promotion('p3', 'b', ['p2'], { replaces: 'a' })];
const RETURNED = [...FULL, promotion('p4', 'a', ['p3'], { replaces: 'b', takesBack: 'p3' })];
const EMPTIED = [...A, promotion('p2', 'a', ['p1'], { share: 0, takesBack: 'p1' })];
const FIRST_FORK = [promotion('x', 'a'), promotion('y', 'a')];
const FORK = [...A, promotion('x', 'b', ['p1'], { replaces: 'a' }), promotion('y', 'c', ['p1'], { replaces: 'a' })];

const CHOSE_NOTHING = [...A, promotion('p2', 'b', ['p1'])];
const CHOSEN = [...A, promotion('p2', 'b', ['p1'], { replaces: 'c' })];

const run = (name: string, against?: string): PromotionWish => ({
  kind: 'run',
  record: runOf(name),
  sharePercent: 100,
  ...(against === undefined ? {} : { against: runOf(against) }),
});

/** What a wish means, in words. */
const told = (promotions: readonly SignedPromotion[], wish: PromotionWish): string => {
  try {
    const { record, replaces, sharePercent, isReturn } = promotionTarget(promotionsOf({ promotions, isSolo: false })[0] ?? emptyEnvironment('production'), wish);
    return `${record.runId} ${sharePercent} %${replaces === undefined ? '' : ` for ${replaces.runId}`}${isReturn ? ', a return' : ''}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('what a promotion means', () => {
  it.each<[string, readonly SignedPromotion[], PromotionWish, string]>([
    ['the first one replaces nothing', [], run('a'), 'a 100 %'],
    ['the first one may be compared', [], run('b', 'a'), 'b 100 % for a'],
    ['the next one replaces what runs', A, run('b'), 'b 100 % for a'],
    ['a new one replaces the run beside the canary', CANARY, run('c'), 'c 100 % for a'],
    ['the canary replaces what it runs beside', CANARY, run('b'), 'b 100 % for a'],
    ['the run beside it replaces the canary, and is asked about', CANARY, run('a'), 'a 100 % for b'],
    ['an emptied environment is no first one', EMPTIED, run('b'), 'b 100 % for a'],
    ['a run that was taken away may run there again', EMPTIED, run('a'), 'a 100 %'],
    ['as often as somebody likes', [...EMPTIED, promotion('p3', 'a', ['p2'])], { kind: 'back' }, 'a 0 %, a return'],
    ['a fork of first ones is settled by the run that both promoted', FIRST_FORK, run('a'), 'a 100 %'],
    ['the baseline is what runs there', A, run('b', 'c'), 'run c is not what production runs'],
    ['a run does not replace itself', A, run('b', 'b'), 'run b is not what production runs'],
    ['what runs alone is not promoted', A, run('a'), 'run a is all that production runs'],
    ['a fork is settled against what both replaced', FORK, run('c'), 'c 100 % for a'],
    ['or against another of its runs', FORK, run('c', 'b'), 'c 100 % for b'],
    ['and no other', FORK, run('c', 'd'), 'run d is not what production runs'],
    ['what chose its baseline is not promoted again', CHOSEN, run('b'), 'the newest promotion to production was compared with a run that was not there'],
    ['nor what said that it replaces nothing', CHOSE_NOTHING, run('b'), 'the newest promotion to production was compared with a run that was not there'],
    ['nor compared with it', CHOSEN, run('d', 'c'), 'run c is not what production runs'],
    ['the one that was there is compared with it', CHOSEN, run('a'), 'a 100 % for b'],
    ['back brings back what was replaced', FULL, { kind: 'back' }, 'a 100 % for b, a return'],
    ['back ends a canary', CANARY, { kind: 'back' }, 'a 100 % for b, a return'],
    ['back of the first one leaves nothing', A, { kind: 'back' }, 'a 0 %, a return'],
    ['back of a return goes forward, and is asked about', RETURNED, { kind: 'back' }, 'b 100 % for a'],
    ['back of nothing', EMPTIED, { kind: 'back' }, 'the newest promotion to production gives no run work, so there is nothing to take back'],
    ['back where nothing was', [], { kind: 'back' }, 'nothing was promoted to production'],
    ['back in a fork', FORK, { kind: 'back' }, 'nobody has decided what production runs'],
    ['more for the canary is asked about', CANARY, { kind: 'share', sharePercent: 50 }, 'b 50 % for a'],
    ['less for it is not', CANARY, { kind: 'share', sharePercent: 5 }, 'b 5 % for a, a return'],
    ['the same share', CANARY, { kind: 'share', sharePercent: 10 }, 'run b does 10 % of the work there already'],
    ['a share in a fork', FORK, { kind: 'share', sharePercent: 10 }, 'nobody has decided what production runs'],
  ])('%s', (_, promotions, wish, expected) => {
    expect(told(promotions, wish)).toBe(expected);
  });
});
