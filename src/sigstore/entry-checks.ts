import { type Bundle, isWithin, type TrustedLog } from '#seal';
import { bundleCheck } from './bundle-check.ts';
import type { BundlePorts, BundleQuestion } from './bundle-question.ts';
import type { BundleCheck, BundleTime } from './bundle-verdict.ts';
import { checkLogEntry } from './check-log-entry.ts';
import { entryProblem } from './entry-body.ts';
import type { LoggedContent } from './logged-content.ts';

/** An entry that a log of the trusted root has, about exactly this signature. */
export type HeldEntry = { readonly log: TrustedLog; readonly time?: BundleTime };
export type LoggedEntries = { readonly checks: readonly BundleCheck[]; readonly entries: readonly HeldEntry[]; readonly unknown: readonly string[] };

/** Entries that hold, and a broken check for each that does not. */
export const entryChecks = (bundle: Bundle, content: LoggedContent, { trustedRoot }: BundleQuestion, ports: BundlePorts): LoggedEntries => {
  const checks: BundleCheck[] = [];
  const entries: HeldEntry[] = [];
  const unknown: string[] = [];
  for (const entry of bundle.logEntries) {
    const found = checkLogEntry(entry, bundle.version, trustedRoot, ports);
    if (found.kind === 'unknown') {
      unknown.push(found.because);
      continue;
    }
    const problem = found.kind === 'refused' ? found.because : entryProblem(entry.body, entry.kind, content);
    if (problem !== undefined) checks.push(bundleCheck('log', 'broken', problem));
    else if (found.kind === 'held') entries.push(found);
  }
  return { checks, entries, unknown };
};

/** A log that states no time of its own counts at the times that others prove; one that counts without an end needs none. */
export const logCounts = ({ log, time }: HeldEntry, times: readonly BundleTime[]): boolean =>
  time !== undefined || (times.length === 0 ? log.window.until === undefined : times.some(({ atMs }) => isWithin(log.window, atMs)));

/** Names of distinct logs: those of one operator are one. */
export const distinctLogs = (logs: readonly TrustedLog[]): readonly string[] => [...new Set(logs.map(({ name, operator }) => operator ?? name))];
