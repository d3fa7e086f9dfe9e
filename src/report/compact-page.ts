import { type Block, faint, type Line, type Page, type Row, type Span } from './page.ts';
import { cut } from './short.ts';

/** Most letters of a line, and most lines of a row: so much of everything fits on one sheet. */
const MOST_LETTERS = 120;
const MOST_LINES = 3;

/** A page whose lines are cut, so that no recorded text can make it long. Code stays: it is ours. */
export const compactPage = (page: Page): Page => page.map(compactBlock);

const compactBlock = (block: Block): Block => {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return { ...block, line: compactLine(block.line) };
    case 'rows':
      return { ...block, rows: block.rows.map(compactRow) };
    case 'list':
      return { ...block, items: block.items.map((item) => ({ ...item, line: compactLine(item.line) })) };
    case 'answers':
      return { ...block, answers: block.answers.map((answer) => ({ ...answer, line: compactLine(answer.line) })) };
    case 'table':
    case 'code':
      return block;
  }
};

const compactRow = ({ label, lines }: Row): Row => ({ label, lines: fewLines(lines).map(compactLine) });

/** The first lines, and how many follow. A line that counts others already is counted as those. */
const fewLines = (lines: readonly Line[]): readonly Line[] => {
  const rest = lines.slice(MOST_LINES);
  if (rest.length === 0 || (rest.length === 1 && countedBy(rest[0]!) !== undefined)) return lines;
  const hidden = rest.reduce((sum, line) => sum + (countedBy(line) ?? 1), 0);
  return [...lines.slice(0, MOST_LINES), [faint(`… and ${hidden} more`)]];
};

/** How many lines stand behind a line that says "… and N more". */
const countedBy = ([first]: Line): number | undefined => {
  const counted = /^… and (\d+) more\b/.exec(typeof first === 'string' ? first : (first?.text ?? ''))?.[1];
  return counted === undefined ? undefined : Number(counted);
};

/** The spans up to the letter where there are too many. */
const compactLine = (line: Line): Line => {
  let left = MOST_LETTERS;
  return line.flatMap((span): readonly Span[] => {
    const text = typeof span === 'string' ? span : span.text;
    if (left <= 0 || text === '') return [];
    const shown = cut(text, left);
    left -= Array.from(shown).length;
    return [typeof span === 'string' ? shown : { ...span, text: shown }];
  });
};
