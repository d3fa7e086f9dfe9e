import { countOf, formatBytes } from '#base';
import type { Manifest } from '#manifest';
import { atMost, bad, faint, type Line, open, rows, type Row, type Span } from './page.ts';
import { cut, shortPath } from './short.ts';

/** With which software and on which machine. */
export const softwareRows = (manifest: Manifest): readonly Row[] => [...dependencyRows(manifest), ...machineRows(manifest), ...rankRows(manifest)];

const dependencyRows = ({ dependencies }: Manifest): readonly Row[] => {
  const { interpreters, distributions, native, lock } = dependencies;
  const used = distributions.filter(({ imported, relation }) => imported === true && relation !== 'unrelated');
  const main = (used.length > 0 ? used : distributions).filter(({ relation }) => relation === 'direct');
  const strange = distributions.filter(({ modified, source, sizesAgree }) => (modified?.length ?? 0) > 0 || source?.kind === 'editable' || sizesAgree === 'no');
  const lines: readonly Line[] = [
    [
      [...new Set(interpreters.map(({ implementation, version }) => `${implementation} ${version}`))].join(', ') || 'no Python was seen',
      `, ${countOf(distributions.length, 'package')}`,
      faint(used.length === 0 ? '' : `, ${used.length} imported`),
      `, ${countOf(native.length, 'native library', 'native libraries')}`,
    ],
    ...(main.length === 0 ? [] : [[cut(main.map(({ name, version }) => `${name} ${version}`).join(', '), 160)]]),
    ...atMost(
      strange.map(({ name, modified, source }): Line => [
        open(
          `${name}: ${source?.kind === 'editable' ? 'editable' : 'files differ from what was installed'}${(modified?.length ?? 0) > 0 ? ` (${cut(modified!.map(shortPath).join(', '), 60)})` : ''}`,
        ),
      ]),
      4,
      'packages',
    ),
    lockLine(lock),
  ];
  return rows('software', lines);
};

const lockLine = (lock: Manifest['dependencies']['lock']): Line => {
  if (lock === undefined) return [open('no lock file')];
  const state: Record<typeof lock.agrees, Span> = {
    yes: faint(' agrees with what is installed'),
    no: bad(` does not agree with what is installed: ${cut((lock.disagreements ?? []).join(', '), 100)}`),
    unknown: open(' was not compared with what is installed'),
  };
  return [`lock ${shortPath(lock.path)}`, state[lock.agrees]];
};

/** On which machine. */
export const machineRows = ({ environment }: Manifest): readonly Row[] => {
  const { os, cpu, memoryBytes, container, threadPools = [], accelerators = [] } = environment;
  const parts = [
    os === undefined ? undefined : [os.name, os.version].filter((part) => part !== undefined).join(' '),
    os?.kernel === undefined ? undefined : `kernel ${os.kernel}`,
    cpu === undefined ? undefined : `${cpu.model}${cpu.logicalCount === undefined ? '' : ` (${countOf(cpu.logicalCount, 'CPU')})`}`,
    memoryBytes === undefined ? undefined : formatBytes(memoryBytes),
    container === undefined || container.kind === 'none'
      ? undefined
      : `${container.kind} container${container.image?.reference === undefined ? '' : ` ${container.image.reference}`}`,
  ].filter((part) => part !== undefined);
  const pools = [
    ...new Set(
      threadPools.map(({ api, version, kernel, threads }) =>
        [api, version, kernel, threads === undefined ? undefined : countOf(threads, 'thread')].filter((part) => part !== undefined).join(' '),
      ),
    ),
  ];
  return rows('machine', [
    ...(parts.length === 0 ? [[open('not recorded')]] : [[parts.join(', ')]]),
    ...(pools.length === 0 ? [] : [[cut(pools.join(', '), 160)]]),
    ...accelerators.map(({ model, driver, memoryBytes: memory }): Line => [
      `${model}${driver === undefined ? '' : `, driver ${driver}`}${memory === undefined ? '' : `, ${formatBytes(memory)}`}`,
    ]),
  ]);
};

const rankRows = ({ distributed }: Manifest): readonly Row[] => {
  if (distributed === undefined) return [];
  const disagreements = distributed.disagreements ?? [];
  return rows('ranks', [
    [
      `${distributed.ranks.length} of ${distributed.worldSize} seen`,
      distributed.launcher === undefined ? '' : `, started by ${distributed.launcher}`,
      disagreements.length === 0 ? faint(', all alike') : '',
    ],
    ...disagreements.map((text): Line => [bad(text)]),
  ]);
};
