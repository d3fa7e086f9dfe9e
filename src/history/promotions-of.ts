import { escapeControl, shellWord } from '#base';
import type { Promotion } from '#statements';
import { groupedBy } from './grouped-by.ts';
import type { Signed } from './history-document.ts';
import { type HistoryFinding, shortDigest } from './history-finding.ts';

export type SignedPromotion = Signed<{ readonly promotion: Promotion }>;

/** A run that an environment runs. */
export type RunningRun = {
  readonly runId: string;
  readonly manifestSha256: string;
  /** From 1 to 100. Unit: percent. */
  readonly sharePercent: number;
  /** When it was first promoted without having left since; a claim. RFC 3339 in UTC. */
  readonly since: string;
};

/** What an environment runs, and what it ran. */
export type EnvironmentState = {
  readonly environment: string;
  /** undecided: more than one promotion is the newest, or they have a circle. */
  readonly kind: 'known' | 'undecided';
  /** The newest promotions: what the next one follows. */
  readonly heads: readonly SignedPromotion[];
  /** Empty where nothing runs, or nobody knows what does. */
  readonly running: readonly RunningRun[];
  /** Whether the newest promotion only gives work back to a run that had done all of it, and so asked no policy. */
  readonly isReturn: boolean;
  /** Digests of the records with which the next one may be compared: what the newest promotions give work to, or gave. */
  readonly there: ReadonlySet<string>;
  /** Every promotion that counts, the newest first. */
  readonly past: readonly SignedPromotion[];
  readonly findings: readonly HistoryFinding[];
};

export type PromotionsQuestion = {
  /** Promotions whose signers count, in any order. */
  readonly promotions: readonly SignedPromotion[];
  /** Whether one person does everything: then an admin may deploy. */
  readonly isSolo: boolean;
  /** Promotions that do not count, by digest, and why. */
  readonly notCounted?: ReadonlyMap<string, string>;
};

/**
 * What each environment runs: the newest promotion decides, and which is the newest is said by which follow which, never by a clock. Two
 * newest ones are a fork, which the next promotion settles, because it names both. Total: never throws.
 */
export const promotionsOf = ({ promotions, isSolo, notCounted = new Map() }: PromotionsQuestion): readonly EnvironmentState[] => {
  const distinct = [...new Map(promotions.map((one) => [one.sha256, one])).values()].toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const environments = groupedBy(distinct, ({ promotion }) => promotion.environment);
  return [...environments]
    .map(([environment, all]) => environmentOf(environment, { all, isSolo, notCounted }))
    .toSorted((a, b) => (a.environment < b.environment ? -1 : a.environment > b.environment ? 1 : 0));
};

type Environment = { readonly all: readonly SignedPromotion[]; readonly isSolo: boolean; readonly notCounted: ReadonlyMap<string, string> };

const environmentOf = (environment: string, { all, isSolo, notCounted }: Environment): EnvironmentState => {
  const admins = isSolo ? [] : all.filter(({ isAdmin }) => isAdmin);
  const counted = all.filter((one) => !admins.includes(one));
  const known = new Map(counted.map((one) => [one.sha256, one]));
  const followed = new Set(counted.flatMap(({ promotion }) => promotion.follows));
  const heads = counted.filter(({ sha256 }) => !followed.has(sha256));
  const past = newestFirst(heads, known);
  const baselines = baselinesOf(past, known);
  const why = new Map([...notCounted, ...admins.map(({ sha256 }) => [sha256, 'admins neither approve nor deploy'] as const)]);
  const findings = [
    ...admins.map((one): HistoryFinding => ({
      kind: 'not-counted',
      severity: 'warning',
      message: `${described(one)} does not count: admins neither approve nor deploy`,
      about: [one.sha256],
    })),
    ...forkFindings(environment, heads),
    ...cycleFindings(environment, counted, past),
    ...gapFindings(past, known, why),
    ...baselineFindings(heads, known, baselines),
  ];
  const isKnown = !findings.some(({ severity }) => severity === 'error');
  const [head] = heads;
  return {
    environment,
    kind: isKnown ? 'known' : 'undecided',
    heads,
    running: isKnown && head !== undefined ? runningAt(head, known) : [],
    isReturn: isKnown && head !== undefined && isReturnAt(head, known, past.slice(1)),
    there: new Set(heads.flatMap(({ sha256 }) => [...(baselines.there.get(sha256) ?? [])])),
    past,
    findings,
  };
};

const described = ({ sha256, person, promotion }: SignedPromotion): string =>
  `the promotion ${shortDigest(sha256)} by ${escapeControl(person)} (run ${escapeControl(promotion.record.runId.slice(0, 8))})`;

const forkFindings = (environment: string, heads: readonly SignedPromotion[]): readonly HistoryFinding[] =>
  heads.length < 2
    ? []
    : [
        {
          kind: 'fork',
          severity: 'error',
          message: `${heads.length} promotions to ${escapeControl(environment)} are the newest, and nobody has said which counts: ${heads.map(described).join('; ')}`,
          about: heads.map(({ sha256 }) => sha256),
          remedy: ['promote the one that is to run; that settles it:', ...heads.map(({ promotion }) => promoteCommand(promotion))].join('\n'),
        },
      ];

const promoteCommand = ({ record, environment }: Promotion): string =>
  `trainlock promote ${shellWord(escapeControl(record.runId.slice(0, 8)))} --to ${shellWord(escapeControl(environment))} --reason "…"`;

const cycleFindings = (environment: string, counted: readonly SignedPromotion[], past: readonly SignedPromotion[]): readonly HistoryFinding[] => {
  const lost = counted.filter((one) => !past.includes(one));
  if (lost.length === 0) return [];
  const message = `promotions to ${escapeControl(environment)} follow one another in a circle: ${lost.map(described).join('; ')}`;
  return [{ kind: 'cycle', severity: 'error', message, about: lost.map(({ sha256 }) => sha256) }];
};

/** The newest promotion says by itself what runs, so a gap behind it only leaves the past incomplete. */
const gapFindings = (past: readonly SignedPromotion[], known: ReadonlyMap<string, SignedPromotion>, why: ReadonlyMap<string, string>): readonly HistoryFinding[] =>
  past.flatMap((one) =>
    one.promotion.follows
      .filter((sha256) => !known.has(sha256))
      .map((sha256): HistoryFinding => {
        const because = why.get(sha256);
        const message = `${described(one)} follows ${shortDigest(sha256)}, which ${because === undefined ? 'is not there' : `does not count: ${because}`}`;
        return { kind: 'gap', severity: 'warning', message, about: [one.sha256, sha256] };
      }),
  );

type Baselines = { /** Records that a promotion leaves there. */ readonly there: ReadonlyMap<string, ReadonlySet<string>>; readonly dishonest: ReadonlySet<string> };

/**
 * Which promotions replace what was there: one that names another run, or none, is compared with something that it chose. What such a one
 * says it replaced was not there for the next one either.
 */
const baselinesOf = (past: readonly SignedPromotion[], known: ReadonlyMap<string, SignedPromotion>): Baselines => {
  const there = new Map<string, ReadonlySet<string>>();
  const dishonest = new Set<string>();
  for (const { sha256, promotion } of past.toReversed()) {
    const { record, replaces, follows } = promotion;
    const before = follows.flatMap((digest) => known.get(digest) ?? []);
    const base = new Set(before.flatMap((one) => [...(there.get(one.sha256) ?? [])]));
    const goesOn = before.every((one) => one.promotion.record.manifestSha256 === record.manifestSha256 && !dishonest.has(one.sha256));
    const isHonest = replaces === undefined ? goesOn : before.length === 0 || base.has(replaces.manifestSha256);
    if (!isHonest) dishonest.add(sha256);
    there.set(sha256, new Set([record.manifestSha256, ...(isHonest && replaces !== undefined ? [replaces.manifestSha256] : [])]));
  }
  return { there, dishonest };
};

/** Asked of the one promotion that decides. */
const baselineFindings = ([head, ...more]: readonly SignedPromotion[], known: ReadonlyMap<string, SignedPromotion>, { dishonest }: Baselines): readonly HistoryFinding[] => {
  if (head === undefined || more.length > 0 || !dishonest.has(head.sha256)) return [];
  const { replaces, follows } = head.promotion;
  const before = follows.flatMap((sha256) => known.get(sha256)?.promotion ?? [])[0];
  const says = replaces === undefined ? 'nothing' : `run ${escapeControl(replaces.runId.slice(0, 8))}`;
  const message = `${described(head)} says that it replaces ${says}, and that is not what was there`;
  return [{ kind: 'other-baseline', severity: 'error', message, about: [head.sha256], ...(before === undefined ? {} : { remedy: promoteCommand(before) }) }];
};

/** What is followed stands behind what follows it; side by side, the later claim comes first. */
const newestFirst = (heads: readonly SignedPromotion[], known: ReadonlyMap<string, SignedPromotion>): readonly SignedPromotion[] => {
  const waiting = new Map<string, number>();
  const reached = new Map<string, SignedPromotion>();
  const queue = [...heads];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (reached.has(one.sha256)) continue;
    reached.set(one.sha256, one);
    for (const sha256 of one.promotion.follows) waiting.set(sha256, (waiting.get(sha256) ?? 0) + 1);
    queue.push(...one.promotion.follows.flatMap((sha256) => known.get(sha256) ?? []));
  }
  const sorted: SignedPromotion[] = [];
  const ready = [...heads];
  while (ready.length > 0) {
    ready.sort((a, b) => (a.promotion.promotedAt < b.promotion.promotedAt ? -1 : a.promotion.promotedAt > b.promotion.promotedAt ? 1 : a.sha256 < b.sha256 ? -1 : 1));
    const one = ready.pop()!;
    sorted.push(one);
    for (const sha256 of one.promotion.follows) {
      waiting.set(sha256, waiting.get(sha256)! - 1);
      const next = known.get(sha256);
      if (waiting.get(sha256) === 0 && next !== undefined) ready.push(next);
    }
  }
  return sorted;
};

type Share = Pick<RunningRun, 'runId' | 'manifestSha256' | 'sharePercent'>;

/** What runs by one promotion: the promoted run, and beside it the one that it replaces. */
const sharesOf = ({ record, replaces, sharePercent }: Promotion): readonly Share[] =>
  [{ ...record, sharePercent }, ...(replaces === undefined ? [] : [{ ...replaces, sharePercent: 100 - sharePercent }])].filter((share) => share.sharePercent > 0);

const runningAt = (head: SignedPromotion, known: ReadonlyMap<string, SignedPromotion>): readonly RunningRun[] =>
  sharesOf(head.promotion).map((share) => ({ ...share, since: sinceOf(share.manifestSha256, head, known) }));

/** Goes back as long as the run was there. */
const sinceOf = (manifestSha256: string, head: SignedPromotion, known: ReadonlyMap<string, SignedPromotion>): string => {
  const seen = new Set<string>();
  let here: SignedPromotion | undefined = head;
  let since = head.promotion.promotedAt;
  while (here !== undefined && !seen.has(here.sha256)) {
    seen.add(here.sha256);
    since = here.promotion.promotedAt;
    here = here.promotion.follows.flatMap((sha256) => known.get(sha256) ?? []).find((one) => runs(manifestSha256, one));
  }
  return since;
};

const runs = (manifestSha256: string, { promotion }: SignedPromotion): boolean => sharesOf(promotion).some((share) => share.manifestSha256 === manifestSha256);

/**
 * Whether a promotion only gives work back to a run that had done all of it: it takes back one that was no return itself, or gives the
 * promoted run less than before. To go back and forth is not to go back.
 */
const isReturnAt = ({ promotion }: SignedPromotion, known: ReadonlyMap<string, SignedPromotion>, past: readonly SignedPromotion[]): boolean => {
  const { record, replaces, sharePercent, takesBack, follows } = promotion;
  const beside = replaces?.manifestSha256;
  if (takesBack !== undefined) {
    const taken = known.get(takesBack)?.promotion;
    if (taken === undefined || taken.takesBack !== undefined) return false;
    if (sharePercent === 0) return taken.replaces === undefined && taken.record.manifestSha256 === record.manifestSha256;
    return taken.replaces?.manifestSha256 === record.manifestSha256 && ranInFull(record.manifestSha256, past);
  }
  const before = follows.length === 1 ? known.get(follows[0]!)?.promotion : undefined;
  const isSame = before?.record.manifestSha256 === record.manifestSha256 && before.replaces?.manifestSha256 === beside;
  return isSame && sharePercent < before.sharePercent && (beside === undefined || ranInFull(beside, past));
};

/** Whether a run did all the work by one of these promotions: then it was allowed in full. */
export const ranInFull = (manifestSha256: string, past: readonly SignedPromotion[]): boolean =>
  past.some(({ promotion }) => sharesOf(promotion).some((share) => share.manifestSha256 === manifestSha256 && share.sharePercent === 100));
