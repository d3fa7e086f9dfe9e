import { escapeControl, shellWord, TrainlockError } from '#base';
import { type EnvironmentState, ranInFull, type SignedPromotion } from '#history';

/** A run as statements of persons name it. */
export type NamedRun = { readonly runId: string; readonly manifestSha256: string };

/** What is to run in an environment from then on. */
export type PromotionTarget = {
  readonly record: NamedRun;
  /** The run that does the rest of the work, and with which the promoted one is compared; absent for the first one. */
  readonly replaces?: NamedRun;
  /** Unit: percent. */
  readonly sharePercent: number;
  readonly takesBack?: string;
  /** Whether only a run gets work that had done all of it before: then no policy is asked, so that going back is never in the way. */
  readonly isReturn: boolean;
};

export type PromotionWish =
  | { readonly kind: 'run'; readonly record: NamedRun; readonly against?: NamedRun; readonly sharePercent: number }
  | { readonly kind: 'back' }
  | { readonly kind: 'share'; readonly sharePercent: number };

/** What a wish means where an environment is as it is. Throws TL0001 for one that means nothing there. */
export const promotionTarget = (state: EnvironmentState, wish: PromotionWish): PromotionTarget => {
  switch (wish.kind) {
    case 'run':
      return runTarget(state, wish);
    case 'back':
      return backTarget(state);
    case 'share':
      return shareTarget(state, wish.sharePercent);
  }
};

const isSame = (a: NamedRun | undefined, b: NamedRun | undefined): boolean => a?.manifestSha256 === b?.manifestSha256;

const named = ({ runId, manifestSha256 }: NamedRun): NamedRun => ({ runId, manifestSha256 });

const runTarget = (state: EnvironmentState, { record, against, sharePercent }: Extract<PromotionWish, { readonly kind: 'run' }>): PromotionTarget => {
  const { environment, heads, kind, running, past, there: base } = state;
  const place = escapeControl(environment);
  if (running.length === 1 && isSame(running[0], record)) throw refused(`run ${record.runId.slice(0, 8)} is all that ${place} runs`, `trainlock rollout ${shellWord(place)}`);
  const there = stableRuns(heads).filter((one) => !isSame(one, record) && base.has(one.manifestSha256));
  const baseline = against ?? there[0];
  // Who could choose with what a run is compared could choose a comparison that needs nobody.
  if (against !== undefined && past.length > 0 && !base.has(against.manifestSha256))
    throw refused(`run ${against.runId.slice(0, 8)} is not what ${place} runs`, there.length === 0 ? 'leave --against away' : `--against ${there[0]!.runId.slice(0, 8)}`);
  if (kind === 'undecided' && against === undefined && new Set(there.map(({ manifestSha256 }) => manifestSha256)).size > 1)
    throw refused(`nobody knows which run ${place} ran before`, `say it: --against ${there.map(({ runId }) => runId.slice(0, 8)).join(' or ')}`);
  if (baseline === undefined && past.length > 0 && !isAloneThere(state, record))
    throw refused(
      `the newest promotion to ${place} was compared with a run that was not there`,
      `first promote the one that was: trainlock history --environment ${shellWord(place)}`,
    );
  if (isSame(baseline, record)) throw refused('a run does not replace itself', 'trainlock help promote');
  return { record, ...(baseline === undefined ? {} : { replaces: named(baseline) }), sharePercent, isReturn: false };
};

/** Whether no other run was there before: as the first one it replaces nothing, also where it was taken away since. */
const isAloneThere = ({ heads, findings }: EnvironmentState, record: NamedRun): boolean =>
  heads.every(({ promotion }) => isSame(promotion.record, record) && promotion.replaces === undefined) &&
  !findings.some(({ kind }) => kind === 'other-baseline') &&
  // What each of more was compared with is known only where none came before.
  (heads.length === 1 || heads.every(({ promotion }) => promotion.follows.length === 0));

/** Runs that the newest promotions have, those first that do the work which a canary does not. Also such that do none any more: what comes next is compared with them. */
const stableRuns = (heads: readonly SignedPromotion[]): readonly NamedRun[] => {
  const runs = heads.map(({ promotion }) => promotion);
  const before = runs.flatMap(({ replaces }) => replaces ?? []);
  const promoted = runs.map(({ record }) => record);
  if (heads.length > 1) return before.length > 0 ? before : promoted;
  return runs.some(({ sharePercent }) => sharePercent === 100) ? [...promoted, ...before] : [...before, ...promoted];
};

/** The one promotion that decides. Throws TL0001 where there is none, or more than one. */
const headOf = ({ environment, heads }: EnvironmentState): SignedPromotion => {
  const [head, ...more] = heads;
  if (head !== undefined && more.length === 0) return head;
  throw refused(
    head === undefined ? `nothing was promoted to ${escapeControl(environment)}` : `nobody has decided what ${escapeControl(environment)} runs`,
    `trainlock promote RUN --to ${shellWord(escapeControl(environment))} --reason "…"`,
  );
};

const backTarget = (state: EnvironmentState): PromotionTarget => {
  const head = headOf(state);
  const { record, replaces, sharePercent, takesBack } = head.promotion;
  if (sharePercent === 0) throw refused(`the newest promotion to ${escapeControl(state.environment)} gives no run work, so there is nothing to take back`, 'trainlock rollout');
  const common = { takesBack: head.sha256 };
  // To take a return back is to go forward again.
  const isReturn = takesBack === undefined;
  if (replaces === undefined) return { record: named(record), sharePercent: 0, isReturn, ...common };
  return { record: named(replaces), replaces: named(record), sharePercent: 100, isReturn: isReturn && ranInFull(replaces.manifestSha256, state.past), ...common };
};

const shareTarget = (state: EnvironmentState, sharePercent: number): PromotionTarget => {
  const { promotion } = headOf(state);
  const { record, replaces } = promotion;
  if (promotion.sharePercent === sharePercent) throw refused(`run ${record.runId.slice(0, 8)} does ${sharePercent} % of the work there already`, 'trainlock rollout');
  // Less for the new one is more for the one that had done all of it.
  const isLess = sharePercent < promotion.sharePercent && (replaces === undefined || ranInFull(replaces.manifestSha256, state.past));
  return { record: named(record), ...(replaces === undefined ? {} : { replaces: named(replaces) }), sharePercent, isReturn: isLess };
};

const refused = (message: string, fix: string): TrainlockError => new TrainlockError('TL0001', message, { fix });
