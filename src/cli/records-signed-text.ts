import { countOf, escapeControl } from '#base';
import type { SignedRuns } from '#flows/sign-runs';

type Signed = Pick<SignedRuns, 'leftOut' | 'logged'> & {
  readonly runs: readonly { readonly id: string }[];
  /** Only told what would be signed. */
  readonly isDryRun: boolean;
  /** What is said of each record that was signed. */
  readonly lines: readonly string[];
};

const short = (id: string): string => id.slice(0, 8);

/** What became of the records that were to be signed, of those that nobody named and others may have written, and of the leaves. */
export const recordsSignedText = ({ runs, leftOut, logged, isDryRun, lines }: Signed): readonly string[] => [
  ...(runs.length === 0 && leftOut.length === 0 ? ['every finished record is signed'] : []),
  ...(isDryRun && runs.length > 0 ? [`${countOf(runs.length, 'record')} would be signed: ${runs.map(({ id }) => short(id)).join(', ')}`] : []),
  ...(isDryRun ? [] : lines),
  ...(leftOut.length === 0
    ? []
    : [
        `not signed: ${countOf(leftOut.length, 'record')} of runs that were not started by this user on this machine, or whose start was changed since`,
        `  fix: trainlock sign ${leftOut.map(short).join(' ')}   # if you vouch for them`,
      ]),
  ...(logged?.kind === 'entered' ? [`logged in ${escapeControl(logged.origin)}, which has ${countOf(logged.size, 'leaf', 'leaves')} now`] : []),
  ...(logged?.kind === 'waiting' ? [`not logged yet: ${escapeControl(logged.because)}\n  fix: ${logged.fix ?? 'trainlock log enter'}`] : []),
];
