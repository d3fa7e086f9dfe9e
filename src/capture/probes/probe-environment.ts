import { hostname } from 'node:os';
import { type EnvironmentFacts, type Gap, type Probe, seen } from '#assembly';
import type { Crypto } from '#base';
import { attempt } from './attempt.ts';
import { type Host, nodeHost } from './host.ts';
import { mountOf, readMounts } from './mount-table.ts';
import { probeAccelerators, pseudonymOf } from './probe-accelerators.ts';
import { probeCgroup } from './probe-cgroup.ts';
import { probeClock } from './probe-clock.ts';
import { probeContainer } from './probe-container.ts';
import { probeCpu } from './probe-cpu.ts';
import { probeKernel } from './probe-kernel.ts';
import { affinityOf, probeLimits, umaskOf } from './probe-limits.ts';
import { probeMachineImage } from './probe-machine-image.ts';
import { probeSystem } from './probe-system.ts';

export type EnvironmentQuestion = {
  /** The process of the run; our own facts are taken if it is gone or not given. */
  readonly pid?: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly projectDirectory: string;
  /** Key of pseudonyms, kept outside of records. */
  readonly pseudonymKey: Uint8Array;
  readonly crypto: Crypto;
  readonly host?: Host;
};

/** Where the run takes place: system, kernel, limits, control group, container, image, CPU, memory, accelerators, locale. */
export const probeEnvironment = (question: EnvironmentQuestion): Promise<Probe<EnvironmentFacts>> =>
  attempt('the environment', async () => {
    const host = question.host ?? nodeHost;
    // The process may end at any moment: its own files come first.
    const status = (question.pid === undefined ? undefined : await host.readText(`/proc/${question.pid}/status`)) ?? (await host.readText('/proc/self/status'));
    const [os, kernelParameters, limits, cgroup, container, machineImage, cpu, memoryBytes, accelerators, timeZone, fileSystem, clock] = await Promise.all([
      probeSystem(host),
      probeKernel(host, question.pid),
      probeLimits(host, question.pid),
      probeCgroup(host, question.pid),
      probeContainer(host, question.environment),
      probeMachineImage(host),
      probeCpu(host, affinityOf(status)),
      memoryOf(host),
      probeAccelerators(host, pseudonymOf(question.pseudonymKey, question.crypto, 'device')),
      timeZoneOf(host, question.environment),
      fileSystemOf(host, question.projectDirectory),
      probeClock(host),
    ]);
    const gaps: Gap[] =
      accelerators.kind === 'seen'
        ? []
        : [{ about: '/environment/accelerators', reason: accelerators.reason, ...(accelerators.remedy === undefined ? {} : { remedy: accelerators.remedy }) }];
    if (cpu === undefined) gaps.push({ about: '/environment/cpu', reason: 'the system does not describe its CPU in /proc/cpuinfo' });
    const environment = {
      host: hostPseudonym(question.pseudonymKey, question.crypto),
      os,
      kernelParameters: filled(kernelParameters),
      limits: filled(limits),
      cgroup: filled(cgroup),
      container,
      machineImage: filled(machineImage),
      cpu,
      memoryBytes,
      accelerators: accelerators.kind === 'seen' ? accelerators.value : undefined,
      locale: localeOf(question.environment),
      timeZone,
      umask: umaskOf(status),
      fileSystem,
    };
    return seen({ environment: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)), clock, gaps });
  });

const filled = (facts: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined => (Object.keys(facts).length === 0 ? undefined : facts);

/** Stable name of this machine for one user; the clear name cannot be told from it without the key. */
const hostPseudonym = (key: Uint8Array, crypto: Crypto, name: string = hostname()): string => pseudonymOf(key, crypto, 'host')(name);

const memoryOf = async (host: Host): Promise<number | undefined> => {
  const match = /^MemTotal:\s*([0-9]{1,12}) kB$/m.exec((await host.readText('/proc/meminfo')) ?? '');
  return match === null ? undefined : Number(match[1]) * 1024;
};

/** Source: locale(7): LC_ALL wins over LC_CTYPE, that over LANG; without any it is C. */
const localeOf = (environment: Readonly<Record<string, string | undefined>>): string =>
  ([environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find((value) => value !== undefined && value !== '') ?? 'C').slice(0, 1024);

const timeZoneOf = async (host: Host, environment: Readonly<Record<string, string | undefined>>): Promise<string | undefined> => {
  if (environment['TZ'] !== undefined && environment['TZ'] !== '') return environment['TZ'].slice(0, 1024);
  const link = /zoneinfo\/(.{1,100})$/.exec((await host.readLink('/etc/localtime')) ?? '')?.[1];
  const named = link ?? (await host.readText('/etc/timezone', 256))?.trim();
  return named === undefined || named === '' ? ((await host.exists('/etc/localtime')) ? undefined : 'UTC') : named;
};

const fileSystemOf = async (host: Host, directory: string): Promise<string | undefined> => {
  const mounts = readMounts((await host.readText('/proc/self/mountinfo', 8 * 1024 * 1024)) ?? '');
  return mountOf(mounts, directory)?.type;
};
