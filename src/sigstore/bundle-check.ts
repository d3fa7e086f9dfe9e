import type { BundleCheck, BundleCheckName } from './bundle-verdict.ts';

export const bundleCheck = (name: BundleCheckName, outcome: BundleCheck['outcome'], because: string): BundleCheck => ({ name, outcome, because });

/** What was found of something that several may have to vouch for. */
export type Sources = {
  /** Distinct ones that count. */
  readonly found: number;
  readonly asked: number;
  /** Those that count, for people. */
  readonly names: readonly string[];
  /** Why others do not count; a stranger is one that the root does not know. */
  readonly refused: readonly { readonly because: string; readonly isStranger: boolean }[];
  /** What one of them is called. */
  readonly what: string;
};

/** Enough distinct sources, each named; a reason where there are too few. */
export const sourceCheck = (name: BundleCheckName, { found, asked, names, refused, what }: Sources): BundleCheck => {
  if (found >= asked) return asked === 0 && found === 0 ? bundleCheck(name, 'not-asked', `no ${what} was asked for`) : bundleCheck(name, 'held', names.join(', '));
  const lie = refused.find(({ isStranger }) => !isStranger);
  const why = lie?.because ?? refused[0]?.because ?? (found === 0 ? `the bundle shows no ${what} that counts here` : 'the others do not count');
  return bundleCheck(name, lie === undefined ? 'unknown' : 'broken', asked === 1 ? why : `${asked} distinct ones are needed and ${found} count: ${why}`);
};
