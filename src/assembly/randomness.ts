import { withoutUndefined } from '#base';
import type { Randomness, Site } from '#manifest';
import type { Seed as SeedEvent, SeedValue, Site as EventSite } from './generated/event-types.ts';
import type { PathNames } from './path-names.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import type { StartFacts } from './start-facts.ts';
import { processOf } from './traced-files.ts';

type Generator = Randomness['generators'][number];
type State = Randomness['states'][number];

/** What was seen of randomness, with seeds drawn from the root withheld: they would tell about the root only what replay needs anyway, but a manifest is public. */
export const randomness = (logs: readonly ProcessEvents[], start: StartFacts, names: PathNames): Randomness => {
  const generators = logs.flatMap((log) => generatorsOf(log, names));
  const unseeded = generators.filter((one) => one.how === 'owned' || one.how === 'unseeded' || one.how === 'tape');
  const own = sites(unseeded.filter((one) => !isInPackage(one)));
  const repeatable = sites(unseeded.filter((one) => !isInPackage(one) && one.how !== 'unseeded'));
  const privacy = logs.flatMap((log) => eventsOf(log.events, 'privacy')).at(0)?.library;
  return withoutUndefined({
    mode: logs.length === 0 ? ('off' as const) : start.modes.entropy,
    root: start.rootCommitment === undefined ? undefined : { commitment: start.rootCommitment, derivation: 'trainlock-seed-v1' as const },
    hashSeed: withoutUndefined(start.hashSeed),
    unseededCount: own.size,
    packageUnseededCount: sites(unseeded.filter(isInPackage)).size,
    repeatableCount: repeatable.size,
    generators,
    states: logs.flatMap(statesOf),
    tape: logs.flatMap((log) => tapeOf(log, names)),
    why: start.config.seeds?.why,
    procedure: start.config.seeds?.procedure,
    differentialPrivacy: privacy,
  });
};

/** Distinct places: the same line run by ten workers is one place in the code. */
const sites = (generators: readonly Generator[]): ReadonlySet<string> =>
  new Set(generators.map((one) => `${one.api} ${one.site?.file ?? ''} ${one.site?.function ?? ''} ${one.site?.line ?? ''}`));

const isInPackage = (generator: Generator): boolean => /\/(site|dist)-packages\//.test(generator.site?.file ?? '');

/** Repeated calls from one place are told on a later line with a higher count; the last line of a place stands for all. */
const generatorsOf = (log: ProcessEvents, names: PathNames): readonly Generator[] => {
  const byPlace = new Map<string, Generator>();
  const rank = eventsOf(log.events, 'start')[0]?.rank;
  for (const event of eventsOf(log.events, 'seed')) {
    const generator = withoutUndefined({
      library: event.library,
      api: event.api,
      how: event.how,
      seed: seedOf(event),
      site: siteOf(event.site, names),
      process: processOf(log),
      rank,
      calls: event.calls,
    });
    byPlace.set(JSON.stringify([event.api, event.how, event.site, event.calls === undefined ? event.seed : '']), generator);
  }
  // calls 0: a global generator that stood ready and was never drawn from.
  return [...byPlace.values()].filter((generator) => generator.calls !== 0);
};

const seedOf = (event: SeedEvent): Generator['seed'] => (event.how === 'owned' ? { kind: 'withheld', reason: 'derived from the root' } : manifestSeed(event.seed));

/** The seed of an event as the manifest says it; a form that is not known is withheld. */
const manifestSeed = (seed: SeedValue): Generator['seed'] => {
  const { kind, value } = seed;
  switch (kind) {
    case 'absent':
      return { kind };
    case 'withheld':
      return { kind, reason: seed.reason ?? 'not told' };
    case 'ints':
      return Array.isArray(value) && value.every(isInteger) ? { kind, value: value as readonly string[] } : { kind: 'withheld', reason: 'not readable' };
    case 'int':
      return typeof value === 'string' && isInteger(value) ? { kind, value } : { kind: 'withheld', reason: 'not readable' };
    case 'float':
      return typeof value === 'string' && /^(NaN|-?Infinity|-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)$/.test(value) ? { kind, value } : { kind: 'withheld', reason: 'not readable' };
    case 'text':
    case 'bytes':
      return typeof value === 'string' ? { kind, value } : { kind: 'withheld', reason: 'not readable' };
  }
};

const isInteger = (text: unknown): boolean => typeof text === 'string' && /^-?[0-9]{1,5000}$/.test(text);

export const siteOf = (site: EventSite | undefined, names: PathNames): Site | undefined => (site === undefined ? undefined : { ...site, file: names.nameOf(site.file) });

const statesOf = (log: ProcessEvents): readonly State[] => {
  const rank = eventsOf(log.events, 'start')[0]?.rank;
  return eventsOf(log.events, 'state').map((event) =>
    withoutUndefined({ library: event.library, process: processOf(log), rank, at: event.at, ordinal: event.ordinal, sha256: event.sha256 }),
  );
};

const tapeOf = (log: ProcessEvents, names: PathNames): Randomness['tape'] =>
  eventsOf(log.events, 'seed')
    .filter((event) => event.how === 'tape')
    .map((event) => withoutUndefined({ api: event.api, process: processOf(log), site: siteOf(event.site, names), seed: manifestSeed(event.seed) }));
