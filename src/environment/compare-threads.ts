import type { Environment, Manifest } from '#manifest';
import { poolLike, poolName } from './compare-dispatch.ts';
import type { EnvironmentHere } from './environment-here.ts';
import { type EnvironmentFinding, NOT_SET, type CompareOptions } from './finding.ts';
import { DISPATCH_VARIABLES, NUMERIC_VARIABLES, THREADS_VARIABLE } from './numeric-variables.ts';
import { pinOf } from './pin-of.ts';

type Pool = NonNullable<Environment['threadPools']>[number];

/** Compares thread counts of numeric libraries, which library it is, and the variables that decide both. */
export const compareThreads = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => [
  ...comparePools(manifest, here, names),
  ...compareTorchThreads(manifest, here),
  ...compareVariables(manifest, here, names),
  ...comparePlace(manifest, here, names),
];

const comparePools = ({ environment }: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => {
  const seen = new Set<string>();
  return (environment.threadPools ?? []).flatMap((pool, index) => {
    const name = `${pool.api} ${poolName(pool)}`;
    if (seen.has(name)) return [];
    seen.add(name);
    return comparePool({ pool, now: poolLike(pool, here.threadPools ?? []), pointer: `/environment/threadPools/${index}`, names });
  });
};

type PoolPair = { readonly pool: Pool; readonly now: Pool | undefined; readonly pointer: string; readonly names: CompareOptions };

const comparePool = ({ pool, now, pointer, names }: PoolPair): readonly EnvironmentFinding[] => {
  const about = `${pool.api} of ${poolName(pool)}`;
  const pinned = `trainlock exec --pin ${names.run} -- CMD`;
  if (now === undefined)
    return [{ id: 'TL3004', severity: 'low', state: 'unknown', pointer, about, recorded: poolText(pool), here: 'no such library was loaded here', remedy: pinned }];
  const variable = THREADS_VARIABLE[pool.api];
  return [
    ...(pool.version === now.version && pool.configuration === now.configuration
      ? []
      : [
          {
            id: 'TL3002' as const,
            severity: 'medium' as const,
            state: 'different' as const,
            pointer: `${pointer}/version`,
            about,
            recorded: pool.configuration ?? pool.version ?? 'version not told',
            here: now.configuration ?? now.version ?? 'version not told',
            remedy: `trainlock env lock ${names.run} --format pip`,
          },
        ]
    ).filter(({ recorded, here }) => withoutKernel(recorded, pool) !== withoutKernel(here, now)),
    ...(pool.threads === now.threads
      ? []
      : [
          {
            id: 'TL3004' as const,
            severity: 'low' as const,
            state: 'different' as const,
            pointer: `${pointer}/threads`,
            about: `threads of ${about}`,
            recorded: String(pool.threads ?? 'not told'),
            here: String(now.threads ?? 'not told'),
            remedy: variable === undefined || pool.threads === undefined ? pinned : `${variable}=${pool.threads} CMD`,
          },
        ]),
  ];
};

const poolText = ({ version, threads }: Pool): string =>
  [version, threads === undefined ? undefined : `${threads} threads`].filter((part) => part !== undefined).join(', ') || 'loaded';

/** The kernel is another question, and OpenBLAS writes it into its configuration. */
const withoutKernel = (text: string, { kernel }: Pool): string => (kernel === undefined ? text : text.replace(` ${kernel} `, ' '));

const compareTorchThreads = ({ environment }: Manifest, here: EnvironmentHere): readonly EnvironmentFinding[] => {
  const recorded = environment.runtime?.['torch.num_threads'];
  const now = here.runtime?.['torch.num_threads'];
  if (recorded === undefined || recorded === now) return [];
  return [
    {
      id: 'TL3004',
      severity: 'low',
      state: now === undefined ? 'unknown' : 'different',
      pointer: '/environment/runtime/torch.num_threads',
      about: 'threads of PyTorch',
      recorded,
      here: now ?? 'it could not be asked',
      remedy: `OMP_NUM_THREADS=${/^[0-9]{1,5}$/.test(recorded) ? recorded : 'N'} CMD`,
    },
  ];
};

/** A variable that says what the run had without it (exec --pin) is no difference. */
const compareVariables = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => {
  const { environment } = manifest;
  const { cpu } = here.machine;
  const pinned = pinOf(manifest, cpu?.flags === undefined ? {} : { flags: cpu.flags }).set;
  const recorded = new Map(environment.variables.map((variable, index) => [variable.name, { variable, index }]));
  return NUMERIC_VARIABLES.flatMap((name): readonly EnvironmentFinding[] => {
    // A locale that is written otherwise may be the same one: comparePlace asks what holds.
    if (/^L[AC]|^TZ$/.test(name)) return [];
    const { variable, index } = recorded.get(name) ?? {};
    const then = variable === undefined ? undefined : variable.shown === 'value' ? variable.value : { kind: 'unknown' as const };
    const now = here.variable(name);
    if (typeof then !== 'object' && typeof now !== 'object' && (then === now || (then === undefined && now === pinned[name]))) return [];
    return [
      {
        id: DISPATCH_VARIABLES.has(name) ? 'TL3003' : 'TL3004',
        severity: DISPATCH_VARIABLES.has(name) ? 'medium' : 'low',
        state: typeof then === 'object' || typeof now === 'object' ? 'unknown' : 'different',
        pointer: index === undefined ? '/environment/variables' : `/environment/variables/${index}`,
        about: `variable ${name}`,
        recorded: typeof then === 'object' ? 'its value was not recorded' : (then ?? NOT_SET),
        here: typeof now === 'object' ? 'its value is not known' : (now ?? NOT_SET),
        remedy: `trainlock exec --pin ${names.run} -- CMD`,
      },
    ];
  });
};

const comparePlace = ({ environment }: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] =>
  (['locale', 'timeZone'] as const).flatMap((member): readonly EnvironmentFinding[] => {
    const [then, now] = [environment[member], here.machine[member]];
    if (then === undefined || then === now) return [];
    return [
      {
        id: 'TL3004',
        severity: 'low',
        state: now === undefined ? 'unknown' : 'different',
        pointer: `/environment/${member}`,
        about: member === 'locale' ? 'locale' : 'time zone',
        recorded: then,
        here: now ?? 'it could not be asked',
        remedy: `trainlock exec --pin ${names.run} -- CMD`,
      },
    ];
  });
