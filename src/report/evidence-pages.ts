import { countOf } from '#base';
import type { AlcoaLetter, Coverage, CoverageState, EvidencePointer } from '#evidence';
import { type AnswerLine, type Block, faint, type Line, open, type Page, row, rows, strong } from './page.ts';
import { brief, cut, type Limit, shortDigest, shortId } from './short.ts';

type AboutRun = { readonly id: string; readonly name?: string; readonly manifestSha256: string };

export type CoverageView = Coverage & { readonly run: AboutRun; readonly askedAt: string };
export type AlcoaView = { readonly run: AboutRun; readonly letters: readonly AlcoaLetter[] };
export type MappingRow = { readonly id: string; readonly date: string; readonly title: string; readonly sha256: string; readonly clauses: number; readonly drafts: number };

const TONES: Readonly<Record<CoverageState, AnswerLine['tone']>> = { evidenced: 'good', partial: 'open', 'human-statement': 'faint', 'not-evidenced': 'faint' };

/** Most places that are told with one clause; the JSON has all. */
const MOST_POINTERS = 3;

/** A framework, clause by clause: what the record shows, where to look it up, and what nothing here can show. */
export const coveragePage = ({ map, clauses, run, askedAt, neverEvidenced }: CoverageView, most: Limit = brief): Page => {
  const counts = new Map<CoverageState, number>();
  for (const { state } of clauses) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [
    { kind: 'paragraph', line: [strong(map.title), faint(`  what ${run.name ?? shortId(run.id)} has to show`)] },
    {
      kind: 'rows',
      rows: [
        ...row(
          'map',
          `${map.id}@${map.date}`,
          faint(`  sha256 ${shortDigest(map.sha256)}`),
          map.isDraft ? open('  with drafts: clauses that nobody has checked against the text') : '',
        ),
        ...row('run', `sha256 ${run.manifestSha256}`, faint(`  asked ${askedAt}`)),
        ...row('clauses', [...counts].map(([state, count]) => `${count} ${state}`).join(', ')),
        ...rows(
          'notes',
          map.notes.map((note): Line => [note]),
        ),
      ],
    },
    ...clauses.flatMap(({ clause, asks, isDraft, state, because, evidence, commands, beyond }): readonly Block[] => [
      { kind: 'heading', line: [strong(clause), faint(`  ${asks}`), isDraft ? open('  [draft]') : ''] },
      {
        kind: 'answers',
        answers: [
          {
            question: '',
            tone: TONES[state],
            word: state,
            line: [cut(because[0] ?? 'trainlock has nothing to show for it', most(200))],
            inner: [
              ...because.slice(1).map((reason): Line => [faint(cut(reason, most(200)))]),
              ...(beyond === undefined ? [] : [[open('not shown by it: '), beyond]]),
              ...evidence.slice(0, most(MOST_POINTERS)).map((pointer): Line => [faint(`see ${pointerText(pointer)}`)]),
              ...(evidence.length > most(MOST_POINTERS) ? [[faint(`and ${evidence.length - MOST_POINTERS} more places: --json lists them`)]] : []),
              ...commands.map((command): Line => [faint('run '), command]),
            ],
          },
        ],
      },
    ]),
    { kind: 'heading', line: [strong('Not evidenced by trainlock, whatever the framework')] },
    { kind: 'list', items: neverEvidenced.map((text) => ({ line: [text] })) },
    { kind: 'paragraph', line: [faint('Evidenced means that there is something to look at. Whether a clause is fulfilled is for people to judge.')], apart: true },
  ];
};

const pointerText = ({ file, pointer, sha256 }: EvidencePointer): string =>
  `${file}${pointer === undefined ? '' : ` ${pointer}`}${sha256 === undefined ? '' : `  ${shortDigest(sha256)}`}`;

const ALCOA_TONES: Readonly<Record<AlcoaLetter['state'], AnswerLine['tone']>> = { pass: 'good', fail: 'bad', 'not-applicable': 'faint', 'not-checked': 'faint' };

/** The nine principles, each with where to look it up. */
export const alcoaPage = ({ run, letters }: AlcoaView, most: Limit = brief): Page => [
  { kind: 'paragraph', line: [strong('ALCOA+'), faint(`  of ${run.name ?? shortId(run.id)}, sha256 ${run.manifestSha256}`)] },
  {
    kind: 'answers',
    answers: letters.map(({ letter, principle, state, because, evidence }) => ({
      question: `${letter}  ${principle}`,
      tone: ALCOA_TONES[state],
      word: state.replace('-', ' '),
      line: [cut(because, most(200))],
      inner: evidence.slice(0, most(2)).map((pointer): Line => [faint(`see ${pointerText(pointer)}`)]),
    })),
  },
];

/** The maps that came with trainlock. */
export const mappingsPage = (maps: readonly MappingRow[]): Page => [
  {
    kind: 'table',
    head: ['map', 'date', 'framework', 'clauses', 'state'],
    rows: maps.map(({ id, date, title, clauses, drafts }): readonly Line[] => [
      [strong(id)],
      [date],
      [title],
      [String(clauses)],
      [drafts === 0 ? 'sourced' : open(drafts === clauses ? 'draft' : `${countOf(drafts, 'draft clause')}, ${clauses - drafts} sourced`)],
    ]),
  },
];
