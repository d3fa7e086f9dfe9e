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

/** The first lines. A last one that counts others already is counted on. */
const fewLines = (lines: readonly Line[]): readonly Line[] => {
  const [last] = lines.at(-1) ?? [];
  const counted = /^… and (\d+) more /.exec(typeof last === 'string' ? last : (last?.text ?? ''))?.[1];
  if (lines.length <= MOST_LINES + (counted === undefined ? 0 : 1)) return lines;
  const hidden = lines.length - MOST_LINES + (counted === undefined ? 0 : Number(counted) - 1);
  return [...lines.slice(0, MOST_LINES), [faint(`… and ${hidden} more`)]];
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
