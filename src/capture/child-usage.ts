import { readFileSync } from 'node:fs';

/** Clock ticks of /proc on Linux, for every architecture. Source: proc(5), USER_HZ. */
const TICKS_PER_SECOND = 100;

export type CpuTime = { readonly userMs: number; readonly systemMs: number };

/** CPU time of all children of this process that have ended. Undefined where /proc is missing. */
export const endedChildrenCpu = (): CpuTime | undefined => {
  const fields = statFields();
  return fields === undefined ? undefined : { userMs: ticksToMs(fields[13]), systemMs: ticksToMs(fields[14]) };
};

/** The fields of stat behind the command name, which may hold blanks and brackets itself. Source: proc(5). */
const statFields = (): readonly string[] | undefined => {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};

const ticksToMs = (ticks: string | undefined): number => Math.round((Number(ticks ?? 0) * 1000) / TICKS_PER_SECOND);

/** How often the kernel killed a process of our control group for memory; undefined if it does not tell. */
export const memoryKills = (): number | undefined => {
  try {
    const group = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(`/sys/fs/cgroup${group}/memory.events`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};
