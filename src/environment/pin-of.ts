import type { Manifest } from '#manifest';
import { highestIsa, lackingFlags, numericFlags, numpyChoice } from './cpu-levels.ts';
import { isPlainSetting, NUMERIC_VARIABLES, THREADS_VARIABLE } from './numeric-variables.ts';

/** What a program must be told so that it computes as a run did. */
export type Pin = {
  /** Variables to set, in the order in which they are told. */
  readonly set: Readonly<Record<string, string>>;
  /** Variables of numeric libraries that the run did not have: they are taken away. */
  readonly unset: readonly string[];
  /** Why the machine here cannot compute as the run did; with any of these nothing must be started. */
  readonly refusals: readonly string[];
  /** What could not be pinned. */
  readonly notes: readonly string[];
};

/** The machine on which the program is started. */
export type PinHere = { readonly architecture?: string; readonly flags?: readonly string[]; readonly cpus?: number };

/**
 * The pin of a run for a machine: variables as recorded, thread counts as the libraries had them, and the kernels that they chose. Values
 * that are nothing but settings are taken; the record cannot name files or libraries.
 */
export const pinOf = (manifest: Manifest, here: PinHere): Pin => {
  const notes: string[] = [];
  const recorded = recordedVariables(manifest, notes);
  const set: Settings = { ...threadsOf(manifest, recorded, notes), ...dispatchOf(manifest, here, notes), ...placeOf(manifest), ...hashSeedOf(manifest), ...recorded };
  const refusals = [...architectureRefusals(manifest, here), ...levelRefusals(manifest, here, set)];
  const known = new Set(manifest.environment.variables.map(({ name }) => name));
  const most = Math.max(0, ...(manifest.environment.threadPools ?? []).map(({ threads = 0 }) => threads));
  if (here.cpus !== undefined && most > here.cpus) notes.push(`${most} threads were recorded, and there are ${here.cpus} CPUs here: some libraries take fewer`);
  return {
    set: Object.fromEntries(NUMERIC_VARIABLES.flatMap((name) => (set[name] === undefined ? [] : [[name, set[name]]]))),
    unset: NUMERIC_VARIABLES.filter((name) => set[name] === undefined && !known.has(name)),
    refusals,
    notes,
  };
};

type Settings = Readonly<Record<string, string>>;

const recordedVariables = ({ environment }: Manifest, notes: string[]): Settings =>
  Object.fromEntries(
    environment.variables.flatMap(({ name, shown, value }) => {
      if (!NUMERIC_VARIABLES.includes(name)) return [];
      if (shown === 'value' && value !== undefined && isPlainSetting(name, value)) return [[name, value]];
      notes.push(`${name} is left as it is: ${shown === 'value' ? 'what was recorded is no setting' : 'its value was not recorded'}`);
      return [];
    }),
  );

/** Thread counts that the libraries had, where no variable says them. Libraries of one kind that disagree cannot be told so by a variable. */
const threadsOf = ({ environment }: Manifest, recorded: Settings, notes: string[]): Settings =>
  Object.fromEntries(
    Object.entries(THREADS_VARIABLE).flatMap(([api, name]) => {
      const counts = unique((environment.threadPools ?? []).flatMap((pool) => (pool.api === api && pool.threads !== undefined && pool.threads > 0 ? [pool.threads] : [])));
      if (counts.length > 1 && recorded[name] === undefined) notes.push(`${name} is not set: libraries had ${counts.join(' and ')} threads`);
      return counts.length === 1 ? [[name, String(counts[0])]] : [];
    }),
  );

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const kernelsOf = ({ environment }: Manifest): readonly string[] =>
  unique((environment.threadPools ?? []).flatMap(({ api, kernel }) => (api === 'openblas' && kernel !== undefined && /^[A-Za-z0-9_]{1,40}$/.test(kernel) ? [kernel] : [])));

const torchLevel = ({ environment }: Manifest): string | undefined => environment.runtime?.['torch.cpu_capability'];

/** What libraries choose by the CPU, so that another CPU makes the same choice. */
const dispatchOf = (manifest: Manifest, { flags = [] }: PinHere, notes: string[]): Settings => {
  const { environment, dependencies } = manifest;
  const kernels = kernelsOf(manifest);
  const torch = torchLevel(manifest)?.toLowerCase();
  const numpy = numpyChoice(environment.runtime);
  const then = environment.cpu?.flags;
  const isa = then === undefined ? undefined : highestIsa(then);
  const isOther = isa !== undefined && isa.onednn !== highestIsa(flags)?.onednn;
  const usesOnednn = dependencies.distributions.some(({ name, imported }) => imported === true && /^(?:torch|tensorflow|jax)/.test(name));
  const usesMkl = (environment.threadPools ?? []).some(({ api }) => api === 'mkl');
  // A feature that the CPU here does not have cannot be chosen, and naming it would only warn.
  const off = numpy?.choices.filter((name) => !numpy.had.includes(name) && /^[A-Z0-9_]{1,40}$/.test(name) && lackingFlags({ library: 'numpy', name }, flags)?.length === 0) ?? [];
  if (kernels.length > 1) notes.push(`OPENBLAS_CORETYPE is not set: libraries had the kernels ${kernels.join(' and ')}`);
  return {
    ...(kernels.length === 1 ? { OPENBLAS_CORETYPE: kernels[0]! } : {}),
    ...(torch === undefined ? {} : torch === 'no avx' ? { ATEN_CPU_CAPABILITY: 'default' } : /^[a-z0-9_]{1,40}$/.test(torch) ? { ATEN_CPU_CAPABILITY: torch } : {}),
    ...(off.length === 0 || environment.variables.some(({ name }) => name === 'NPY_ENABLE_CPU_FEATURES') ? {} : { NPY_DISABLE_CPU_FEATURES: off.join(' ') }),
    ...(isOther && usesOnednn ? { ONEDNN_MAX_CPU_ISA: isa.onednn } : {}),
    ...(isOther && usesMkl ? { MKL_ENABLE_INSTRUCTIONS: isa.mkl } : {}),
  };
};

/** A locale as the recorder found it: the variable that was set is among the recorded ones already. */
const placeOf = ({ environment: { timeZone } }: Manifest): Settings =>
  timeZone === undefined || !isPlainSetting('TZ', timeZone) || !/^[A-Za-z0-9_+/-]+$/.test(timeZone) ? {} : { TZ: timeZone };

const hashSeedOf = ({ randomness: { hashSeed } }: Manifest): Settings =>
  hashSeed.value !== undefined && /^(?:[0-9]{1,10}|random)$/.test(hashSeed.value) ? { PYTHONHASHSEED: hashSeed.value } : {};

const architectureRefusals = ({ environment: { os } }: Manifest, { architecture }: PinHere): readonly string[] =>
  os?.architecture === undefined || architecture === undefined || os.architecture === architecture ? [] : [`the run was on ${os.architecture}, this machine is ${architecture}`];

const namesIn = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);

/** Levels that were chosen and that the CPU here does not have, or of which nobody knows what they need. */
const levelRefusals = (manifest: Manifest, here: PinHere, set: Settings): readonly string[] => {
  const { environment } = manifest;
  const then = environment.cpu?.flags;
  const hasAll = then !== undefined && here.flags !== undefined && numericFlags(then).every((flag) => here.flags!.includes(flag));
  if (hasAll) return [];
  const levels = [
    ...unique([...kernelsOf(manifest), ...namesIn(set['OPENBLAS_CORETYPE'])]).map((name) => ({ library: 'openblas' as const, name, text: `kernel ${name} of OpenBLAS` })),
    ...unique([...namesIn(torchLevel(manifest)?.toLowerCase()), ...namesIn(set['ATEN_CPU_CAPABILITY'])]).map((name) => ({
      library: 'torch' as const,
      name,
      text: `capability ${name} of PyTorch`,
    })),
    ...(numpyChoice(environment.runtime)?.had ?? []).map((name) => ({ library: 'numpy' as const, name, text: `feature ${name} of NumPy` })),
  ];
  if (levels.length > 0 && here.flags === undefined) return ['this machine does not tell what its CPU can do'];
  return levels.flatMap(({ library, name, text }) => {
    const lacking = lackingFlags({ library, name }, here.flags ?? []);
    return lacking === undefined
      ? [`nobody knows here what ${text} needs, and this CPU is another one`]
      : lacking.length === 0
        ? []
        : [`the CPU here lacks ${lacking.join(', ')} for ${text}`];
  });
};
