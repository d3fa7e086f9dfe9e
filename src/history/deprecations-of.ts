import { escapeControl } from '#base';
import { fitsRange, type Manifest, packageName, pathNow, readVersionRange } from '#manifest';
import type { Deprecation } from '#statements';
import type { SignedReversion } from './chain-of.ts';
import type { Signed } from './history-document.ts';

export type SignedDeprecation = Signed<{ readonly deprecation: Deprecation }>;

export type DeprecationState =
  | { readonly kind: 'in-force' }
  /** It was said, and begins later. */
  | { readonly kind: 'announced' }
  | { readonly kind: 'reverted'; readonly by: SignedReversion };

/** A deprecation, and how it stands. */
export type StandingDeprecation = SignedDeprecation & { readonly state: DeprecationState };

/** A deprecation of something that a run is or uses. */
export type DeprecationHit = StandingDeprecation & {
  /** What of the run it is about, in words, control characters escaped. */
  readonly about: string;
  /** Unknown where a version cannot be compared. */
  readonly applies: 'yes' | 'unknown';
};

export type DeprecationsQuestion = {
  readonly deprecations: readonly SignedDeprecation[];
  readonly reversions: readonly SignedReversion[];
  /** RFC 3339 in UTC with milliseconds. */
  readonly now: string;
};

/** How every deprecation stands, the oldest claim first. Total: never throws. */
export const standingDeprecations = ({ deprecations, reversions, now }: DeprecationsQuestion): readonly StandingDeprecation[] => {
  const takenBack = new Map(reversions.filter(({ reversion }) => reversion.of.kind === 'deprecation').map((one) => [one.reversion.of.sha256, one]));
  return [...new Map(deprecations.map((one) => [one.sha256, one])).values()]
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .map((one) => {
      const by = takenBack.get(one.sha256);
      // Both have one form, so the order of the letters is the order of time.
      const state: DeprecationState = by !== undefined ? { kind: 'reverted', by } : one.deprecation.from <= now ? { kind: 'in-force' } : { kind: 'announced' };
      return { ...one, state };
    });
};

const orderOf = ({ deprecation, sha256 }: SignedDeprecation): string => `${deprecation.deprecatedAt} ${sha256}`;

/** Which deprecations are about a run: itself, a run that it goes on from, its data, its packages, or fields that its record has. Total: never throws. */
export const deprecationHits = (
  standing: readonly StandingDeprecation[],
  { manifest, manifestSha256 }: { readonly manifest: Manifest; readonly manifestSha256: string },
): readonly DeprecationHit[] => standing.flatMap((one) => hitsOf(one.deprecation.of, manifest, manifestSha256).map((hit) => ({ ...one, ...hit })));

type Hit = Pick<DeprecationHit, 'about' | 'applies'>;

const hitsOf = (of: Deprecation['of'], manifest: Manifest, manifestSha256: string): readonly Hit[] => {
  switch (of.kind) {
    case 'run':
      return of.manifestSha256 === manifestSha256 ? [{ about: 'this run', applies: 'yes' }] : parentHits(of.manifestSha256, manifest);
    case 'snapshot':
      return manifest.data.filter(({ list }) => list?.sha256 === of.listSha256).map(({ name }) => ({ about: `the data ${escapeControl(name)}`, applies: 'yes' }));
    case 'package':
      return packageHits(of, manifest);
    case 'field':
      return hasField(manifest, pathNow(of.path).split('/').slice(1)) ? [{ about: `the field ${escapeControl(of.path)}`, applies: 'yes' }] : [];
  }
};

const parentHits = (sha256: string, { lineage, run }: Manifest): readonly Hit[] => {
  const parents = [...(lineage.parents ?? []), ...(run.parents ?? [])].filter((parent) => parent.manifestSha256 === sha256);
  return parents.slice(0, 1).map(({ run: id }): Hit => ({ about: `the earlier run ${escapeControl((id ?? sha256).slice(0, 8))}, on which it builds`, applies: 'yes' }));
};

const packageHits = ({ name, versions }: Extract<Deprecation['of'], { readonly kind: 'package' }>, { dependencies }: Manifest): readonly Hit[] => {
  const range = readVersionRange(versions) ?? [];
  const found = dependencies.distributions.filter((one) => packageName(one.name) === name && one.relation !== 'unrelated').map((one) => one.version);
  return [...new Set(found)].flatMap((version): readonly Hit[] => {
    const fits = fitsRange(version, range);
    return fits === 'no' ? [] : [{ about: escapeControl(`${name} ${version}`), applies: fits }];
  });
};

/** Whether a value stands at a schema path; * is any item of a list, {} any member. */
const hasField = (here: unknown, [key, ...rest]: readonly string[]): boolean => {
  if (key === undefined) return here !== undefined;
  if (typeof here !== 'object' || here === null) return false;
  if (Array.isArray(here)) return key === '*' && here.some((item) => hasField(item, rest));
  if (key === '{}') return Object.values(here).some((value) => hasField(value, rest));
  return Object.hasOwn(here, key) && hasField((here as Readonly<Record<string, unknown>>)[key], rest);
};
