import type { ChangeDecision } from '#approval';
import type { Comparison } from '#diff';
import { type ChangesView, changesPage } from './changes-page.ts';
import { comparisonPage } from './comparison-page.ts';
import { bad, type Block, faint, good, open, type Page, type Row, row, strong } from './page.ts';
import { renderMarkdown } from './render-markdown.ts';

export type CiView = ChangesView & {
  readonly policy?: { readonly path: string; readonly sha256?: string };
  readonly trust: { readonly anchor: 'pinned' | 'base'; readonly standing: string };
  readonly authors: readonly string[];
  readonly changes: readonly {
    readonly file: string;
    /** Absent where it follows nothing. */
    readonly baseline?: { readonly runId: string; readonly name?: string };
    readonly candidate: { readonly runId: string; readonly name?: string };
    readonly actors: readonly string[];
    readonly decision: ChangeDecision;
    readonly comparison: Comparison;
  }[];
};

/** What CI found, and by whose rules. */
export const ciPage = (view: CiView): Page => [...changesPage(view), { kind: 'rows', rows: placeRows(view) }, ...view.changes.flatMap(changeBlocks)];

const placeRows = ({ policy, trust, authors }: CiView): readonly Row[] => [
  ...row('policy', policy === undefined ? open('the base has none') : policy.path, policy?.sha256 === undefined ? '' : faint(`  sha256 ${policy.sha256}`)),
  ...row(
    'trust',
    trust.standing === 'accepted'
      ? trust.anchor === 'base'
        ? 'the trust file of the base'
        : 'the trust file of the base, by roots that are pinned here'
      : open(`${trust.standing}: whose signatures count is not known here`),
  ),
  ...(authors.length === 0 ? [] : row('authors', authors.join(', '))),
];

const VERDICTS = { allowed: good('approved'), denied: bad('denied'), undecided: open('not approved yet') } as const;

const changeBlocks = ({ baseline, candidate, actors, decision }: CiView['changes'][number]): Page => [
  { kind: 'heading', line: [strong(`${baseline === undefined ? 'nothing' : called(baseline)} to ${called(candidate)}`), '  ', VERDICTS[decision.kind]] },
  {
    kind: 'rows',
    rows: [
      ...row('made by', actors.length === 0 ? open('nobody knows') : actors.join(', ')),
      ...decision.rules.flatMap(({ id, state, requirements }) =>
        row(id, state === 'satisfied' ? good('satisfied') : state === 'outstanding' ? open('outstanding') : bad('cannot be satisfied'), eligibleText(requirements)),
      ),
    ],
  },
];

const eligibleText = (requirements: ChangeDecision['rules'][number]['requirements']): string =>
  requirements
    .filter(({ missing }) => missing > 0)
    .map(({ roles, missing, eligible }) => `  ${missing} × ${roles.join(' or ')}${eligible.length === 0 ? '' : `: ${eligible.join(', ')}`}`)
    .join(';');

const called = ({ runId, name }: { readonly runId: string; readonly name?: string }): string => name ?? runId.slice(0, 8);

/** A comment of GitHub takes 65,536 characters. */
const MOST_LETTERS = 60_000;

/** The same as a comment for a code host, with what differs between the records, as far as it takes that. */
export const ciMarkdown = (view: CiView): string => {
  const head: Page = [{ kind: 'heading', line: ['trainlock'] }, ...ciPage(view)];
  let text = renderMarkdown(head);
  let left = 0;
  for (const { baseline, candidate, comparison } of view.changes) {
    if (left > 0) {
      left += 1;
      continue;
    }
    const title: Block = { kind: 'heading', line: [`what differs: ${baseline === undefined ? 'nothing' : called(baseline)} to ${called(candidate)}`] };
    const next = renderMarkdown([title, ...comparisonPage(comparison)]);
    if (text.length + next.length < MOST_LETTERS) text = `${text}\n\n${next}`;
    else left += 1;
  }
  const cut = text.length > MOST_LETTERS ? `${text.slice(0, text.lastIndexOf('\n', MOST_LETTERS))}\n\n… cut: the command itself says all of it` : text;
  return `${cut}${left === 0 ? '' : `\n\n${left} more comparisons are left out: trainlock diff shows them`}\n`;
};
