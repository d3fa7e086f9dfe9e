import { countOf, shellWord } from '#base';
import type { Comparison, Difference } from '#diff';
import { type AnswerWord, type BaselineRun, type CaseFacts, determinismOf, evaluationsText, QUESTIONS, type RunAnswers } from '#evidence';
import { CAUSE_CLASSES, type Manifest } from '#manifest';
import { compactPage } from './compact-page.ts';
import { GROUPS, headLine } from './comparison-page.ts';
import { dataRows, exitSpan, resultRows, whoRows } from './manifest-page.ts';
import { type AnswerLine, atMost, bad, type Block, faint, good, type Line, open, type Page, row, rows, type Row, strong } from './page.ts';
import { randomnessRows } from './randomness-rows.ts';
import { brief, cut, type Limit, shortId, shortPath, whole } from './short.ts';
import { machineRows } from './software-rows.ts';

/** The run that a report compares with, and how it was found. */
export type ReportBaseline =
  | { readonly kind: 'none'; readonly because: string }
  | { readonly kind: 'run'; readonly run: BaselineRun; readonly how: 'named' | 'approved' | 'approval'; readonly comparison: Comparison };

/** What one page about a run is made of. */
export type RunReportView = { readonly facts: CaseFacts; readonly answers: RunAnswers; readonly baseline: ReportBaseline };

/** One page for people: the answers first, then the run, what changed, and how to check it all. Texts and lists are cut, so that it fits on one sheet, unless all is wanted. */
export const runReportPage = ({ facts, answers, baseline }: RunReportView, most: Limit = brief): Page => {
  const { manifest, manifestSha256 } = facts;
  const page: Page = [
    { kind: 'paragraph', line: titleLine(manifest, most) },
    answersBlock(answers, most),
    { kind: 'rows', rows: [...whatRows(manifest), ...whoRows(manifest), ...machineRows(manifest).map((one) => ({ ...one, label: 'where', lines: one.lines.slice(0, most(2)) }))] },
    heading('Result'),
    { kind: 'rows', rows: [...againstRows(baseline), ...resultRows(manifest), ...changedResults(baseline)] },
    heading('Seeds and determinism'),
    { kind: 'rows', rows: [...seedRows(manifest, most), ...row('replays', replaySpan(facts))] },
    heading('Data'),
    { kind: 'rows', rows: [...dataRows(manifest), ...evaluationRows(facts, most), ...changedData(baseline, most)] },
    heading('Limits and intended use'),
    { kind: 'rows', rows: humanRows(manifest, most) },
    ...changeBlocks(baseline, most),
    heading('Open findings'),
    { kind: 'list', items: findingLines(facts, most).map((line) => ({ line })) },
    heading('How to check it'),
    { kind: 'code', language: 'sh', text: checkCommands(facts) },
    { kind: 'paragraph', line: [faint('identity of the record  '), `sha256 ${manifestSha256}`] },
  ];
  return most === whole ? page : compactPage(page);
};

const heading = (text: string): Block => ({ kind: 'heading', line: [strong(text)] });

const titleLine = ({ run, model }: Manifest, most: Limit): Line => [
  strong(cut(run.name ?? shortId(run.id), most(60))),
  faint(`  ${run.name === undefined ? '' : `${shortId(run.id)}, `}training run${model?.name === undefined ? '' : ` of the model ${cut(model.name, most(40))}`}  `),
  exitSpan(run.exit),
];

const TONES: Readonly<Record<AnswerWord, AnswerLine['tone']>> = { yes: 'good', no: 'bad', 'not-checked': 'faint' };

/** The six questions with their answers. */
export const answersBlock = (answers: RunAnswers, most: Limit = brief): Block => ({
  kind: 'answers',
  answers: QUESTIONS.map((question) => {
    const { answer, because } = answers[question];
    return { question, tone: TONES[answer], word: answer.replace('-', ' '), line: [cut(because, most(200))] };
  }),
});

const NOT_PROVIDED = open('not provided');

const whatRows = ({ model }: Manifest): readonly Row[] => row('what', model?.name ?? NOT_PROVIDED, faint(model?.tier === undefined ? '' : `, tier ${model.tier}`));

const HOW: Readonly<Record<Extract<ReportBaseline, { readonly kind: 'run' }>['how'], string>> = {
  named: 'the run that was named',
  approved: 'the last approved run before it',
  approval: 'no earlier run was approved; its approvals start from this one',
};

const againstRows = (baseline: ReportBaseline): readonly Row[] =>
  baseline.kind === 'none'
    ? row('against', open(`none: ${baseline.because}`))
    : row('against', strong(baseline.run.name ?? shortId(baseline.run.runId)), faint(`  ${HOW[baseline.how]}`));

/** Differences that were seen; what is not recorded in both is counted, and never a difference. */
const definite = (differences: readonly Difference[]): readonly Difference[] => differences.filter(({ kind }) => kind !== 'unknown');

const changedResults = (baseline: ReportBaseline): readonly Row[] => {
  if (baseline.kind === 'none') return [];
  const changed = definite(baseline.comparison.results);
  const metrics = changed.filter(({ details }) => details.some(({ kind }) => kind === 'metric'));
  const lines = metrics.map((difference): Line => [...headLine(difference), ...metricVerdict(difference)]);
  const others = changed.length - metrics.length;
  return rows('changed', [
    ...atMost(lines, 3, 'metrics'),
    ...(metrics.length === 0 ? [[faint('no metric differs')]] : []),
    ...(others === 0 ? [] : [[faint(`${countOf(others, 'other result differs', 'other results differ')}`)]]),
  ]);
};

const metricVerdict = ({ details }: Difference): Line => {
  const metric = details.find((detail) => detail.kind === 'metric');
  if (metric === undefined) return [];
  const delta = metric.delta === undefined ? '' : ` (${metric.delta.startsWith('-') ? '' : '+'}${metric.delta})`;
  const words = {
    better: good(' better'),
    worse: bad(' worse'),
    'same-within-tolerance': good(' the same within the declared tolerance'),
    unclear: faint(' no direction is declared'),
  };
  return [delta, words[metric.verdict]];
};

const seedRows = (manifest: Manifest, most: Limit): readonly Row[] => [
  ...randomnessRows({ ...manifest, randomness: withoutWhy(manifest.randomness) }),
  ...row('why these', manifest.randomness.why === undefined ? NOT_PROVIDED : cut(manifest.randomness.why, most(200))),
];

/** It has a row of its own. */
const withoutWhy = ({ why: _, ...randomness }: Manifest['randomness']): Manifest['randomness'] => randomness;

const replaySpan = ({ replays, replaysLeftOut }: CaseFacts): Line[number] => {
  const text = `${determinismOf(replays)}${replaysLeftOut === 0 ? '' : `; ${countOf(replaysLeftOut, 'older replay')} not looked at`}`;
  if (replays.some(({ outcome }) => outcome === 'different')) return bad(text);
  return replays.length === 0 ? open(text) : text;
};

/** How often the test sets were looked at: their numbers mean the less, the more often. */
const evaluationRows = ({ evaluations }: CaseFacts, most: Limit): readonly Row[] =>
  rows(
    'evaluated',
    atMost(
      evaluations.map((one): Line => [
        `${shortPath(one.name)}  ${evaluationsText(one)} by runs that are here`,
        faint(`${one.repeated === 0 ? '' : `, and ${countOf(one.repeated, 'replay')} showed the same`}${one.atLeast.length === 0 ? '' : `  ${one.atLeast.join('; ')}`}`),
      ]),
      most(3),
      'test sets',
    ),
  );

const changedData = (baseline: ReportBaseline, most: Limit): readonly Row[] => {
  if (baseline.kind === 'none') return [];
  const changed = definite(baseline.comparison.causes).filter(({ class: group }) => group === 'data' || group === 'split');
  const unknown = baseline.comparison.causes.filter(({ class: group, kind }) => kind === 'unknown' && (group === 'data' || group === 'split')).length;
  return rows('changed', [
    ...(changed.length === 0 ? [[faint('no difference is recorded')]] : atMost(changed.map(headLine), most(3), 'differences')),
    ...(unknown === 0 ? [] : [[open(`${countOf(unknown, 'thing')} cannot be compared`)]]),
  ]);
};

const humanRows = ({ model }: Manifest, most: Limit): readonly Row[] => [
  ...row('for', model?.intendedUse === undefined ? NOT_PROVIDED : cut(model.intendedUse, most(300))),
  ...rows(
    'limits',
    model?.limitations === undefined || model.limitations.length === 0
      ? [[NOT_PROVIDED]]
      : atMost(
          model.limitations.map((text): Line => [cut(text, most(200))]),
          most(3),
          'limits',
        ),
  ),
  ...row('owner', model?.owner ?? NOT_PROVIDED),
];

const changeBlocks = (baseline: ReportBaseline, most: Limit): readonly Block[] => {
  if (baseline.kind === 'none') return [];
  const { causes, equal } = baseline.comparison;
  const classRows = CAUSE_CLASSES.flatMap((group) => {
    const [seen, all] = [definite(causes).filter((one) => one.class === group), causes.filter((one) => one.class === group)];
    if (all.length === 0) return [];
    const high = seen.filter(({ risk }) => risk === 'high').length;
    const names = seen.slice(0, most(3)).map(({ label }) => cut(shortPath(label), most(50)));
    const counted = [...(seen.length === 0 ? [] : [`${seen.length} changed`]), ...(all.length === seen.length ? [] : [`${all.length - seen.length} cannot be compared`])].join(
      ', ',
    );
    const shown = names.length === 0 ? '' : `  ${names.join(', ')}${seen.length > names.length ? ` and ${seen.length - names.length} more` : ''}`;
    return row(GROUPS[group], strong(counted), high === 0 ? '' : bad(`  ${high} of high risk`), faint(shown));
  });
  return [
    heading(`Changes since ${cut(baseline.run.name ?? shortId(baseline.run.runId), most(60))}`),
    classRows.length === 0
      ? { kind: 'paragraph', line: ['everything that decides a result is recorded and equal'] }
      : {
          kind: 'rows',
          rows: [
            ...classRows.slice(0, most(MOST_CLASSES)),
            ...row('…', ...(classRows.length > most(MOST_CLASSES) ? [faint(`and ${classRows.length - MOST_CLASSES} more kinds`)] : [])),
          ],
        },
    { kind: 'paragraph', line: [faint(`${countOf(equal.length, 'thing')} equal; trainlock diff lists everything`)] },
  ];
};

const MOST_FINDINGS = 4;
const MOST_CLASSES = 7;

/** What does not hold, what nobody saw, what the recorder warned of, and approvals that do not count. */
const findingLines = ({ manifest, verdict, approval, exceptions }: CaseFacts, most: Limit): readonly Line[] => {
  const { gaps, findings = [] } = manifest.capture;
  const lines: readonly Line[] = [
    ...verdict.checks.flatMap(({ name, outcome, about, because }): readonly Line[] =>
      outcome === 'broken' ? [[bad('broken: '), `${name}${about === undefined ? '' : ` ${shortPath(about)}`}: ${cut(because, most(160))}`]] : [],
    ),
    ...(approval.kind === 'asked'
      ? approval.given.flatMap(({ counts, person, role, because = '' }): readonly Line[] =>
          counts ? [] : [[open('approval that does not count: '), `${person} as ${role}: ${cut(because, most(120))}`]],
        )
      : []),
    ...gaps.map(({ about, reason }): Line => [open('not seen: '), `${about}: ${cut(reason, most(160))}`]),
    ...findings.flatMap(({ severity, message }): readonly Line[] =>
      severity === 'note' ? [] : [[severity === 'error' ? bad('error: ') : open('warning: '), cut(message, most(160))]],
    ),
  ];
  return [
    ...(lines.length === 0 ? [[faint('none is recorded, and nothing that was checked is broken')]] : atMost(lines, most(MOST_FINDINGS), 'findings')),
    ...(exceptions.length === 0
      ? [[faint('exceptions: none')]]
      : atMost(
          exceptions.map(({ counts, because }): Line => [counts ? bad('exception: ') : open('exception that does not count: '), cut(because, most(200))]),
          most(MOST_FINDINGS),
          'exceptions',
        )),
  ];
};

/** Three commands that answer for themselves; the last one without trainlock. */
const checkCommands = ({ manifestSha256, files }: CaseFacts): string =>
  [
    `trainlock verify ${manifestSha256.slice(0, 16)} --data --log`,
    `trainlock replay ${manifestSha256.slice(0, 16)}`,
    `echo ${shellWord(`${manifestSha256}  ${files.statement.file}`)} | sha256sum --check`,
  ].join('\n');
