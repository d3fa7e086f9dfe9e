import { countOf, formatBytes, formatDuration } from '#base';
import type { Manifest } from '#manifest';
import { isOnlyDeclared } from './only-declared.ts';
import { bad, atMost, faint, good, type Line, open, type Page, row, rows, type Row, type Span, strong } from './page.ts';
import { randomnessRows } from './randomness-rows.ts';
import { commandText, cut, shortDigest, shortId, shortPath, shortTime } from './short.ts';
import { softwareRows } from './software-rows.ts';

/** One screen on which a person understands a run: who, what, when and why; what came out; with what it was made; what nobody saw. */
export const manifestPage = (manifest: Manifest, sha256?: string): Page => [
  { kind: 'paragraph', line: titleLine(manifest) },
  {
    kind: 'rows',
    rows: [
      ...whoRows(manifest),
      ...resultRows(manifest),
      ...parameterRows(manifest),
      ...randomnessRows(manifest),
      ...dataRows(manifest),
      ...codeRows(manifest),
      ...softwareRows(manifest),
      ...outputRows(manifest),
      ...purposeRows(manifest),
      ...beliefRows(manifest),
      ...row('identity', ...(sha256 === undefined ? [] : [`sha256 ${sha256}`])),
    ],
  },
];

const titleLine = ({ run }: Manifest): Line => [strong(run.name ?? shortId(run.id)), ...(run.name === undefined ? [] : [faint(`  ${shortId(run.id)}`)]), '  ', exitSpan(run.exit)];

/** How a run ended, in words. */
export const exitSpan = (exit: Manifest['run']['exit']): Span => {
  const reason = exit.reason === undefined ? '' : ` (${exit.reason})`;
  switch (exit.kind) {
    case 'exited':
      return exit.code === 0 ? good('succeeded') : bad(`failed with exit code ${exit.code ?? 'unknown'}${reason}`);
    case 'signalled':
      return bad(`killed by ${exit.signal ?? 'a signal'}${reason}`);
    case 'not-started':
      return bad(`could not be started${reason}`);
    case 'lost':
      return open(`nobody saw how it ended${reason}`);
  }
};

/** Who ran what, when and why. */
export const whoRows = ({ run }: Manifest): readonly Row[] => {
  const { participant, usage } = run;
  const took = usage?.wallMs === undefined ? '' : `, took ${formatDuration(usage.wallMs)}`;
  const memory = usage?.peakMemoryBytes === undefined ? '' : `, ${formatBytes(usage.peakMemoryBytes)} at most`;
  return [
    ...row('who', participant.name, ...(participant.email === undefined ? [] : [` <${participant.email}>`]), faint(` (${participant.source})`)),
    ...row('when', `${shortTime(run.startedAt)}${took}${memory}`),
    ...row('why', ...(run.purpose === undefined ? [open('not said')] : [run.purpose])),
    ...row('command', commandText(run.command)),
    ...rows(
      'continues',
      (run.parents ?? []).map(({ kind, run: parent }) => [`${kind} of ${shortId(parent)}`]),
    ),
    ...row('tags', ...Object.entries(run.tags ?? {}).flatMap(([key, value], i) => [i === 0 ? '' : ', ', `${key}=${value}`])),
  ];
};

const VERDICTS: Readonly<Record<Manifest['evaluation']['verdict']['kind'], Span>> = {
  met: good('criteria met'),
  'not-met': bad('criteria not met'),
  undecided: open('criteria undecided: a metric is missing'),
  none: faint('no criteria were declared'),
};

/** Whether the criteria were met, and the last value of each metric. */
export const resultRows = ({ evaluation }: Manifest): readonly Row[] => [
  ...rows('result', [[VERDICTS[evaluation.verdict.kind]], ...(evaluation.verdict.because ?? []).map((because): Line => [because])]),
  ...rows('metrics', atMost(lastMetrics(evaluation.metrics), 8, 'metrics')),
];

/** The last value of each series. */
const lastMetrics = (metrics: Manifest['evaluation']['metrics']): readonly Line[] => {
  const series = new Map<string, { last: (typeof metrics)[number]; count: number }>();
  for (const metric of metrics) {
    const key = JSON.stringify([metric.name, metric.stage, metric.split, metric.source]);
    series.set(key, { last: metric, count: (series.get(key)?.count ?? 0) + 1 });
  }
  return [...series.values()].map(({ last, count }) => {
    const place = [last.stage, last.split].filter((part) => part !== undefined).join(', ');
    return [
      last.name,
      place === '' ? '' : ` (${place})`,
      ' ',
      strong(last.value),
      faint(`${count > 1 ? `  last of ${count}` : ''}${last.trust === 'observed' ? '  seen, not reported' : ''}`),
    ];
  });
};

const parameterRows = ({ parameters }: Manifest): readonly Row[] => {
  const repeated = new Set(parameters.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index));
  const lines = parameters.map(({ name, value, masked, isDefault, source, file }): Line => [
    `${name} = ${masked ? '*** (masked)' : cut(value, 60)}`,
    faint(
      isDefault === true
        ? '  default'
        : file !== undefined
          ? `  ${shortPath(file)}`
          : repeated.has(name)
            ? `  ${source === 'argparse' || source === 'click' || source === 'hydra' ? 'command line' : source}`
            : '',
    ),
  ]);
  return rows('settings', atMost(lines, 8, 'settings'));
};

/** The data sets that were seen or declared. */
export const dataRows = ({ data }: Manifest): readonly Row[] => rows('data', data.length === 0 ? [[open('none was seen')]] : atMost(data.flatMap(dataLines), 12, 'lines'));

const STABILITY: Readonly<Record<NonNullable<Manifest['data'][number]['stability']>, Span>> = {
  stable: faint(''),
  changed: bad('  changed while it was read: what was read is not known'),
  unverified: open('  not proven to be what was read'),
};

const stabilityOf = (set: Manifest['data'][number]): Span => {
  if (set.stability === undefined) return '';
  return set.stability === 'unverified' && isOnlyDeclared(set) ? open('  nothing was seen to read it') : STABILITY[set.stability];
};

const dataLines = (set: Manifest['data'][number]): readonly Line[] => {
  const bytes = set.list?.totalBytes ?? set.files?.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  const count = set.list?.fileCount ?? set.files?.length ?? 0;
  const size = count === 0 ? set.origin.kind : `${countOf(count, 'file')}, ${formatBytes(bytes ?? 0)}`;
  const digest = set.contentSha256 ?? set.list?.sha256 ?? set.files?.[0]?.sha256;
  const state: Span = set.deferred === true ? open('  not hashed yet') : stabilityOf(set);
  const head: Line = [
    shortPath(set.name),
    faint(`  ${set.role}, ${size}${set.version === undefined ? '' : `, version ${set.version}`}${digest === undefined ? '' : `, ${shortDigest(digest)}`}`),
    state,
    set.complete === false ? bad('  not every file could be read') : '',
  ];
  return [head, ...(set.splits ?? []).slice(0, 4).map(splitLine)];
};

const splitLine = (split: NonNullable<Manifest['data'][number]['splits']>[number]): Line => {
  const parts = split.parts.map(({ name, count }) => `${name} ${count}`).join(', ');
  const overlap: Span =
    split.overlapCount === undefined ? '' : split.overlapCount === 0 ? faint('  no overlap') : bad(`  ${countOf(split.overlapCount, 'row')} in more than one part`);
  return [`  ${split.method}: ${cut(parts, 80)}`, overlap];
};

const codeRows = ({ code }: Manifest): readonly Row[] => {
  const { repository, snapshot, files } = code;
  const states: readonly Span[] = [
    ...(repository.dirty === 'yes' ? [open(', with uncommitted changes')] : repository.dirty === 'unknown' ? [open(', uncommitted changes unknown')] : []),
    ...(repository.pushed === 'no' ? [open(', not pushed')] : []),
    ...((repository.untracked?.length ?? 0) > 0 ? [open(`, ${countOf(repository.untracked!.length, 'untracked file')}`)] : []),
  ];
  const git: Line =
    repository.kind === 'git'
      ? [`git ${repository.commit?.slice(0, 8) ?? 'without commit'}${repository.branch === undefined ? '' : ` on ${repository.branch}`}`, ...states]
      : [repository.kind === 'none' ? 'no repository' : open('the repository could not be asked')];
  const kept: Span =
    snapshot === undefined
      ? open('no snapshot: the code cannot be restored')
      : faint(`snapshot of ${countOf(snapshot.fileCount, 'file')}${(snapshot.leftOut ?? 0) > 0 ? `, ${snapshot.leftOut} left out` : ''}`);
  return rows('code', [git, [`${countOf(files.length, 'file')} of the project ran, `, kept]]);
};

const outputRows = ({ outputs }: Manifest): readonly Row[] => {
  const lines = outputs
    .filter(({ role }) => role !== 'cache')
    .map((output): Line => {
      const state: Span =
        output.withheld !== undefined ? open(`  no digest: ${output.withheld}`) : output.deferred === true ? open('  not hashed yet') : faint(`  ${shortDigest(output.sha256)}`);
      return [shortPath(output.path), faint(`  ${output.role}, ${output.sizeBytes === undefined ? 'size unknown' : formatBytes(output.sizeBytes)}`), state];
    });
  return rows('outputs', lines.length === 0 ? [[faint('none')]] : atMost(lines, 10, 'outputs'));
};

const purposeRows = ({ model }: Manifest): readonly Row[] => {
  if (model === undefined) return [];
  const facts = [model.name, model.owner === undefined ? undefined : `owner ${model.owner}`, model.tier === undefined ? undefined : `tier ${model.tier}`, model.intendedUse].filter(
    (fact) => fact !== undefined,
  );
  return rows('model', [...(facts.length === 0 ? [] : [[facts.join(', ')]]), ...(model.limitations ?? []).map((limitation): Line => [open('not for: '), limitation])]);
};

const TRUST: Readonly<Record<Manifest['capture']['trust']['kind'], string>> = {
  'self-attested': 'self-attested: what the machine that ran it claims',
  'ci-identity': 'the CI system vouches for the job',
  'isolated-runner': 'recorded outside of what the run could change',
  'hardware-attestation': 'attested by the hardware',
};

/** How much of the record to believe: what was not seen, what should be looked at, who vouches. */
const beliefRows = ({ capture }: Manifest): readonly Row[] => {
  const { coverage, gaps, findings = [] } = capture;
  const inside = coverage.processesWithHooks === coverage.processesSeen;
  return [
    ...rows(
      'findings',
      atMost(
        findings.map((finding): Line => [
          finding.severity === 'error' ? bad('error: ') : finding.severity === 'warning' ? open('warning: ') : faint('note: '),
          finding.message,
          faint(finding.remedy === undefined ? '' : `  fix: ${finding.remedy}`),
        ]),
        8,
        'findings',
      ),
    ),
    ...rows(
      'gaps',
      gaps.length === 0
        ? [[faint('none known')]]
        : atMost(
            gaps.map(({ about, reason, remedy }): Line => [open(`${about}: `), reason, faint(remedy === undefined ? '' : `  fix: ${remedy}`)]),
            8,
            'gaps',
          ),
    ),
    ...row(
      'seen',
      `${coverage.processesWithHooks} of ${countOf(coverage.processesSeen, 'process', 'processes')} from inside`,
      ...(inside ? [] : [open(', the others only from outside')]),
      ...(capture.interrupted === true ? [open(', completed after the recorder had died')] : []),
      faint(capture.maskings === 0 ? '' : `, ${countOf(capture.maskings, 'secret')} masked`),
    ),
    ...row('trust', TRUST[capture.trust.kind]),
  ];
};
