import { withoutUndefined } from '#base';
import type { DataSet } from '#manifest';
import type { PathNames } from './path-names.ts';
import { siteOf } from './randomness.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import { processOf } from './traced-files.ts';

type Split = NonNullable<DataSet['splits']>[number];

/** Name of the data set that stands for what the program cut in memory. */
const IN_MEMORY = 'in memory';

/** Cuts that were seen in memory; which stored data they cut is not known, so they stand in a data set of their own. */
export const memoryData = (logs: readonly ProcessEvents[], names: PathNames): readonly DataSet[] => {
  const splits = logs.flatMap((log) => [...cutsOf(log, names), ...ordersOf(log, names), ...declaredOf(log, names)]);
  return splits.length === 0 ? [] : [{ name: IN_MEMORY, role: 'unknown', origin: { kind: 'memory' }, splits: splits.slice(0, 10_000) }];
};

const cutsOf = (log: ProcessEvents, names: PathNames): readonly Split[] =>
  eventsOf(log.events, 'split').map((event) =>
    withoutUndefined({
      method: event.method,
      ordinal: event.ordinal,
      process: processOf(log),
      site: siteOf(event.site, names),
      settings: event.settings,
      total: event.total,
      parts: event.parts,
      overlapCount: event.overlapCount,
    }),
  );

const ordersOf = (log: ProcessEvents, names: PathNames): readonly Split[] =>
  eventsOf(log.events, 'order').map((event) =>
    withoutUndefined({
      method: event.method,
      ordinal: event.ordinal,
      process: processOf(log),
      site: siteOf(event.site, names),
      parts: [
        withoutUndefined({
          name: event.complete === false ? 'epoch (not finished)' : 'epoch',
          count: event.count,
          orderSha256: event.orderSha256,
          membershipSha256: event.membershipSha256,
        }),
      ],
    }),
  );

const declaredOf = (log: ProcessEvents, names: PathNames): readonly Split[] =>
  eventsOf(log.events, 'declare')
    .filter((event) => event.what === 'split')
    .map((event, index) =>
      withoutUndefined({
        method: 'trainlock.split',
        ordinal: index,
        process: processOf(log),
        site: siteOf(event.site, names),
        parts: [withoutUndefined({ name: event.name, count: event.count ?? 0, membershipSha256: event.sha256 })],
      }),
    );
