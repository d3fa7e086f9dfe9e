import type { Environment } from '#manifest';
import type { Host } from './host.ts';

type Cpu = NonNullable<Environment['cpu']>;

/** The processor as the run saw it; undefined if the system does not tell. `affinity` comes from the status of the process. */
export const probeCpu = async (host: Host, affinity: string | undefined): Promise<Cpu | undefined> => {
  const text = await host.readText('/proc/cpuinfo', 16 * 1024 * 1024);
  const cpu = text === undefined ? undefined : readCpuInfo(text);
  if (cpu === undefined) return undefined;
  const [governor, nodes, topology] = await Promise.all([
    host.readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 64),
    host.list('/sys/devices/system/node'),
    topologyOf(host, cpu),
  ]);
  const numa = nodes?.filter((name) => /^node[0-9]+$/.test(name)).length;
  return {
    ...cpu,
    ...topology,
    ...(numa === undefined || numa === 0 ? {} : { numaNodeCount: numa }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(governor === undefined || governor.trim() === '' ? {} : { governor: governor.trim() }),
  };
};

/** Reads /proc/cpuinfo of x86, ARM, POWER and S/390: one block per CPU, names and values apart by a colon. */
const readCpuInfo = (text: string): Cpu | undefined => {
  const blocks = text
    .split(/\n\s*\n/)
    .map(readBlock)
    .filter((block) => block.size > 0);
  const cpus = blocks.filter((block) => block.has('processor'));
  const first = cpus[0] ?? blocks[0];
  if (first === undefined) return undefined;
  const value = (...names: readonly string[]): string | undefined =>
    names
      .map((name) => first.get(name) ?? blocks.at(-1)?.get(name))
      .find((one) => one !== undefined && one !== '')
      ?.slice(0, 1024);
  const model = value('model name', 'cpu', 'Processor', 'Hardware') ?? armModel(first);
  if (model === undefined) return undefined;
  const family = [value('cpu family', 'CPU architecture'), value('model', 'CPU part'), value('stepping', 'CPU revision')];
  const flags = value('flags', 'Features', 'isa');
  const cores = new Set(cpus.flatMap((cpu) => (cpu.has('core id') ? [`${cpu.get('physical id') ?? '0'}:${cpu.get('core id')}`] : [])));
  const sockets = new Set(cpus.flatMap((cpu) => (cpu.has('physical id') ? [cpu.get('physical id')!] : [])));
  const vendor = value('vendor_id', 'CPU implementer');
  const microcode = value('microcode');
  const flagList = (first.get('flags') ?? first.get('Features') ?? '')
    .split(/\s+/)
    .filter((flag) => flag !== '')
    .slice(0, 1000);
  return {
    model,
    ...(vendor === undefined ? {} : { vendor }),
    ...(family.every((part) => part === undefined) ? {} : { family: family.map((part) => part ?? '?').join('/') }),
    ...(microcode === undefined ? {} : { microcode }),
    ...(flags === undefined ? {} : { flags: flagList.length > 0 ? flagList.sort() : flags.split(/\s+/) }),
    ...(cpus.length === 0 ? {} : { logicalCount: cpus.length }),
    ...(cores.size === 0 ? {} : { coreCount: cores.size }),
    ...(sockets.size === 0 ? {} : { socketCount: sockets.size }),
  };
};

const readBlock = (block: string): ReadonlyMap<string, string> =>
  new Map(
    block.split('\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon === -1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
    }),
  );

/** ARM kernels give numbers instead of a name. */
const armModel = (block: ReadonlyMap<string, string>): string | undefined => {
  const implementer = block.get('CPU implementer');
  return implementer === undefined ? undefined : `ARM implementer ${implementer} part ${block.get('CPU part') ?? '?'}`;
};

/** Cores and sockets from /sys, where cpuinfo has none (ARM). */
const topologyOf = async (host: Host, cpu: Cpu): Promise<Pick<Cpu, 'coreCount' | 'socketCount'>> => {
  if (cpu.coreCount !== undefined || cpu.logicalCount === undefined) return {};
  const places = await Promise.all(
    Array.from({ length: Math.min(cpu.logicalCount, 4096) }, async (_, index) => {
      const folder = `/sys/devices/system/cpu/cpu${index}/topology`;
      return [(await host.readText(`${folder}/physical_package_id`, 64))?.trim(), (await host.readText(`${folder}/core_id`, 64))?.trim()] as const;
    }),
  );
  const known = places.filter(([socket, core]) => socket !== undefined && core !== undefined);
  if (known.length === 0) return {};
  return { coreCount: new Set(known.map(([socket, core]) => `${socket}:${core}`)).size, socketCount: new Set(known.map(([socket]) => socket)).size };
};
