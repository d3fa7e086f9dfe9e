import type { Environment } from '#manifest';
import type { Host } from './host.ts';

/** Resource limits of a process, soft:hard; of our own if the process is gone (it inherits ours). */
export const probeLimits = async (host: Host, pid: number | undefined): Promise<NonNullable<Environment['limits']>> => {
  const text = (pid === undefined ? undefined : await host.readText(`/proc/${pid}/limits`)) ?? (await host.readText('/proc/self/limits'));
  return text === undefined ? {} : readLimits(text);
};

/** Reads /proc/PID/limits: columns of fixed width, at least two blanks apart. Source: proc_pid_limits(5). */
const readLimits = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [name, soft, hard] = line.trim().split(/ {2,}/);
        if (name === undefined || soft === undefined || hard === undefined) return [];
        return [[name.replace(/^Max /, ''), `${soft}:${hard}`]];
      }),
  );

/** Permission mask of a process in octal, from its status. */
export const umaskOf = (status: string | undefined): string | undefined => /^Umask:\s*([0-7]{3,5})$/m.exec(status ?? '')?.[1];

/** CPUs that a process may run on, as a list of ranges. */
export const affinityOf = (status: string | undefined): string | undefined => /^Cpus_allowed_list:\s*([0-9,-]{1,1000})$/m.exec(status ?? '')?.[1];
