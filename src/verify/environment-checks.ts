import type { Dependencies, Environment, Manifest } from '#manifest';
import { fileCheck } from './file-checks.ts';
import type { Check, Evidence } from './verdict.ts';

const check = (about: string, outcome: Check['outcome'], because: string): Check => ({ name: 'environment', about, outcome, because });

/** Compares the recorded machine and software with those of now. What was recorded and cannot be asked now is unknown. */
export const environmentChecks = (manifest: Manifest, evidence: Evidence): readonly Check[] => {
  const now = evidence.environment;
  if (now === undefined) return [{ name: 'environment', outcome: 'unknown', because: 'the machine was not asked' }];
  return [
    ...machineFacts(manifest.environment).map(({ name, value }) => factCheck(name, value, factOf(now.environment, name))),
    ...interpreterChecks(manifest.dependencies.interpreters, evidence.files),
    ...distributionChecks(manifest.dependencies.distributions, now.distributions),
    ...now.unavailable.map((because) => check('probe', 'unknown', because)),
  ];
};

type Fact = { readonly name: string; readonly value: string };

/** What decides numbers and behaviour; load, free memory, limits of the shell and the like do not. */
const machineFacts = (environment: Partial<Environment>): readonly Fact[] => {
  const { os, cpu, container, accelerators, locale, timeZone } = environment;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['operating system', joined(os?.name, os?.version)],
    ['kernel', os?.kernel],
    ['architecture', os?.architecture],
    ['C library', os?.libc],
    ['CPU model', cpu?.model],
    ['CPU flags', cpu?.flags === undefined ? undefined : cpu.flags.toSorted().join(' ')],
    ['CPUs', cpu?.logicalCount === undefined ? undefined : String(cpu.logicalCount)],
    ['container image', container?.image?.digest],
    ['locale', locale],
    ['time zone', timeZone],
    ...(accelerators ?? []).map((device, i): readonly [string, string] => [`accelerator ${device.index ?? i}`, joined(device.model, device.driver) ?? '']),
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
};

const joined = (...parts: readonly (string | undefined)[]): string | undefined => (parts[0] === undefined ? undefined : parts.filter((part) => part !== undefined).join(' '));

const factOf = (environment: Partial<Environment>, name: string): string | undefined => machineFacts(environment).find((fact) => fact.name === name)?.value;

const factCheck = (name: string, recorded: string, now: string | undefined): Check => {
  if (now === undefined) return check(name, 'unknown', 'it could not be asked');
  const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
  return recorded === now ? check(name, 'held', short(now)) : check(name, 'broken', `${short(recorded)} was recorded, now ${short(now)}`);
};

/** Interpreters by their bytes: a recorded program is never started to ask it. */
const interpreterChecks = (recorded: Dependencies['interpreters'], files: Evidence['files']): readonly Check[] =>
  recorded.map(({ executable, sha256, implementation, version }) => {
    const { outcome, because } = fileCheck('environment', { path: executable, ...(sha256 === undefined ? {} : { sha256 }) }, files.get(executable));
    return check(`${implementation} ${version} (${executable})`, outcome, because);
  });

const distributionChecks = (recorded: Dependencies['distributions'], now: Dependencies['distributions'] | undefined): readonly Check[] => {
  const found = new Map((now ?? []).map((distribution) => [distribution.name, distribution]));
  const known = new Set(recorded.map(({ name }) => name));
  return [
    ...recorded.map((distribution) => {
      const name = `package ${distribution.name}`;
      const current = found.get(distribution.name);
      if (now === undefined) return check(name, 'unknown', 'packages could not be asked');
      if (current === undefined) return check(name, 'broken', `${distribution.version} was recorded, now it is not installed`);
      if (current.version !== distribution.version) return check(name, 'broken', `${distribution.version} was recorded, now ${current.version}`);
      if (current.recordSha256 === undefined || distribution.recordSha256 === undefined) return check(name, 'held', `${current.version}; its files were not compared`);
      return current.recordSha256 === distribution.recordSha256
        ? check(name, 'held', current.version)
        : check(name, 'broken', `${current.version}, but built or installed from other files`);
    }),
    ...[...found.values()].filter(({ name }) => !known.has(name)).map(({ name, version }) => check(`package ${name}`, 'broken', `not recorded, now ${version} is installed`)),
  ];
};
