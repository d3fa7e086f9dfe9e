import { type Crypto, toHex, utf8, withoutUndefined } from '#base';
import type { Distributed } from '#manifest';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import { processOf } from './traced-files.ts';

/** The ranks of a distributed run, or undefined if it had none. Only processes with a rank of their own count, not their helpers. */
export const distributed = (logs: readonly ProcessEvents[], host: string | undefined, crypto: Crypto): Distributed | undefined => {
  const ranked = logs.flatMap((log) => {
    const start = eventsOf(log.events, 'start')[0];
    return start?.rank === undefined || start.how === 'fork' ? [] : [{ log, start, rank: start.rank }];
  });
  if (ranked.length === 0) return undefined;
  const first = firstOfEachRank(ranked);
  const ranks = first.map(({ log, start, rank }) =>
    withoutUndefined({ rank, localRank: start.localRank, process: processOf(log), host, environmentSha256: toHex(crypto.sha256(utf8(environmentText(log)))) }),
  );
  const worldSize = Math.max(...ranked.map(({ start }) => start.worldSize ?? 0), ranks.length);
  return withoutUndefined({ worldSize, launcher: ranked[0]!.start.launcher, ranks, disagreements: disagreements(first, worldSize) });
};

type Ranked = { readonly log: ProcessEvents; readonly start: Extract<ProcessEvents['events'][number], { kind: 'start' }>; readonly rank: number };

/** A rank may start helpers that inherit its variables; the process nearest to the launcher stands for the rank. */
const firstOfEachRank = (ranked: readonly Ranked[]): readonly Ranked[] => {
  const byRank = new Map<number, Ranked>();
  for (const one of ranked.toSorted((a, b) => a.start.process.split('.').length - b.start.process.split('.').length || a.start.timeUs - b.start.timeUs))
    if (!byRank.has(one.rank)) byRank.set(one.rank, one);
  return [...byRank.values()].sort((a, b) => a.rank - b.rank);
};

const environmentFacts = (log: ProcessEvents): Readonly<Record<string, string>> => {
  const start = eventsOf(log.events, 'start')[0]!;
  return {
    interpreter: `${start.executable} ${start.pythonVersion}`,
    ...Object.fromEntries(eventsOf(log.events, 'library').map((event) => [`library ${event.name}`, event.version])),
    ...eventsOf(log.events, 'runtime').at(-1)?.settings,
  };
};

const environmentText = (log: ProcessEvents): string =>
  JSON.stringify(
    Object.entries(environmentFacts(log))
      .map((fact) => JSON.stringify(fact))
      .sort(),
  );

const disagreements = (ranks: readonly Ranked[], worldSize: number): readonly string[] => {
  const found = ranks.length < worldSize ? [`${worldSize} ranks were announced, ${ranks.length} were seen`] : [];
  const [first, ...others] = ranks;
  if (first === undefined) return found;
  const expected = environmentFacts(first.log);
  for (const other of others) {
    for (const [name, value] of Object.entries(environmentFacts(other.log))) {
      if (expected[name] !== value) found.push(`${name}: rank ${first.rank} has ${expected[name] ?? 'nothing'}, rank ${other.rank} has ${value}`);
    }
  }
  return found.slice(0, 1000);
};
