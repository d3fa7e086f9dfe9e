import { countOf } from '#base';
import type { Pin } from '#environment';
import type { Dependencies, Manifest } from '#manifest';
import { bad, type Block, faint, good, type Line, open, type Page, rows, type Span, strong } from './page.ts';
import { cut, shortPath } from './short.ts';
import { machineRows } from './software-rows.ts';

type Distribution = Dependencies['distributions'][number];

export type EnvironmentView = { readonly run: { readonly id: string; readonly name?: string }; readonly manifest: Manifest; readonly pin: Pin };

/** The environment of a run on one or two screens. */
export const environmentPage = ({ run, manifest, pin }: EnvironmentView, all = false): Page => [
  { kind: 'paragraph', line: [strong(`environment of ${run.name === undefined ? `run ${run.id.slice(0, 8)}` : `${run.name} (${run.id.slice(0, 8)})`}`)] },
  {
    kind: 'rows',
    rows: [
      ...rows('interpreter', interpreterLines(manifest)),
      ...machineRows(manifest),
      ...rows('CPU choices', dispatchLines(manifest)),
      ...rows('pinned', pinLines(pin)),
      ...rows('lock file', [lockLine(manifest)]),
    ],
  },
  ...packageBlocks(manifest, all),
  ...nativeBlocks(manifest, all),
  ...gapBlocks(manifest),
];

const interpreterLines = ({ dependencies: { interpreters } }: Manifest): readonly Line[] =>
  interpreters.length === 0
    ? [[open('no Python was seen')]]
    : interpreters.map(({ implementation, version, executable, sha256, compiler, environment }) => [
        `${implementation} ${version}`,
        faint(
          `, ${shortPath(executable)}${environment === undefined ? '' : `, ${environment}`}${compiler === undefined ? '' : `, ${compiler}`}${sha256 === undefined ? '' : `, sha256 ${sha256.slice(0, 12)}`}`,
        ),
      ]);

const DISPATCH = [
  'torch.cpu_capability',
  'numpy.cpu_dispatch',
  'torch.num_threads',
  'torch.deterministic_algorithms',
  'torch.float32_matmul_precision',
  'torch.cuda.version',
  'torch.cudnn.version',
];

const dispatchLines = ({ environment: { runtime = {}, locale, timeZone } }: Manifest): readonly Line[] => [
  ...DISPATCH.flatMap((name): readonly Line[] => (runtime[name] === undefined ? [] : [[`${name} ${cut(runtime[name], 100)}`]])),
  [`locale ${locale ?? 'not recorded'}, time zone ${timeZone ?? 'not recorded'}`],
];

const pinLines = ({ set, notes }: Pin): readonly Line[] => [
  ...Object.entries(set).map(([name, value]): Line => [`${name}=${cut(value, 80)}`]),
  ...notes.map((note): Line => [open(note)]),
];

const lockLine = ({ dependencies: { lock } }: Manifest): Line =>
  lock === undefined
    ? [open('none')]
    : [
        `${lock.kind} ${shortPath(lock.path)}`,
        lock.agrees === 'yes' ? faint(', agrees with what was installed') : open(lock.agrees === 'no' ? ', does not agree with what was installed' : ', was not compared'),
      ];

const packageBlocks = ({ dependencies: { distributions } }: Manifest, all: boolean): readonly Block[] => {
  const shown = distributions.filter(({ relation, imported }) => all || imported === true || relation !== 'unrelated');
  const left = distributions.length - shown.length;
  return [
    { kind: 'heading', line: [strong(`${countOf(distributions.length, 'package')}`), faint(left === 0 ? '' : `, ${left} of them not needed by the run: --all`)] },
    ...(shown.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: ['package', 'version', 'why', 'source', 'proven by'],
            rows: shown.map((one) => [[one.name], [one.version], [whyText(one)], [sourceText(one)], [proofOf(one)]]),
          },
        ]),
  ];
};

const whyText = ({ relation = 'unknown', requiredBy = [], imported }: Distribution): string =>
  `${relation}${imported === true ? ', imported' : ''}${relation === 'transitive' && requiredBy.length > 0 ? `, for ${cut(requiredBy.join(' '), 40)}` : ''}`;

const sourceText = ({ source, installer }: Distribution): string =>
  [source?.kind ?? 'unknown', source?.commit?.slice(0, 12), installer === undefined ? undefined : `by ${installer}`].filter((part) => part !== undefined).join(' ');

const proofOf = ({ source, sizesAgree, modified = [], recordSha256, wheelSha256 }: Distribution): Span => {
  if (sizesAgree === 'no') return bad(`nothing: ${countOf(modified.length, 'file')} changed after the installation`);
  if (source?.kind === 'editable') return open('nothing: its code lies in a folder');
  if (recordSha256 === undefined) return open('nothing: it has no RECORD');
  return good(`RECORD ${recordSha256.slice(0, 12)}${wheelSha256 === undefined ? '' : `, archive ${wheelSha256.slice(0, 12)}`}`);
};

const nativeBlocks = ({ dependencies: { native } }: Manifest, all: boolean): readonly Block[] => {
  if (native.length === 0) return [];
  const owners = new Map<string, Dependencies['native'][number][]>();
  for (const library of native) {
    const { owner, path } = library;
    const name =
      owner === undefined ? (/\/lib-dynload\/|\/libpython|\/python[0-9.]*$/.test(path) ? 'the interpreter' : 'no package') : `${owner.name} ${owner.version ?? ''}`.trim();
    owners.set(name, [...(owners.get(name) ?? []), library]);
  }
  return [
    { kind: 'heading', line: [strong(countOf(native.length, 'native library', 'native libraries'))] },
    {
      kind: 'list',
      items: [...owners].map(([name, libraries]) => ({
        line: [`${name}: ${countOf(libraries.length, 'library', 'libraries')}`],
        inner: all ? libraries.map(({ path, buildId }): Line => [shortPath(path), faint(buildId === undefined ? ', no build id' : `, build id ${buildId.slice(0, 12)}`)]) : [],
      })),
    },
  ];
};

const gapBlocks = ({ capture: { gaps } }: Manifest): readonly Block[] => {
  const own = gaps.filter(({ about }) => /^\/(?:environment|dependencies)/.test(about));
  return own.length === 0
    ? []
    : [
        { kind: 'heading', line: [strong('not seen')] },
        { kind: 'list', items: own.map(({ about, reason, remedy }) => ({ line: [open(`${about}: ${reason}`)], inner: remedy === undefined ? [] : [[faint(`fix: ${remedy}`)]] })) },
      ];
};
