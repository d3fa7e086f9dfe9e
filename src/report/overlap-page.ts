import type { NearDuplicates, NearOverlap, Overlap, PairOverlap, PartRepeats } from '#snapshot';
import { counted, grouped, listed, percent } from './figures.ts';
import { atMost, bad, type Block, faint, good, type Line, open, type Page, row, type Row, rows, strong } from './page.ts';

const MOST_EXAMPLES = 5;

/** What the parts of a data set have in common: one sentence, then pair by pair, and what stands twice inside a part. */
export const overlapPage = (overlap: Overlap): Page => [
  { kind: 'paragraph', line: [isClean(overlap) ? good(overlapSentence(overlap)) : strong(overlapSentence(overlap))] },
  ...pairBlocks(overlap),
  ...(overlap.near === undefined ? [] : nearBlocks(overlap.near)),
  ...(overlap.notes ?? []).map((note): Block => ({ kind: 'paragraph', line: [open(note)] })),
  { kind: 'heading', line: [strong('Inside the parts')] },
  { kind: 'rows', rows: overlap.parts.flatMap((part) => row(part.part, ...repeatSpans(part, overlap))) },
];

const isClean = ({ pairs, near }: Overlap): boolean =>
  pairs.every(({ shared }) => shared === 0) && (near?.pairs ?? []).every(({ pairs: count }) => count === 0) && (near?.limits ?? []).length === 0;

const thing = ({ by }: Pick<Overlap, 'by'>): string => (by.kind === 'row' ? 'row' : by.columns.length === 1 ? `value of ${by.columns[0]}` : 'group');

const things = (overlap: Overlap): string =>
  overlap.by.kind === 'row' ? 'rows' : overlap.by.columns.length === 1 ? `values of ${overlap.by.columns[0]}` : `groups by ${listed(overlap.by.columns)}`;

const overlapSentence = (overlap: Overlap): string => {
  const shared = overlap.pairs.filter((pair) => pair.shared > 0);
  const near = (overlap.near?.pairs ?? []).filter(({ pairs }) => pairs > 0);
  const parts = [
    ...(shared.length === 0 ? [`no two parts share a ${thing(overlap)}`] : shared.map((pair) => pairSentence(pair, overlap))),
    ...near.map(({ parts: names, rows: affected }) => `${counted(affected[1], 'text')} of ${names[1]} ${affected[1] === 1 ? 'is' : 'are'} nearly in ${names[0]}`),
  ];
  return parts.join('; ');
};

const pairSentence = ({ parts: [left, right], shared, rows: affected, shares }: PairOverlap, overlap: Overlap): string =>
  `${left} and ${right} share ${counted(shared, thing(overlap), things(overlap))}: ${counted(affected[0], 'row')} of ${left} (${percent(shares[0])}) and ${grouped(affected[1])} of ${right} (${percent(shares[1])})`;

const pairBlocks = (overlap: Overlap): readonly Block[] => {
  const found: readonly Row[] = overlap.pairs.flatMap((pair) => rows(pair.parts.join(', '), pairLines(pair, overlap)));
  return found.length === 0
    ? []
    : [
        { kind: 'heading', line: [strong('Between the parts'), faint(overlap.by.kind === 'row' ? '  whole rows' : `  by ${listed(overlap.by.columns)}`)] },
        { kind: 'rows', rows: found },
      ];
};

const pairLines = ({ shared, rows: affected, shares, examples, parts, columns }: PairOverlap, overlap: Overlap): readonly Line[] =>
  shared === 0
    ? [[good('nothing shared'), faint(overlap.by.kind === 'row' ? `  ${counted(columns.length, 'column')} compared` : '')]]
    : [
        [bad(`${grouped(shared)} shared`), `  ${grouped(affected[0])} (${percent(shares[0])}) and ${counted(affected[1], 'row')} (${percent(shares[1])})`],
        ...atMost(
          examples.map(({ rows: [left, right] }): Line => [
            faint(
              overlap.by.kind === 'row'
                ? `row ${grouped(left)} of ${parts[0]} is row ${grouped(right)} of ${parts[1]}`
                : `row ${grouped(left)} of ${parts[0]} and row ${grouped(right)} of ${parts[1]} have the same ${listed(overlap.by.columns)}`,
            ),
          ]),
          MOST_EXAMPLES,
          'examples',
        ),
      ];

const nearBlocks = ({ column, threshold, shingle, foundAtThreshold, pairs, limits }: NearDuplicates): readonly Block[] => [
  {
    kind: 'heading',
    line: [
      strong('Nearly the same texts'),
      faint(`  column ${column}, ${threshold} or more of the ${shingle.unit === 'word' ? `runs of ${shingle.length} words` : `runs of ${shingle.length} characters`} shared`),
    ],
  },
  {
    kind: 'rows',
    rows: [
      ...pairs.flatMap((pair) => rows(pair.parts.join(', '), nearLines(pair))),
      ...rows(
        'not looked at',
        limits.map((limit): Line => [open(limit)]),
      ),
      ...row('method', faint(`MinHash finds a pair just at the threshold in ${percent(foundAtThreshold)} of the cases; every pair told was computed`)),
    ],
  },
];

const nearLines = ({ pairs, rows: affected, shares, examples, parts }: NearOverlap): readonly Line[] =>
  pairs === 0
    ? [[good('none found')]]
    : [
        [bad(counted(pairs, 'pair')), `  ${grouped(affected[0])} (${percent(shares[0])}) and ${counted(affected[1], 'row')} (${percent(shares[1])})`],
        ...atMost(
          examples.map(({ rows: [left, right], similarity }): Line => [
            faint(`row ${grouped(left)} of ${parts[0]} and row ${grouped(right)} of ${parts[1]}: ${percent(similarity)}`),
          ]),
          MOST_EXAMPLES,
          'examples',
        ),
      ];

const repeatSpans = ({ rowCount, repeated, surplus, withoutKey }: PartRepeats, { by }: Overlap): Line => [
  counted(rowCount, 'row'),
  // A group has several rows by nature; the same row twice is worth a word.
  ...(by.kind === 'key'
    ? [faint(`  ${grouped(rowCount - withoutKey - surplus)} different`)]
    : repeated === 0
      ? [faint('  all different')]
      : [open(`  ${counted(surplus, 'row')} ${surplus === 1 ? 'repeats' : 'repeat'} another`)]),
  ...(withoutKey === 0 ? [] : [open(`  ${grouped(withoutKey)} without a value in the key`)]),
];
