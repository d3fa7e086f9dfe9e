import type { Environment } from '#manifest';
import type { Host } from './host.ts';

/** Parameters that can change results, memory layout or speed of a training. */
const PARAMETERS: Readonly<Record<string, string>> = {
  'vm.overcommit_memory': '/proc/sys/vm/overcommit_memory',
  'vm.overcommit_ratio': '/proc/sys/vm/overcommit_ratio',
  'vm.max_map_count': '/proc/sys/vm/max_map_count',
  'vm.swappiness': '/proc/sys/vm/swappiness',
  'vm.nr_hugepages': '/proc/sys/vm/nr_hugepages',
  'kernel.randomize_va_space': '/proc/sys/kernel/randomize_va_space',
  'kernel.numa_balancing': '/proc/sys/kernel/numa_balancing',
  'kernel.sched_autogroup_enabled': '/proc/sys/kernel/sched_autogroup_enabled',
  'kernel.perf_event_paranoid': '/proc/sys/kernel/perf_event_paranoid',
  'kernel.yama.ptrace_scope': '/proc/sys/kernel/yama/ptrace_scope',
  'kernel.shmmax': '/proc/sys/kernel/shmmax',
  'transparent_hugepage.enabled': '/sys/kernel/mm/transparent_hugepage/enabled',
  'transparent_hugepage.defrag': '/sys/kernel/mm/transparent_hugepage/defrag',
  'smt.control': '/sys/devices/system/cpu/smt/control',
  clocksource: '/sys/devices/system/clocksource/clocksource0/current_clocksource',
};

/** Kernel parameters that matter; `always [madvise] never` is shown as its choice. The start options of the kernel are not recorded but for mitigations: they can hold secrets. */
export const probeKernel = async (host: Host, pid: number | undefined): Promise<NonNullable<Environment['kernelParameters']>> => {
  const entries = await Promise.all(
    Object.entries(PARAMETERS).map(async ([name, path]) => {
      const text = (await host.readText(path, 4096))?.trim();
      return text === undefined || text === '' ? [] : [[name, /\[([^\]]+)\]/.exec(text)?.[1] ?? text] as const];
    }),
  );
  const personality = (await host.readText(`/proc/${pid ?? 'self'}/personality`, 64))?.trim();
  const mitigations = /(?:^|\s)mitigations=(\S{1,64})/.exec((await host.readText('/proc/cmdline', 65_536)) ?? '')?.[1];
  return {
    ...Object.fromEntries(entries.flat()),
    ...(personality === undefined || !/^[0-9a-f]{8}$/.test(personality) ? {} : { personality }),
    ...(mitigations === undefined ? {} : { mitigations }),
  };
};
