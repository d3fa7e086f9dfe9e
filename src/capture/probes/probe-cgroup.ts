import type { Environment } from '#manifest';
import type { Host } from './host.ts';
import { type Mount, readMounts } from './mount-table.ts';

const V2 = ['cpu.max', 'cpu.weight', 'memory.max', 'memory.high', 'memory.swap.max', 'cpuset.cpus.effective', 'cpuset.mems.effective', 'pids.max'];

/** Files of version 1 by controller. */
const V1: Readonly<Record<string, readonly string[]>> = {
  cpu: ['cpu.cfs_quota_us', 'cpu.cfs_period_us', 'cpu.shares'],
  memory: ['memory.limit_in_bytes', 'memory.soft_limit_in_bytes'],
  cpuset: ['cpuset.cpus', 'cpuset.mems'],
  pids: ['pids.max'],
};

/** Values that stand for no limit in version 1. */
const UNLIMITED = /^(?:-1|92233720368547[0-9]{5}|18446744073709551615)$/;

/** CPU and memory limits of the control group of a process. A limit of a parent group counts too: the tightest is told. */
export const probeCgroup = async (host: Host, pid: number | undefined): Promise<NonNullable<Environment['cgroup']>> => {
  const process = pid ?? 'self';
  const groups = readGroups((await host.readText(`/proc/${process}/cgroup`)) ?? '');
  const mounts = readMounts((await host.readText(`/proc/${process}/mountinfo`, 8 * 1024 * 1024)) ?? '');
  const facts: Record<string, string> = {};
  const unified = mounts.find((mount) => mount.type === 'cgroup2');
  if (unified !== undefined) {
    const folders = foldersOf(unified, groups.get('') ?? '/');
    for (const file of V2) await put(host, { facts, folders, file });
    if (Object.keys(facts).length > 0) facts['version'] = '2';
  }
  for (const [controller, files] of Object.entries(V1)) {
    const mount = mounts.find((one) => one.type === 'cgroup' && one.options.split(',').includes(controller));
    const path = [...groups].find(([names]) => names.split(',').includes(controller))?.[1];
    if (mount === undefined || path === undefined) continue;
    for (const file of files) await put(host, { facts, folders: foldersOf(mount, path), file });
    facts['version'] ??= '1';
  }
  return facts;
};

/** Group by controllers; the unified hierarchy has no name. Source: cgroups(7), /proc/PID/cgroup. */
const readGroups = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const match = /^[0-9]+:([^:]*):(\/.*)$/.exec(line);
      return match === null ? [] : [[match[1]!, match[2]!] as const];
    }),
  );

/** The folder of the group and those of its parents, as far as they are mounted. A path from outside our namespace (/../) is not visible. */
const foldersOf = (mount: Mount, path: string): readonly string[] => {
  const relative = mount.root !== '/' && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  const parts = relative.includes('/..') ? [] : relative.split('/').filter((part) => part !== '');
  return Array.from({ length: parts.length + 1 }, (_, index) => [mount.point, ...parts.slice(0, parts.length - index)].join('/'));
};

const put = async (host: Host, question: { readonly facts: Record<string, string>; readonly folders: readonly string[]; readonly file: string }): Promise<void> => {
  const values = (await Promise.all(question.folders.map((folder) => host.readText(`${folder}/${question.file}`, 4096))))
    .flatMap((text) => (text === undefined ? [] : [text.trim()]))
    .filter((text) => text !== '');
  const tightest = tightestOf(
    question.file,
    values.map((value) => (UNLIMITED.test(value) ? 'max' : value)),
  );
  if (tightest !== undefined) question.facts[question.file] = tightest.slice(0, 1024);
};

/** Of limits the smallest, of everything else that of the group itself. */
const tightestOf = (file: string, values: readonly string[]): string | undefined => {
  if (!/(?:max|high|limit_in_bytes)$/.test(file)) return values[0];
  const measured = values.filter((value) => !value.startsWith('max'));
  return measured.length === 0 ? values[0] : measured.reduce((best, value) => (amountOf(value) < amountOf(best) ? value : best));
};

/** cpu.max is quota and period. */
const amountOf = (value: string): number => {
  const [first, second] = value.split(' ').map(Number);
  return first! / (second ?? 1);
};
