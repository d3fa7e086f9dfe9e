import { escapeControl, exhaustive } from '#base';
import type { Block, Line, Page } from './page.ts';
import { styled } from './style.ts';

/** A page for a terminal, without a last line feed. Recorded text cannot move the cursor, colour or disguise anything. */
export const renderText = (page: Page, colour: boolean): string =>
  page
    .map((block) => blockText(block, colour))
    .filter((text) => text !== '')
    .join('\n');

const blockText = (block: Block, colour: boolean): string => {
  switch (block.kind) {
    case 'heading':
      return `\n${lineText(block.line, colour)}`;
    case 'paragraph':
      return `${block.apart === true ? '\n' : ''}${lineText(block.line, colour)}`;
    case 'list':
      return block.items.flatMap(({ line, inner = [] }) => [`  ${lineText(line, colour)}`, ...inner.map((one) => `    ${lineText(one, colour)}`)]).join('\n');
    case 'rows':
      return rowsText(block, colour);
    case 'table':
      return tableText(block, colour);
    case 'answers':
      return answersText(block, colour);
    case 'code':
      return codeText(block, colour);
    default:
      return exhaustive(block);
  }
};

const lineText = (line: Line, colour: boolean): string =>
  line.map((span) => (typeof span === 'string' ? escapeControl(span) : styled(escapeControl(span.text), span.tone, colour))).join('');

const plain = (line: Line): string => line.map((span) => escapeControl(typeof span === 'string' ? span : span.text)).join('');

/** Columns that a text takes: wide East Asian letters and most emoji take two, combining marks none. Source: Unicode Standard Annex 11, reduced to blocks. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0)!;
    if (/\p{Mn}|\p{Me}/u.test(letter)) continue;
    width +=
      (point >= 0x1100 && point <= 0x115f) ||
      (point >= 0x2e80 && point <= 0xa4cf) ||
      (point >= 0xac00 && point <= 0xd7a3) ||
      (point >= 0xf900 && point <= 0xfaff) ||
      (point >= 0xfe30 && point <= 0xfe6f) ||
      (point >= 0xff00 && point <= 0xff60) ||
      (point >= 0x1f300 && point <= 0x1faff) ||
      point >= 0x20000
        ? 2
        : 1;
  }
  return width;
};

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const rowsText = (block: Extract<Block, { kind: 'rows' }>, colour: boolean): string => {
  const width = Math.max(0, ...block.rows.map(({ label }) => widthOf(escapeControl(label)))) + 2;
  return block.rows
    .flatMap(({ label, lines }) => lines.map((line, i) => `${styled(padded(i === 0 ? escapeControl(label) : '', width), 'faint', colour)}${lineText(line, colour)}`))
    .join('\n');
};

const tableText = (block: Extract<Block, { kind: 'table' }>, colour: boolean): string => {
  const widths = block.head.map((title, column) => block.rows.reduce((most, cells) => Math.max(most, widthOf(plain(cells[column] ?? []))), widthOf(title)));
  const cell = (line: Line, column: number): string =>
    lineText(line, colour) + ' '.repeat(column === block.head.length - 1 ? 0 : Math.max(0, (widths[column] ?? 0) - widthOf(plain(line))));
  const head = block.head.map((title, column) => styled(padded(escapeControl(title), column === block.head.length - 1 ? 0 : (widths[column] ?? 0)), 'faint', colour)).join('  ');
  return [head, ...block.rows.map((cells) => cells.map(cell).join('  '))].map((line) => `  ${line.trimEnd()}`).join('\n');
};

const answersText = ({ answers }: Extract<Block, { kind: 'answers' }>, colour: boolean): string => {
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => widthOf(escapeControl(text)))) + 2;
  const [questions, words] = [width(answers.map(({ question }) => question)), width(answers.map(({ word }) => word))];
  return answers
    .flatMap(({ question, tone, word, line, inner = [] }) => [
      `${padded(escapeControl(question), questions)}${styled(padded(escapeControl(word), words), tone, colour)}${lineText(line, colour)}`.trimEnd(),
      ...inner.map((one) => `${' '.repeat(questions + words)}${lineText(one, colour)}`),
    ])
    .join('\n');
};

const codeText = (block: Extract<Block, { kind: 'code' }>, colour: boolean): string =>
  block.text
    .split('\n')
    .map((line) => `    ${styled(escapeControl(line.replaceAll('\t', '  ')), block.language === 'diff' ? toneOf(line) : 'plain', colour)}`)
    .join('\n');

const toneOf = (line: string): 'good' | 'bad' | 'faint' | 'plain' => (line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : line.startsWith('@@') ? 'faint' : 'plain');
