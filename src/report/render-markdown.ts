import { escapeControl, exhaustive } from '#base';
import type { Block, Line, Page, Span } from './page.ts';

/** A page as GitHub-flavoured Markdown, without a last line feed. Recorded text cannot become markup, links, HTML, mentions or table cells. */
export const renderMarkdown = (page: Page): string =>
  page
    .map((block, i) => ({ text: blockText(block), joined: block.kind === 'list' && page[i + 1]?.kind === 'list' }))
    .filter(({ text }) => text !== '')
    .map(({ text, joined }) => text + (joined ? '\n' : '\n\n'))
    .join('')
    .trimEnd();

const blockText = (block: Block): string => {
  switch (block.kind) {
    case 'heading':
      return `### ${lineText(block.line)}`;
    case 'paragraph':
      return lineText(block.line);
    case 'list':
      return block.items.flatMap(({ line, inner = [] }) => [`- ${lineText(line)}`, ...inner.map((one) => `  - ${lineText(one)}`)]).join('\n');
    case 'rows':
      return table(
        ['', ''],
        block.rows.map(({ label, lines }) => [`**${escaped(label.trim())}**`, lines.map(lineText).join('<br>')]),
      );
    case 'table':
      return table(
        block.head.map(escaped),
        block.rows.map((cells) => cells.map(lineText)),
      );
    case 'answers':
      return table(
        ['', '', ''],
        block.answers.map(({ question, tone, word, line, inner = [] }) => [
          `**${escaped(question)}**`,
          tone === 'bad' ? `**${escaped(word)}**` : escaped(word),
          [line, ...inner].map(lineText).join('<br>'),
        ]),
      );
    case 'code':
      return fenced(block.text, block.language);
    default:
      return exhaustive(block);
  }
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : [`| ${head.join(' | ')} |`, `|${head.map(() => ' --- |').join('')}`, ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');

/** A line; what would start a list or a rule at its beginning is written as a character reference. */
const lineText = (line: Line): string =>
  line
    .map(spanText)
    .join('')
    .trim()
    .replace(/^(?:[-+=]|[0-9]+(?=[.)]))/, (start) => `&#${start.charCodeAt(0)};${start.slice(1)}`);

const spanText = (span: Span): string => {
  if (typeof span === 'string') return escaped(span);
  const text = escaped(span.text);
  if (text.trim() === '') return text;
  switch (span.tone) {
    case 'strong':
    case 'bad':
      return text.replace(/^(\s*)(.*?)(\s*)$/s, '$1**$2**$3');
    case 'plain':
    case 'faint':
    case 'good':
    case 'open':
      return text;
    default:
      return exhaustive(span.tone);
  }
};

/**
 * Every letter that Markdown or HTML could take for more than a letter is written as a character reference. Code hosts turn
 * addresses, @names and #numbers into links after rendering; an empty comment in between keeps them text.
 */
const escaped = (text: string): string =>
  escapeControl(text)
    .replace(/[&<>`*_{}[\]#!|~\\@$^]/g, (letter) => (letter === '@' || letter === '#' ? `&#${letter.charCodeAt(0)};${SPLIT}` : `&#${letter.charCodeAt(0)};`))
    .replaceAll('://', `:${SPLIT}//`)
    .replace(/www\./gi, (start) => `${start.slice(0, 3)}${SPLIT}.`);

const SPLIT = '<!-- -->';

/** A fence that is longer than any run of backticks inside. */
const fenced = (text: string, language: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${escapeControl(text, true)}\n${fence}`;
};
