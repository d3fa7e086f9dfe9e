import type { Check, Verdict } from './verdict.ts';

/** One broken check refutes; one unknown check leaves it undecided; an empty set never proves anything. */
export const verdictOf = (checks: readonly Check[]): Verdict['kind'] => {
  const asked = checks.filter(({ outcome }) => outcome !== 'not-asked');
  if (asked.some(({ outcome }) => outcome === 'broken')) return 'refuted';
  return asked.length === 0 || asked.some(({ outcome }) => outcome === 'unknown') ? 'undecided' : 'proven';
};
