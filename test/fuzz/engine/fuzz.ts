import { concatBytes } from '#base';
import { keep, keptFor, MOST_KEPT } from './corpus.ts';
import { makeDice, seedOf } from './dice.ts';
import { mutate } from './mutate.ts';
import type { Target } from './target.ts';
import type { Watchdog } from './watchdog.ts';

export type Fault = { readonly what: string; readonly bytes: Uint8Array; readonly kept: string };

export type FuzzReport = {
  readonly target: string;
  readonly runs: number;
  /** Different things that the reader did. */
  readonly behaviours: number;
  readonly slowest: { readonly ms: number; readonly bytes: Uint8Array };
  readonly fault?: Fault;
};

export type FuzzOptions = {
  readonly seed: number;
  readonly forMs: number;
  readonly keepNew: boolean;
  /** Whether an input that shows a fault is written to the corpus. */ readonly keepFaults?: boolean;
  readonly watchdog?: Watchdog;
};

type Entry = { readonly bytes: Uint8Array; readonly isForeign: boolean };

const SLOW_MS = 2000;
/** Memory that one input of 64 KiB may take. Unit: byte. */
const MOST_MEMORY = 512 * 1024 * 1024;

type Outcome = { readonly behaviour: string; readonly ms: number } | { readonly fault: string };

const timed = async (target: Target, bytes: Uint8Array): Promise<Outcome> => {
  const before = process.memoryUsage.rss();
  const start = performance.now();
  try {
    const answer = target.run(bytes);
    const behaviour = typeof answer === 'string' ? answer : await answer;
    const ms = performance.now() - start;
    if (ms > 20 && process.memoryUsage.rss() - before > MOST_MEMORY) return { fault: `an input of ${bytes.length} bytes took more than 512 MiB` };
    return { behaviour, ms };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

/** Runs one input. A slow answer counts only if two more runs are slow too: the machine may have been busy. */
export const runOnce = async (target: Target, bytes: Uint8Array, watchdog?: Watchdog): Promise<Outcome> => {
  watchdog?.begin(target.name, bytes);
  const most = target.slowMs ?? SLOW_MS;
  let outcome = await timed(target, bytes);
  for (let again = 0; again < 2 && 'ms' in outcome && outcome.ms > most; again += 1) outcome = await timed(target, bytes);
  watchdog?.end();
  return 'ms' in outcome && outcome.ms > most ? { fault: `took ${Math.round(outcome.ms)} ms for ${bytes.length} bytes; at most ${most} are allowed` } : outcome;
};

const firstLine = (text: string): string => text.split('\n')[0]!;

/** A shorter input with the same fault: pieces are taken away as long as it stays. */
const shrunk = async (target: Target, bytes: Uint8Array, what: string): Promise<Uint8Array> => {
  const until = performance.now() + 5000;
  let best = bytes;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && performance.now() < until;) {
      const shorter = concatBytes(best.subarray(0, at), best.subarray(at + size));
      const outcome = await timed(target, shorter);
      if ('fault' in outcome && firstLine(outcome.fault) === firstLine(what)) best = shorter;
      else at += size;
    }
  }
  return best;
};

const faultOf = async (target: Target, bytes: Uint8Array, what: string, isKept: boolean): Promise<Fault> => {
  const smallest = what.startsWith('took ') ? bytes : await shrunk(target, bytes, what);
  return { what, bytes: smallest, kept: isKept ? keep(target.name, smallest) : 'nothing' };
};

/** Tries the kept inputs and the seeds, then makes new inputs of them until the time is over or a fault is found. Inputs that do something new are made further inputs of. */
export const fuzz = async (target: Target, { seed, forMs, keepNew, keepFaults = true, watchdog }: FuzzOptions): Promise<FuzzReport> => {
  const dice = makeDice(seedOf(target.name, seed));
  const pool: Entry[] = [];
  const seen = new Map<string, Entry>();
  const found: string[] = [];
  let runs = 0;
  let slowest: FuzzReport['slowest'] = { ms: 0, bytes: new Uint8Array(0) };
  const report = (fault?: Fault): FuzzReport => ({ target: target.name, runs, behaviours: seen.size, slowest, ...(fault === undefined ? {} : { fault }) });
  const attempt = async (entry: Entry, isSeed: boolean): Promise<Fault | undefined> => {
    const outcome = await runOnce(target, entry.bytes, watchdog);
    runs += 1;
    if ('fault' in outcome) return faultOf(target, entry.bytes, outcome.fault, keepFaults);
    if (outcome.ms > slowest.ms) slowest = { ms: outcome.ms, bytes: entry.bytes };
    const known = seen.get(outcome.behaviour);
    if (known === undefined && !isSeed) found.push(outcome.behaviour);
    if (isSeed || known === undefined) pool.push(entry);
    if (known === undefined || entry.bytes.length < known.bytes.length) seen.set(outcome.behaviour, entry);
    return undefined;
  };
  // A Buffer is no plain array of bytes to whoever compares.
  const own = [...(await target.seeds()), ...keptFor(target.name).map(({ bytes }) => bytes), new Uint8Array(0)].map((bytes) => Uint8Array.from(bytes));
  const seeds: readonly Entry[] = [...own.map((bytes) => ({ bytes, isForeign: false })), ...(target.foreign?.() ?? []).map((bytes) => ({ bytes, isForeign: true }))];
  for (const entry of seeds) {
    const fault = await attempt(entry, true);
    if (fault !== undefined) return report(fault);
  }
  for (const until = performance.now() + forMs; performance.now() < until;) {
    const [from, other] = [dice.pick(pool), dice.pick(pool)];
    const fault = await attempt({ bytes: mutate(from.bytes, target.grammar, dice, other.bytes), isForeign: from.isForeign || other.isForeign }, false);
    if (fault !== undefined) return report(fault);
  }
  if (keepNew) keepFound(target.name, found, seen);
  return report();
};

/** Most inputs that one run adds for a target. */
const MOST_NEW = 8;

const keepFound = (target: string, found: readonly string[], seen: ReadonlyMap<string, Entry>): void => {
  const small = found.map((behaviour) => seen.get(behaviour)!).filter(({ bytes, isForeign }) => !isForeign && bytes.length <= MOST_KEPT.one / 8);
  for (const { bytes } of small.slice(0, MOST_NEW)) keep(target, bytes);
};
