import { countOf } from '#base';
import type { Capture, Manifest } from '#manifest';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import type { StartFacts } from './start-facts.ts';

export type Gap = Capture['gaps'][number];
export type Finding = NonNullable<Capture['findings']>[number];

/**
 * Libraries that open files in native code, where Python's audit events do not see it, by the module whose import tells that they are
 * used. pandas imports pyarrow whenever it is there; what it reads and writes with it is told by our hooks.
 */
const NATIVE_READERS: Readonly<Record<string, string>> = {
  'pyarrow.fs': 'pyarrow',
  'pyarrow.parquet': 'pyarrow',
  'pyarrow.dataset': 'pyarrow',
  'pyarrow.csv': 'pyarrow',
  'pyarrow.feather': 'pyarrow',
  'pyarrow.orc': 'pyarrow',
  h5py: 'h5py',
  lightgbm: 'lightgbm',
  xgboost: 'xgboost',
  catboost: 'catboost',
  netCDF4: 'netCDF4',
  tables: 'tables',
  duckdb: 'duckdb',
  polars: 'polars',
  tensorflow: 'tensorflow',
};

/** What is incomplete in the record, told from the events and the sections. */
export const gapsOf = (logs: readonly ProcessEvents[], manifest: Omit<Manifest, 'capture'>, start: StartFacts): readonly Gap[] => [
  ...hookGaps(logs, manifest),
  ...readerGaps(logs, start),
  ...networkGaps(logs),
  ...logs.flatMap((log) => eventsOf(log.events, 'fault').map((fault) => ({ about: '/capture', reason: `a hook failed (${fault.what}): ${fault.message}` }))),
  ...logs.filter((log) => !log.complete).map((log) => ({ about: '/processes', reason: `the event log ${log.file} is not complete: a line is cut, missing or not readable` })),
];

const hookGaps = (logs: readonly ProcessEvents[], manifest: Omit<Manifest, 'capture'>): readonly Gap[] => {
  if (logs.length === 0)
    return [
      {
        about: '',
        reason: 'no process of the run loaded our Python hooks: seeds, files, modules and parameters were not seen',
        remedy: 'start Python without -E, -I and -S; for other programs declare data and outputs in trainlock.yaml',
      },
    ];
  const lost = manifest.processes.filter((process) => process.hooks === 'lost');
  return [
    ...silentGaps(manifest),
    ...lost.map((process) => ({ about: '/processes', reason: `${(process.argv ?? []).slice(0, 4).join(' ') || process.id}: ${process.reason ?? 'our hooks did not run in it'}` })),
  ];
};

/** Programs that only tell a library about the machine: they read no data of the run. */
const ASKS_THE_MACHINE = new Set(['lscpu', 'uname', 'ldconfig', 'nvidia-smi', 'rocm-smi', 'sysctl', 'hostname', 'nproc', 'getconf', 'tee']);

const silentGaps = (manifest: Omit<Manifest, 'capture'>): readonly Gap[] => {
  const programs = manifest.processes.filter((process) => process.hooks === 'none').map((process) => (process.argv?.[0] ?? process.id).replace(/^.*\//, ''));
  const foreign = programs.filter((name) => !ASKS_THE_MACHINE.has(name));
  const abrupt = manifest.processes.filter((process) => process.hooks === 'active' && process.end === 'abrupt').length;
  const names = [...new Set(foreign)].sort();
  return [
    ...(foreign.length === 0
      ? []
      : [
          {
            about: '/processes',
            reason: `${countOf(foreign.length, 'program')} without our hooks ran (${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}): files that they read or wrote may be missing`,
            remedy: 'declare what they read under data, and what they write under outputs, in trainlock.yaml',
          },
        ]),
    ...(abrupt === 0
      ? []
      : [
          { about: '/randomness', reason: `${countOf(abrupt, 'process', 'processes')} ended without a word (killed, or os._exit): what it drew and what it did last is not known` },
        ]),
  ];
};

const readerGaps = (logs: readonly ProcessEvents[], start: StartFacts): readonly Gap[] => {
  const imported = new Set(logs.flatMap((log) => eventsOf(log.events, 'modules').flatMap((event) => event.names)));
  const declared = Object.keys(start.config.data ?? {}).length > 0;
  const libraries = new Set(Object.entries(NATIVE_READERS).flatMap(([module, library]) => (imported.has(module) ? [library] : [])));
  return [...libraries].map((name) => ({
    about: '/data',
    reason: `${name} opens files in native code without telling Python; a file that it read through less common functions and closed quickly may be missing`,
    remedy: declared ? 'check that every folder it reads is declared under data in trainlock.yaml' : 'declare the folders it reads under data in trainlock.yaml',
  }));
};

const networkGaps = (logs: readonly ProcessEvents[]): readonly Gap[] => {
  const targets = new Set(logs.flatMap((log) => eventsOf(log.events, 'network').map((event) => event.target)).filter((target) => !isLocal(target)));
  return [...targets]
    .slice(0, 100)
    .map((target) => ({ about: '/data', reason: `the run talked to ${target}; what it received is not recorded`, remedy: 'download the data first and read it from a file' }));
};

const isLocal = (target: string): boolean => /^(unix:|\/|localhost\b|127\.|\[?::1\b)/.test(target);

/** What a person should look at: unseeded sources, overlaps, deprecations, privacy. */
export const findingsOf = (manifest: Omit<Manifest, 'capture'>): readonly Finding[] => {
  const findings: Finding[] = [];
  const { randomness } = manifest;
  const left = (randomness.unseededCount ?? 0) - (randomness.repeatableCount ?? 0);
  if (left > 0)
    findings.push({
      kind: 'unseeded-source',
      severity: 'warning',
      message: `${countOf(left, 'unseeded source')} drew from the system and cannot be repeated`,
      about: '/randomness/generators',
      remedy: 'seed them, or record with --entropy own',
    });
  if (randomness.differentialPrivacy !== undefined)
    findings.push({
      kind: 'differential-privacy',
      severity: 'note',
      message: `${randomness.differentialPrivacy} is in use: its noise must stay secret, so nothing was drawn from the recorded root`,
      about: '/randomness',
    });
  for (const [index, set] of manifest.data.entries()) findings.push(...dataFindings(set, index));
  if ((manifest.distributed?.disagreements ?? []).length > 0)
    findings.push({
      kind: 'ranks-disagree',
      severity: 'warning',
      message: `ranks did not run the same: ${manifest.distributed!.disagreements![0]}`,
      about: '/distributed/disagreements',
    });
  if (manifest.code.repository.kind === 'git' && manifest.code.repository.pushed === 'no')
    findings.push({ kind: 'commit-not-pushed', severity: 'note', message: 'the commit is on no remote branch known here', about: '/code/repository/pushed', remedy: 'git push' });
  return findings;
};

const dataFindings = (set: Manifest['data'][number], index: number): readonly Finding[] => {
  const findings: Finding[] = [];
  if (set.stability === 'changed')
    findings.push({ kind: 'data-changed', severity: 'error', message: `${set.name} changed between reading and hashing: what the run read is not known`, about: `/data/${index}` });
  if (set.readers?.includes('declared') === true && set.list === undefined && (set.files ?? []).length === 0)
    findings.push({ kind: 'data-missing', severity: 'warning', message: `no file of the declared data ${set.name} is there`, about: `/data/${index}/path` });
  if (set.complete === false)
    findings.push({ kind: 'data-incomplete', severity: 'warning', message: `not every file of ${set.name} could be read: its list lacks them`, about: `/data/${index}/findings` });
  for (const split of set.splits ?? []) {
    if ((split.overlapCount ?? 0) > 0)
      findings.push({
        kind: 'split-overlap',
        severity: 'warning',
        message: `${split.method}: ${countOf(split.overlapCount!, 'row')} in more than one part`,
        about: `/data/${index}/splits`,
      });
  }
  return findings;
};
