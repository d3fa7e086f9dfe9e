import { nodeHost } from './probes/host.ts';
import { probeCpu } from './probes/probe-cpu.ts';

/** What the CPU here can do, as flags of /proc/cpuinfo; undefined if the system does not tell. */
export const cpuFlags = async (): Promise<readonly string[] | undefined> => (await probeCpu(nodeHost, undefined))?.flags;
