import { withoutUndefined, type Redactor } from '#base';
import type { Logs } from '#manifest';
import type { PathNames } from './path-names.ts';
import { cutText, eventsOf, type ProcessEvents } from './read-events.ts';

type Warning = NonNullable<Logs['warnings']>[number];

/** Warnings of all processes, repetitions counted, deprecations apart. */
export const warningsOf = (
  logs: readonly ProcessEvents[],
  redactor: Redactor,
  names: PathNames,
): { readonly warnings: readonly Warning[]; readonly deprecations: readonly Warning[] } => {
  const counted = new Map<string, { warning: Warning; deprecation: boolean }>();
  for (const event of logs.flatMap((log) => eventsOf(log.events, 'warning'))) {
    const message = cutText(redactor.redact(event.message).text, 8192);
    const key = JSON.stringify([event.category, message, event.file, event.line]);
    const before = counted.get(key);
    const site = event.file === undefined ? undefined : withoutUndefined({ file: names.nameOf(event.file), line: event.line });
    const warning = withoutUndefined({ category: event.category, message, count: (before?.warning.count ?? 0) + 1, site });
    counted.set(key, { warning, deprecation: event.deprecation === true || /Deprecat|FutureWarning/.test(event.category) });
  }
  const all = [...counted.values()].slice(0, 10_000);
  return { warnings: all.filter((one) => !one.deprecation).map((one) => one.warning), deprecations: all.filter((one) => one.deprecation).map((one) => one.warning) };
};
