import { countOf, escapeControl } from '#base';
import {
  type AmendedField,
  chainOf,
  type DeprecationHit,
  deprecationHits,
  type EnvironmentState,
  type HistoryFinding,
  promotionsOf,
  type RevisionChain,
  shortDigest,
  standingDeprecations,
} from '#history';
import type { Manifest } from '#manifest';
import { soloHere } from '../policy/policy-file.ts';
import { type HistoryHere, historyHere, type HistoryPlace } from './filed-history.ts';

/** A run in an environment. */
export type PromotedRun = {
  readonly environment: string;
  /** runs: it does some or all of the work; ran: it did once; undecided: nobody knows what runs there. */
  readonly kind: 'runs' | 'ran' | 'undecided';
  /** Unit: percent; only of what runs. */
  readonly sharePercent?: number;
  /** A claim, RFC 3339 in UTC; only of what runs. */
  readonly since?: string;
};

/** What became of a run after it was recorded. */
export type RunLife = {
  /** clear: what is told here is all; undecided: something stands in the way of knowing, and `because` says what. */
  readonly kind: 'clear' | 'undecided';
  readonly because: readonly string[];
  readonly manifestSha256: string;
  readonly chain: RevisionChain;
  /** Fields that read otherwise than in the record. */
  readonly amended: readonly AmendedField[];
  /** Deprecations of the run, its data, packages and fields; also those that begin later, and those that were taken back. */
  readonly deprecations: readonly DeprecationHit[];
  readonly promoted: readonly PromotedRun[];
  /** Everything that is wrong with documents about it; a fork, gap or circle is an error. */
  readonly findings: readonly HistoryFinding[];
  /** Documents about it that do not count, and why. */
  readonly notCounted: readonly { readonly path: string; readonly because: string }[];
};

export type LifeQuestion = HistoryPlace & {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly now: string;
  /** What was read already. */
  readonly here?: HistoryHere;
};

/**
 * The state of a run: is it amended, is its chain of revisions forked, is it or something in it deprecated, where is it promoted? The
 * record itself stays the authority: an amendment changes how it reads, and no verdict. Throws TL0002 or TL1201 for a pin file that cannot
 * be used.
 */
export const runLife = async (question: LifeQuestion): Promise<RunLife> => {
  const { manifest, manifestSha256, now } = question;
  const here = question.here ?? (await historyHere(question));
  const { amendments, deprecations, promotions, reversions } = here.counted;
  const chain = chainOf({ manifest, manifestSha256, amendments, reversions, notCounted: here.notCounted });
  const hits = deprecationHits(standingDeprecations({ deprecations, reversions, now }), { manifest, manifestSha256 });
  const environments = promotionsOf({ promotions, isSolo: await soloHere(question), notCounted: here.notCounted }).filter((one) => concerns(one, manifestSha256));
  const findings = [...chain.findings, ...environments.flatMap((one) => one.findings)];
  const unsure = hits.filter(({ applies, state }) => applies === 'unknown' && state.kind === 'in-force');
  const because = [
    ...findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    ...uncountedDeprecations(here, manifestSha256),
    ...here.unread.map(({ path, because: why }) => `${path} may be about this run, and cannot be judged: ${why}`),
    ...unsure.map(({ about, sha256 }) => `whether the deprecation ${shortDigest(sha256)} is about ${about} cannot be told: its version cannot be compared`),
  ];
  return {
    kind: because.length === 0 ? 'clear' : 'undecided',
    because,
    manifestSha256,
    chain,
    amended: chain.fields,
    deprecations: hits,
    promoted: environments.map((one) => promotedIn(one, manifestSha256)),
    findings,
    notCounted: here.filed.flatMap(({ path, judged }) =>
      judged.kind !== 'signed' && judged.document !== undefined && JSON.stringify(judged.document).includes(manifestSha256) ? [{ path, because: judged.because }] : [],
    ),
  };
};

/** Somebody else's signature, laid in the place of that of the person, would make a deprecation no word at all. */
const uncountedDeprecations = ({ filed }: HistoryHere, manifestSha256: string): readonly string[] =>
  filed.flatMap(({ path, judged }) => {
    if (judged.kind === 'signed' || judged.document?.kind !== 'deprecation') return [];
    const { of } = judged.document.deprecation;
    return of.kind === 'run' && of.manifestSha256 === manifestSha256 ? [`${path} deprecates this run, and does not count: ${judged.because}`] : [];
  });

const concerns = ({ past }: EnvironmentState, manifestSha256: string): boolean =>
  past.some(({ promotion }) => promotion.record.manifestSha256 === manifestSha256 || promotion.replaces?.manifestSha256 === manifestSha256);

const promotedIn = ({ environment, kind, running }: EnvironmentState, manifestSha256: string): PromotedRun => {
  if (kind === 'undecided') return { environment, kind };
  const share = running.find((one) => one.manifestSha256 === manifestSha256);
  return share === undefined ? { environment, kind: 'ran' } : { environment, kind: 'runs', sharePercent: share.sharePercent, since: share.since };
};

/** One sentence for each thing that somebody who looks at a run should know of its life; none for a run of which nobody has said anything. */
export const lifeLines = ({ because, amended, chain, deprecations, promoted }: RunLife): readonly string[] => [
  ...(amended.length === 0
    ? []
    : [`amended: ${countOf(amended.length, 'field')} ${amended.length === 1 ? 'reads' : 'read'} otherwise (${amended.map(({ pointer }) => escapeControl(pointer)).join(', ')})`]),
  ...(chain.kind === 'undecided' ? ['amended: nobody has decided which amendments count'] : []),
  ...deprecations
    .filter(({ state }) => state.kind !== 'reverted')
    .map(({ about, applies, state, deprecation }) => {
      const { reason, from, replacement } = deprecation;
      const since = state.kind === 'in-force' ? 'since' : 'from';
      return escapeControl(
        `${applies === 'unknown' ? 'may be ' : ''}deprecated ${since} ${from.slice(0, 10)}: ${about}: ${reason}${replacement === undefined ? '' : `; in its place ${replacement}`}`,
      );
    }),
  ...promotionLines({ promoted }),
  ...because.filter((one) => one.includes('cannot be judged')),
];

/** Where a run was promoted, one sentence each. */
export const promotionLines = ({ promoted }: Pick<RunLife, 'promoted'>): readonly string[] =>
  promoted.map(({ environment, kind, sharePercent, since }) => {
    const place = escapeControl(environment);
    if (kind === 'undecided') return `promoted: what ${place} runs is undecided`;
    return kind === 'runs' ? `promoted: ${sharePercent} % of ${place} since ${since!.slice(0, 16)}Z` : `promoted: ran in ${place} once`;
  });

/** The same as plain data, without the manifests. */
export const plainLife = ({ chain, ...life }: RunLife): Readonly<Record<string, unknown>> => ({
  ...life,
  head: chain.head ?? null,
  amended: life.amended.map(({ by, ...field }) => ({ ...field, sha256: by.sha256, person: by.person, reason: by.amendment.reason, at: by.amendment.amendedAt })),
  deprecations: life.deprecations.map(({ deprecation, state, sha256, person, about, applies }) => ({ ...deprecation, sha256, person, about, applies, state: state.kind })),
});
