import { arch, release, type as systemType, version } from 'node:os';
import type { Environment } from '#manifest';
import type { Host } from './host.ts';

/** Name and version of the system, kernel and C library. */
export const probeSystem = async (host: Host): Promise<Environment['os']> => {
  const text = (await host.readText('/etc/os-release')) ?? (await host.readText('/usr/lib/os-release'));
  const facts = text === undefined ? {} : readOsRelease(text);
  const libc = await libcOf(host);
  const number = facts['VERSION_ID'] ?? facts['BUILD_ID'];
  return {
    name: facts['NAME'] ?? systemType(),
    ...(number === undefined ? {} : { version: number }),
    kernel: release(),
    kernelVersion: version().slice(0, 1024),
    architecture: arch() === 'x64' ? 'x86_64' : arch() === 'arm64' ? 'aarch64' : arch(),
    ...(libc === undefined ? {} : { libc }),
  };
};

/** KEY=value lines with shell quotes. Source: os-release(5). */
export const readOsRelease = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
      return match === null ? [] : [[match[1]!, match[2]!.replace(/^(["'])(.*)\1$/, '$2').slice(0, 1024)]];
    }),
  );

/** glibc tells its version to Node; musl is seen by its loader. */
const libcOf = async (host: Host): Promise<string | undefined> => {
  const header: unknown = (process.report.getReport() as { header?: unknown } | undefined)?.header;
  const glibc = typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header ? header.glibcVersionRuntime : undefined;
  if (typeof glibc === 'string') return `glibc ${glibc}`;
  const loader = (await host.list('/lib'))?.find((name) => name.startsWith('ld-musl-'));
  return loader === undefined ? undefined : 'musl';
};
