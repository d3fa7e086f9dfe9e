import { countOf, formatBytes, formatDuration } from '#base';
import type { Manifest } from '#manifest';
import { exitSpan } from './manifest-page.ts';
import { isOnlyDeclared } from './only-declared.ts';
import { faint, type Line, open, type Page, row, type Row, rows, strong } from './page.ts';
import { randomnessRows } from './randomness-rows.ts';
import { shortId, shortPath } from './short.ts';

/** What became of the signature of a record. */
export type SealNote =
  | { readonly kind: 'signed'; readonly keyId: string; readonly madeKey: boolean; readonly problems: readonly string[]; readonly logged?: LogNote }
  | { readonly kind: 'unsigned'; readonly because: string; readonly fix: string }
  | { readonly kind: 'off' };

/** What became of its leaf. */
export type LogNote =
  | { readonly kind: 'entered'; readonly origin: string; readonly index: number; readonly size: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting'; readonly because: string };

/** What trainlock says after a run: four to nine lines. */
export const runSummaryPage = (manifest: Manifest, sha256: string, seal?: SealNote): Page => {
  const { run, evaluation } = manifest;
  const took = run.usage?.wallMs === undefined ? '' : ` after ${formatDuration(run.usage.wallMs)}`;
  return [
    {
      kind: 'paragraph',
      line: [
        'trainlock: recorded ',
        strong(run.name ?? shortId(run.id)),
        ...(run.name === undefined ? [] : [` (${shortId(run.id)})`]),
        ', ',
        exitSpan(run.exit),
        `${took}, `,
        faint(`sha256 ${sha256.slice(0, 12)}…`),
      ],
    },
    {
      kind: 'rows',
      rows: [
        ...(evaluation.metrics.length === 0 ? [] : row('  metrics', ...metricSpans(manifest))),
        ...firstLine('  randomness', randomnessRows(manifest)),
        ...row('  read', readText(manifest)),
        ...row('  wrote', wroteText(manifest)),
        ...gapRows(manifest),
        ...sealRows(seal),
      ],
    },
  ];
};

const sealRows = (seal: SealNote | undefined): readonly Row[] => {
  switch (seal?.kind) {
    case 'signed':
      return [
        ...row('  signed', `by the key ${seal.keyId.slice(0, 12)}… of this user`, faint(seal.madeKey ? ', which was made now: trainlock keys list' : '')),
        ...(seal.logged?.kind === 'entered' ? row('  logged', `leaf ${seal.logged.index} of ${seal.logged.origin}`) : []),
        ...(seal.logged?.kind === 'waiting' ? rows('  not logged', [[open(seal.logged.because)], [faint('its leaf waits beside it: trainlock log enter')]]) : []),
        ...(seal.problems.length === 0
          ? []
          : rows(
              '  look at',
              seal.problems.map((problem): Line => [open(problem)]),
            )),
      ];
    case 'unsigned':
      return rows('  not signed', [[open(seal.because)], [faint(seal.fix)]]);
    case 'off':
    case undefined:
      return [];
  }
};

const firstLine = (label: string, [first]: readonly Row[]): readonly Row[] => rows(label, first?.lines.slice(0, 1) ?? []);

const metricSpans = ({ evaluation }: Manifest): Line => {
  const last = new Map(evaluation.metrics.map((metric) => [`${metric.name}${metric.split === undefined ? '' : ` (${metric.split})`}`, metric.value]));
  const verdict = { met: ', criteria met', 'not-met': ', criteria not met', undecided: ', criteria undecided', none: '' }[evaluation.verdict.kind];
  const shown = [...last].slice(0, 3).map(([name, value]) => `${name} ${value}`);
  return [shown.join(', '), faint(last.size > 3 ? ` and ${last.size - 3} more` : ''), verdict];
};

const readText = ({ data, code }: Manifest): string => {
  const outer = data.filter((set) => !data.some((other) => other !== set && isInside(set, other)));
  // What was only declared, nobody saw being read.
  const [read, declared] = [outer.filter((set) => !isOnlyDeclared(set)), outer.filter(isOnlyDeclared)];
  return [
    ...(read.length === 0 && declared.length > 0 ? [] : [sizeText(read, 'data file')]),
    ...(declared.length === 0 ? [] : [`${sizeText(declared, 'declared file')} that nothing was seen to read`]),
    countOf(code.files.length, 'code file'),
  ].join(', ');
};

type DataSet = Manifest['data'][number];

/** A set in a folder that is a set itself counts there. */
const isInside = ({ path }: DataSet, { path: folder }: DataSet): boolean => path !== undefined && folder !== undefined && path.startsWith(`${folder}/`);

const sizeText = (sets: readonly DataSet[], what: string): string => {
  const files = sets.reduce((sum, set) => sum + (set.list?.fileCount ?? set.files?.length ?? 0), 0);
  const bytes = sets.reduce((sum, set) => sum + (set.list?.totalBytes ?? set.files?.reduce((all, file) => all + (file.sizeBytes ?? 0), 0) ?? 0), 0);
  return files === 0 ? `no ${what}` : `${countOf(files, what)} (${formatBytes(bytes)})`;
};

const wroteText = ({ outputs }: Manifest): string => {
  const shown = outputs.filter(({ role }) => role !== 'cache').map(({ path }) => shortPath(path));
  return shown.length === 0 ? 'nothing' : `${shown.slice(0, 3).join(', ')}${shown.length > 3 ? ` and ${shown.length - 3} more` : ''}`;
};

const gapRows = ({ capture }: Manifest): readonly Row[] => {
  const serious = (capture.findings ?? []).filter(({ severity }) => severity !== 'note');
  const lines: readonly Line[] = [
    ...(capture.gaps.length === 0
      ? []
      : [[open(`${countOf(capture.gaps.length, 'gap')}: `), capture.gaps[0]!.reason, faint(capture.gaps.length > 1 ? ` and ${capture.gaps.length - 1} more` : '')]]),
    ...(serious.length === 0 ? [] : [[open(`${serious[0]!.severity}: `), serious[0]!.message, faint(serious.length > 1 ? ` and ${serious.length - 1} more` : '')]]),
  ];
  return rows('  look at', lines);
};
