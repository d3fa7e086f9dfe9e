import type { Environment, Manifest } from '#manifest';
import { lackingFlags, numericFlags, numpyChoice } from './cpu-levels.ts';
import type { EnvironmentHere } from './environment-here.ts';
import { type EnvironmentFinding, NOT_RECORDED, type CompareOptions } from './finding.ts';
import { libraryKey } from './library-key.ts';

type Pool = NonNullable<Environment['threadPools']>[number];

/** A choice that a numeric library made by the CPU: its kernel, its capability, its features. */
type Choice = {
  readonly about: string;
  readonly pointer: string;
  readonly recorded: string;
  readonly here: string | undefined;
  /** What the CPU here lacks for it. */ readonly lacks: readonly string[];
};

/** Compares the instruction set, and the kernels and capabilities that numeric libraries chose by it. */
export const compareDispatch = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => {
  const { environment } = manifest;
  const { machine } = here;
  const finding = (facts: Pick<EnvironmentFinding, 'severity' | 'state' | 'pointer' | 'about' | 'recorded' | 'here' | 'remedy'>): EnvironmentFinding => ({
    id: 'TL3003',
    ...facts,
  });
  if (environment.os?.architecture !== undefined && machine.os?.architecture !== undefined && environment.os.architecture !== machine.os.architecture)
    return [
      finding({
        severity: 'high',
        state: 'different',
        pointer: '/environment/os/architecture',
        about: 'architecture',
        recorded: environment.os.architecture,
        here: machine.os.architecture,
        remedy: moveRemedy(names),
      }),
    ];
  const chosen = choicesOf(manifest, here);
  const told = chosen.filter(({ recorded, here: now }) => now !== undefined && now !== recorded);
  const untold = chosen.filter(({ here: now }) => now === undefined);
  const flags = compareFlags(environment.cpu?.flags, machine.cpu?.flags);
  const findings = told.map(({ about, pointer, recorded, here: now, lacks }) =>
    finding({
      severity: 'medium',
      state: 'different',
      pointer,
      about,
      recorded,
      here: lacks.length === 0 ? now! : `${now}; the CPU here lacks ${lacks.join(', ')}`,
      remedy: lacks.length === 0 ? `trainlock exec --pin ${names.run} -- CMD` : moveRemedy(names),
    }),
  );
  // What a library chose cannot be asked here: equal instruction sets choose alike, others may not.
  if (flags.kind === 'same' || (chosen.length > 0 && untold.length === 0)) return findings;
  return [
    ...findings,
    finding({
      severity: 'medium',
      state: flags.kind === 'unknown' || untold.length > 0 ? 'unknown' : 'different',
      pointer: '/environment/cpu/flags',
      about: untold.length > 0 ? `instruction set, for ${untold.map(({ about }) => about).join(', ')}` : 'instruction set',
      recorded: flags.recorded,
      here: flags.here,
      remedy: flags.lacks ? moveRemedy(names) : `trainlock exec --pin ${names.run} -- CMD`,
    }),
  ];
};

/** Not to be mended in place: what another CPU does to the result must be seen and approved. */
const moveRemedy = ({ run }: CompareOptions): string => `use a machine with the recorded CPU, or trainlock replay ${run} here and have the outcome approved`;

type Flags = { readonly kind: 'same' | 'different' | 'unknown'; readonly recorded: string; readonly here: string; readonly lacks: boolean };

const compareFlags = (recorded: readonly string[] | undefined, here: readonly string[] | undefined): Flags => {
  if (recorded === undefined) return { kind: 'unknown', recorded: NOT_RECORDED, here: 'not compared', lacks: false };
  if (here === undefined) return { kind: 'unknown', recorded: 'recorded', here: 'it could not be asked', lacks: false };
  const [then, now] = [numericFlags(recorded), numericFlags(here)];
  const lacking = then.filter((flag) => !now.includes(flag));
  const more = now.filter((flag) => !then.includes(flag));
  if (lacking.length === 0 && more.length === 0) return { kind: 'same', recorded: '', here: '', lacks: false };
  const list = (flags: readonly string[]): string => (flags.length === 0 ? 'none of them' : flags.join(' '));
  return { kind: 'different', recorded: lacking.length > 0 ? list(lacking) : 'none of them', here: more.length > 0 ? list(more) : 'none of them', lacks: lacking.length > 0 };
};

const choicesOf = ({ environment }: Manifest, here: EnvironmentHere): readonly Choice[] => {
  const flags = here.machine.cpu?.flags ?? [];
  const lack = (library: 'openblas' | 'torch' | 'numpy', name: string): readonly string[] => lackingFlags({ library, name }, flags) ?? [];
  const torch = environment.runtime?.['torch.cpu_capability'];
  const numpy = numpyChoice(environment.runtime);
  const numpyHere = numpyChoice(here.runtime);
  return [
    ...kernelsOf(environment.threadPools ?? [], here.threadPools ?? []).map(({ pool, index, now }) => ({
      about: `${pool.api} kernel of ${poolName(pool)}`,
      pointer: `/environment/threadPools/${index}/kernel`,
      recorded: pool.kernel!,
      here: now?.kernel,
      lacks: pool.api === 'openblas' ? lack('openblas', pool.kernel!) : [],
    })),
    ...(torch === undefined
      ? []
      : [
          {
            about: 'CPU capability of PyTorch',
            pointer: '/environment/runtime/torch.cpu_capability',
            recorded: torch,
            here: here.runtime?.['torch.cpu_capability'],
            lacks: lack('torch', torch),
          },
        ]),
    ...(numpy === undefined
      ? []
      : [
          {
            about: 'CPU features of NumPy',
            pointer: '/environment/runtime/numpy.cpu_features',
            recorded: listed(numpy.had),
            here: numpyHere === undefined ? undefined : listed(numpyHere.had.filter((name) => numpy.choices.includes(name))),
            lacks: numpy.had.flatMap((name) => lack('numpy', name)).filter((flag, at, all) => all.indexOf(flag) === at),
          },
        ]),
  ];
};

const listed = (names: readonly string[]): string => (names.length === 0 ? 'its baseline' : names.toSorted().join(' '));

/** The name of the library of a pool. */
export const poolName = ({ path, api }: Pool): string => (path === undefined ? api : libraryKey(path));

type Kernel = { readonly pool: Pool; readonly index: number; readonly now: Pool | undefined };

/** Pools with a kernel, each library once: that of its first process. */
const kernelsOf = (recorded: readonly Pool[], here: readonly Pool[]): readonly Kernel[] => {
  const seen = new Set<string>();
  return recorded.flatMap((pool, index) => {
    const name = poolName(pool);
    if (pool.kernel === undefined || seen.has(name)) return [];
    seen.add(name);
    return [{ pool, index, now: poolLike(pool, here) }];
  });
};

/** The pool of the same library in another environment. */
export const poolLike = (pool: Pool, here: readonly Pool[]): Pool | undefined => here.find((one) => one.api === pool.api && poolName(one) === poolName(pool));
