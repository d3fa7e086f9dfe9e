import { countOf } from '#base';
import type { EnvironmentFinding } from '#environment';
import { bad, type Block, faint, good, type Line, open, type Page, type Span, strong } from './page.ts';

export type EnvironmentDifferenceView = {
  readonly run: { readonly id: string; readonly name?: string };
  readonly with: { readonly kind: 'here'; readonly python?: string } | { readonly kind: 'run'; readonly id: string; readonly name?: string };
  readonly packages: number;
  readonly findings: readonly EnvironmentFinding[];
  readonly outcome: 'same' | 'different' | 'undecided';
};

const TITLES: Readonly<Record<EnvironmentFinding['id'], string>> = {
  TL3001: 'interpreter and packages',
  TL3002: 'native libraries',
  TL3003: 'CPU and its kernels',
  TL3004: 'threads, variables, locale',
  TL3005: 'accelerators',
};

const OUTCOME: Readonly<Record<EnvironmentDifferenceView['outcome'], Span>> = { same: good('same'), different: bad('different'), undecided: open('undecided') };

/** The environment of a run against another one: what differs, and how it is repaired. */
export const environmentDifferencePage = (view: EnvironmentDifferenceView): Page => {
  const { findings, outcome } = view;
  const unknown = findings.filter(({ state }) => state === 'unknown').length;
  const counts = [countOf(findings.length - unknown, 'difference'), ...(unknown === 0 ? [] : [`${countOf(unknown, 'question')} without an answer`])].join(', ');
  return [
    {
      kind: 'paragraph',
      line: [
        OUTCOME[outcome],
        `  ${nameOf(view.run)} against ${otherName(view.with)}`,
        faint(`: ${findings.length === 0 ? `${countOf(view.packages, 'package')}, nothing differs` : counts}`),
      ],
    },
    ...Object.entries(TITLES).flatMap(([id, title]): readonly Block[] => {
      const own = findings.filter((finding) => finding.id === id);
      return own.length === 0
        ? []
        : [
            { kind: 'heading', line: [strong(`${id}  ${title}`)] },
            { kind: 'list', items: own.map((finding) => ({ line: headLine(finding), inner: [[faint(`fix: ${finding.remedy}`)]] })) },
          ];
    }),
  ];
};

const headLine = ({ severity, state, about, recorded, here }: EnvironmentFinding): Line => [
  state === 'unknown' ? open('unknown') : severity === 'high' ? bad('high') : severity === 'medium' ? open('medium') : faint('low'),
  `  ${about}: ${recorded} recorded, ${state === 'unknown' ? 'here ' : ''}${here}${state === 'unknown' ? '' : ' here'}`,
];

const nameOf = ({ id, name }: { readonly id: string; readonly name?: string }): string => (name === undefined ? `run ${id.slice(0, 8)}` : `${name} (${id.slice(0, 8)})`);

const otherName = (other: EnvironmentDifferenceView['with']): string =>
  other.kind === 'run' ? nameOf(other) : `this machine${other.python === undefined ? '' : ` with ${other.python}`}`;
