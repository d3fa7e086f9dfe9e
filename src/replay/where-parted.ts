import { canonicalJson, fromUtf8 } from '#base';
import type { DataSet, Manifest, Randomness } from '#manifest';

type State = Randomness['states'][number];
type Split = NonNullable<DataSet['splits']>[number];

/** The first thing by which two runs can be told apart, in the order of their processes and moments. */
export type Parting = {
  readonly kind: 'seeds' | 'split' | 'order' | 'draws' | 'processes' | 'scheduling';
  readonly process: string;
  /** One sentence. */
  readonly message: string;
};

/**
 * Where two runs of one program part, from seeds, cuts, orders and states of generators. Empty if nothing that was seen differs: then
 * they part in arithmetic, or in something that no hook sees.
 */
export const whereParted = (recorded: Manifest, replayed: Manifest): readonly Parting[] => {
  const scheduling = differentSchedule(recorded, replayed);
  const found = [...partedProcesses(recorded, replayed), ...partedSeeds(recorded, replayed), ...partedSplits(recorded, replayed), ...partedStates(recorded, replayed)];
  return scheduling === undefined ? found : [scheduling, ...found];
};

const partedProcesses = (recorded: Manifest, replayed: Manifest): readonly Parting[] => {
  const [left, right] = [recorded, replayed].map((manifest) => manifest.processes.filter((process) => process.hooks === 'active').map((process) => process.id));
  const missing = left!.filter((id) => !right!.includes(id));
  const more = right!.filter((id) => !left!.includes(id));
  if (missing.length === 0 && more.length === 0) return [];
  const told = [
    ...(missing.length === 0 ? [] : [`not started again: ${missing.slice(0, 5).join(', ')}`]),
    ...(more.length === 0 ? [] : [`only in the replay: ${more.slice(0, 5).join(', ')}`]),
  ];
  return [{ kind: 'processes', process: [...missing, ...more].sort()[0]!, message: `other processes (${told.join('; ')})` }];
};

/** Generators whose seed or way of seeding is another. Seeds drawn from the root are withheld; equal roots make them equal. */
const partedSeeds = (recorded: Manifest, replayed: Manifest): readonly Parting[] => {
  const key = (one: Randomness['generators'][number]): string => JSON.stringify([one.library, one.api, one.process, one.site?.file, one.site?.function, one.site?.ordinal]);
  const others = new Map(replayed.randomness.generators.map((one) => [key(one), one]));
  for (const one of byProcess(recorded.randomness.generators)) {
    const other = others.get(key(one));
    if (other === undefined) continue;
    if (textOf(one.seed) === textOf(other.seed) && one.how === other.how) continue;
    const place = one.site === undefined ? '' : ` in ${one.site.file}${one.site.line === undefined ? '' : `:${one.site.line}`}`;
    return [{ kind: 'seeds', process: one.process, message: `${one.api}${place} was given another seed (process ${one.process})` }];
  }
  return [];
};

const partedSplits = (recorded: Manifest, replayed: Manifest): readonly Parting[] => {
  const splits = (manifest: Manifest): readonly Split[] => manifest.data.flatMap((set) => set.splits ?? []);
  const key = (split: Split): string => JSON.stringify([split.process, split.method, split.ordinal]);
  const others = new Map(splits(replayed).map((split) => [key(split), split]));
  for (const split of splits(recorded)) {
    const other = others.get(key(split));
    if (other === undefined || textOf(split.parts) === textOf(other.parts)) continue;
    const members = JSON.stringify(split.parts.map((part) => part.membershipSha256)) === JSON.stringify(other.parts.map((part) => part.membershipSha256));
    const process = split.process ?? '0';
    return [
      {
        kind: members ? 'order' : 'split',
        process,
        message: `${split.method} number ${split.ordinal ?? 0} gave ${members ? 'the same rows in another order' : 'other rows'} (process ${process})`,
      },
    ];
  }
  return [];
};

const partedStates = (recorded: Manifest, replayed: Manifest): readonly Parting[] => {
  const key = (state: State): string => JSON.stringify([state.library, state.process, state.at, state.ordinal ?? 0]);
  const others = new Map(replayed.randomness.states.map((state) => [key(state), state]));
  const found: Parting[] = [];
  for (const state of [...recorded.randomness.states].sort(inTime)) {
    const other = others.get(key(state));
    if (other === undefined || other.sha256 === state.sha256 || found.some((parting) => parting.process === state.process)) continue;
    found.push({
      kind: 'draws',
      process: state.process,
      message: `the generator of ${state.library} stands elsewhere ${momentText(state)} (process ${state.process}): other seeds, or another number of draws before`,
    });
  }
  return found.slice(0, 5);
};

const MOMENTS: readonly State['at'][] = ['start', 'epoch', 'checkpoint', 'mark', 'end'];

const inTime = (a: State, b: State): number => compareIds(a.process, b.process) || MOMENTS.indexOf(a.at) - MOMENTS.indexOf(b.at) || (a.ordinal ?? 0) - (b.ordinal ?? 0);

const momentText = (state: State): string => (state.at === 'start' || state.at === 'end' ? `at the ${state.at}` : `at ${state.at} ${state.ordinal ?? 0}`);

/** The order of keys says nothing: one manifest was read from its canonical bytes, the other was just made. */
const textOf = (value: unknown): string => (value === undefined ? '' : (fromUtf8(canonicalJson(value)) ?? ''));

/** Ids are paths in the tree of processes: 0.2 comes before 0.10. */
const compareIds = (a: string, b: string): number => {
  const [left, right] = [a, b].map((id) => id.split('.').map(Number));
  for (let index = 0; index < Math.max(left!.length, right!.length); index += 1) {
    const difference = (left![index] ?? -1) - (right![index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
};

const byProcess = <T extends { readonly process: string }>(items: readonly T[]): readonly T[] => [...items].sort((a, b) => compareIds(a.process, b.process));

/**
 * Workers of a pool that drew the same set of states at their ends, but in other processes: which worker took which task is up to the
 * scheduler, and no seed can repeat that.
 */
const differentSchedule = (recorded: Manifest, replayed: Manifest): Parting | undefined => {
  const ends = (manifest: Manifest): readonly State[] => manifest.randomness.states.filter((state) => state.at === 'end' && state.process !== '0');
  const [left, right] = [ends(recorded), ends(replayed)];
  if (left.length < 2 || left.length !== right.length) return undefined;
  const starts = (manifest: Manifest): string =>
    JSON.stringify(
      manifest.randomness.states
        .filter((state) => state.at === 'start')
        .map((state) => `${state.process} ${state.library} ${state.sha256}`)
        .sort(),
    );
  const generators = (manifest: Manifest): string => JSON.stringify(manifest.randomness.generators.map((one) => textOf([one.process, one.api, one.how, one.seed ?? null])).sort());
  if (starts(recorded) !== starts(replayed) || generators(recorded) !== generators(replayed)) return undefined;
  const moved = left.filter((state) => right.find((other) => other.process === state.process && other.library === state.library)?.sha256 !== state.sha256);
  if (moved.length < 2) return undefined;
  return {
    kind: 'scheduling',
    process: moved[0]!.process,
    message: `workers were seeded the same, but ${moved.length} of them drew other amounts: the scheduler gave the tasks to other workers`,
  };
};
