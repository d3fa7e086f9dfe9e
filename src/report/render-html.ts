import { exhaustive } from '#base';
import { HTML_STYLE, HTML_STYLE_SHA256 } from './html-style.ts';
import { html, type Markup, nothing } from './markup.ts';
import type { AnswerLine, Block, Line, Page, Span } from './page.ts';

/**
 * A page as one HTML file that needs nothing else: no script, no font, no picture to load, and its policy of content forbids them.
 * Recorded text is escaped, whatever it holds. `title` is what the page is about; a sheet is printed small, in two columns. The first block, if it is a paragraph, is the heading.
 */
export const renderHtml = (page: Page, title: string, isSheet: boolean = false): string => {
  const [first, ...others] = page;
  const isHead = first?.kind === 'paragraph';
  const policy = `default-src 'none'; style-src 'sha256-${HTML_STYLE_SHA256}'; base-uri 'none'; form-action 'none'`;
  const body = isHead
    ? html`<h1>${lineMarkup(first.line)}</h1>
        ${others.map(blockMarkup)}`
    : html`${page.map(blockMarkup)}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    html`<meta http-equiv="Content-Security-Policy" content="${policy}" />`.markup,
    '<meta name="referrer" content="no-referrer">',
    html`<title>${title}</title>`.markup,
    // Not a template: the digest in the policy is over exactly these bytes.
    `<style>${HTML_STYLE}</style>`,
    '</head>',
    '<body>',
    `<main${isSheet ? ' class="sheet"' : ''}>${body.markup}</main>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
};

const blockMarkup = (block: Block): Markup => {
  switch (block.kind) {
    case 'heading':
      return html`<h2>${lineMarkup(block.line)}</h2>`;
    case 'paragraph':
      return html`<p>${lineMarkup(block.line)}</p>`;
    case 'list':
      return html`<ul>
        ${block.items.map(
          ({ line, inner = [] }) =>
            html`<li>
              ${lineMarkup(line)}${
                inner.length === 0
                  ? nothing
                  : html`<ul>
                      ${inner.map((one) => html`<li>${lineMarkup(one)}</li>`)}
                    </ul>`
              }
            </li>`,
        )}
      </ul>`;
    case 'rows':
      return block.rows.length === 0
        ? nothing
        : html`<dl>
            ${block.rows.map(
              ({ label, lines }) =>
                html`<dt>${label.trim()}</dt>
                  <dd>${lines.map((line) => html`<p>${lineMarkup(line)}</p>`)}</dd>`,
            )}
          </dl>`;
    case 'table':
      return html`<table>
        <thead>
          <tr>
            ${block.head.map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${block.rows.map(
            (cells) =>
              html`<tr>
                ${cells.map((line) => html`<td>${lineMarkup(line)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>`;
    case 'answers':
      return html`<ul class="answers">
        ${block.answers.map(answerMarkup)}
      </ul>`;
    case 'code':
      // Line by line: what is escaped must not lose its line ends.
      return html`<pre><code>${block.text.split('\n').map((line) => html`${line}${NEWLINE}`)}</code></pre>`;
    default:
      return exhaustive(block);
  }
};

const NEWLINE: Markup = { markup: '\n' };

/** The word says what the colour and the sign repeat. */
const ICONS: Readonly<Record<AnswerLine['tone'], string>> = { good: '✓', bad: '✗', open: '!', faint: '–' };

const answerMarkup = ({ question, tone, word, line, inner = [] }: AnswerLine): Markup =>
  html`<li>
    <span class="question">${question}</span> <span class="${`word ${tone}`}"><span aria-hidden="true">${ICONS[tone]} </span>${word}</span>
    <span class="why">${lineMarkup(line)}${inner.map((one) => html`<br />${lineMarkup(one)}`)}</span>
  </li>`;

const lineMarkup = (line: Line): Markup => html`${line.map(spanMarkup)}`;

const spanMarkup = (span: Span): Markup => {
  if (typeof span === 'string') return html`${span}`;
  switch (span.tone) {
    case 'plain':
      return html`${span.text}`;
    case 'strong':
      return html`<strong>${span.text}</strong>`;
    case 'faint':
    case 'good':
    case 'bad':
    case 'open':
      return html`<span class="${span.tone}">${span.text}</span>`;
    default:
      return exhaustive(span.tone);
  }
};
