import { countOf } from '#base';
import { type ReportedFinding, worstFirst } from './findings/reported-finding.ts';
import { bad, faint, good, type Line, open, type Page, paragraph, type Span } from './page.ts';

export type ChangesView = {
  readonly kind: 'whole' | 'refuted' | 'undecided';
  readonly base: { readonly revision: string; readonly commit: string };
  readonly head: { readonly revision: string; readonly commit?: string };
  readonly looked: readonly { readonly kind: string; readonly file: string; readonly change: string }[];
  readonly findings: readonly ReportedFinding[];
};

const MOST = 40;

/** Whether the documents that a change touches are whole. */
export const changesPage = ({ kind, base, head, looked, findings }: ChangesView): Page => [
  paragraph(
    kind === 'whole' ? good('whole') : kind === 'refuted' ? bad('refuted') : open('undecided'),
    `  ${looked.length === 0 ? 'no record, snapshot, policy, trust file or signed word changed' : `${countOf(looked.length, 'document')} changed`}`,
    faint(`  from ${base.revision} (${base.commit.slice(0, 12)}) to ${head.revision}${head.commit === undefined ? '' : ` (${head.commit.slice(0, 12)})`}`),
  ),
  ...findingBlocks(findings),
];

const SEVERITIES: Readonly<Record<ReportedFinding['severity'], Span>> = { error: bad('no'), warning: open('unknown'), note: faint('note') };

/** Findings as a list, the worst first, each with what mends it. */
const findingBlocks = (findings: readonly ReportedFinding[]): Page =>
  findings.length === 0
    ? []
    : [
        {
          kind: 'list',
          items: worstFirst(findings)
            .slice(0, MOST)
            .map((finding) => ({
              line: headLine(finding),
              inner: [...finding.message.split('\n').map((text): Line => [text]), ...(finding.fix === undefined ? [] : [[faint(`fix: ${finding.fix}`)]])],
            })),
        },
        ...(findings.length > MOST ? [paragraph(faint(`… and ${findings.length - MOST} more findings`))] : []),
      ];

const headLine = ({ id, severity, file, line }: ReportedFinding): Line => [
  SEVERITIES[severity],
  `  ${id}`,
  file === undefined ? '' : faint(`  ${file}${line === undefined ? '' : `:${line}`}`),
];
