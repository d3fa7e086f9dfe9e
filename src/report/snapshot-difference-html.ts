import { formatBytes, nameText } from '#base';
import type { FilesDifference, MediaDifference, SnapshotDifference, SnapshotSide, TableDifference } from '#snapshot';
import { differenceSentence, tableTitle } from './difference-sentence.ts';
import { PAGE_STYLE } from './difference-style.ts';
import { counted, grouped, listed, percent } from './figures.ts';
import { html, type Markup, nothing } from './markup.ts';
import { shortTime } from './short.ts';
import { fileCounts, GRADES_EXPLAINED, unreadableText } from './snapshot-difference-page.ts';
import { statementBadge, tableSection } from './table-difference-html.ts';

const MOST_FILES = 200;

/**
 * What differs between two snapshots as one HTML page that needs nothing else: no script, no font, no picture to load. Recorded
 * text is escaped, whatever it holds.
 */
export const snapshotDifferenceHtml = (difference: SnapshotDifference): string => {
  const told = difference.tables.filter(({ statement }) => statement === 'changed' || statement === 'unknown');
  const title = `${difference.before.name ?? difference.before.path} and ${difference.after.name ?? difference.after.path}: what differs`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${{ markup: PAGE_STYLE }}
        </style>
      </head>
      <body>
        <main>
          <h1>What differs between two snapshots</h1>
          <p class="verdict">${capital(differenceSentence(difference))}.</p>
          <div class="sides">${sideCard(difference.before, 'before')}${sideCard(difference.after, 'after')}</div>
          ${notes(difference.notes)}${difference.files === undefined ? nothing : filesSection(difference.files)}${tablesSection(difference)}${told.map(tableSection)}${mediaSection(difference.media)}
          <footer class="faint small">
            <p>
              ${GRADES_EXPLAINED} The Kolmogorov-Smirnov distance (KS) is the largest difference of the shares below a value; histograms and quantiles give an estimate with bounds.
            </p>
          </footer>
        </main>
      </body>
    </html> `.markup;
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const sideCard = ({ name, path, takenAt, fileCount, sizeBytes, treeRoot, complete }: SnapshotSide, side: 'before' | 'after'): Markup =>
  html`<div>
    <h3 class="${`is-${side}`}">${side === 'before' ? 'Before' : 'After'}: ${name ?? path}</h3>
    <p class="faint small">${shortTime(takenAt)} · ${counted(fileCount, 'file')} · ${formatBytes(sizeBytes)}</p>
    <p class="small"><code>${treeRoot}</code></p>
    ${complete ? nothing : html`<p><span class="badge open">not complete</span></p>`}
  </div>`;

const notes = (texts: readonly string[]): Markup =>
  texts.length === 0
    ? nothing
    : html`<ul>
        ${texts.map((text) => html`<li>${text}</li>`)}
      </ul> `;

type FileRow = { readonly what: string; readonly path: string; readonly detail: string };

const filesSection = (files: FilesDifference): Markup => {
  const rows: readonly FileRow[] = [
    ...files.changed.examples.map(({ aspects, sizeBytesBefore, sizeBytesAfter, ...name }) => ({
      what: 'changed',
      path: nameText(name),
      detail: `${listed(aspects)}; ${formatBytes(sizeBytesBefore)} → ${formatBytes(sizeBytesAfter)}`,
    })),
    ...files.renamed.examples.map(({ from, to, also, sizeBytes }) => ({
      what: 'renamed',
      path: `${nameText(from)} → ${nameText(to)}`,
      detail: `${formatBytes(sizeBytes)}${also.length === 0 ? '' : `; ${listed(also)} differs too`}`,
    })),
    ...files.removed.examples.map(({ sizeBytes, ...name }) => ({ what: 'removed', path: nameText(name), detail: formatBytes(sizeBytes) })),
    ...files.added.examples.map(({ sizeBytes, ...name }) => ({ what: 'added', path: nameText(name), detail: formatBytes(sizeBytes) })),
  ];
  if (rows.length === 0) return nothing;
  const all = files.changed.count + files.renamed.count + files.removed.count + files.added.count;
  const shown = rows.slice(0, MOST_FILES);
  const caption = `${listed(fileCounts(files))}; ${grouped(files.same.count)} equal${shown.length < all ? `. The first ${grouped(shown.length)} are shown` : ''}${files.renameSearch === 'done' ? '' : '. So many files came and went that nobody looked which were renamed'}`;
  return html`<section>
    <h2>Files</h2>
    <div class="card wide">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Path</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ what, path, detail }) =>
              html`<tr>
                <td>${what}</td>
                <td><code>${path}</code></td>
                <td class="faint">${detail}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section> `;
};

const tablesSection = ({ tables, tablesAdded, tablesRemoved }: SnapshotDifference): Markup => {
  const identical = tables.filter(({ statement }) => statement === 'identical').length;
  const rows = [
    ...tables.filter(({ statement }) => statement !== 'identical').map(tableRow),
    ...tablesAdded.map(
      (table) =>
        html`<tr>
          <td><code>${tableTitle(table)}</code></td>
          <td><span class="badge">new</span></td>
          <td class="number">${rowsText(undefined, table.rowCount)}</td>
          <td></td>
        </tr>`,
    ),
    ...tablesRemoved.map(
      (table) =>
        html`<tr>
          <td><code>${tableTitle(table)}</code></td>
          <td><span class="badge">gone</span></td>
          <td class="number">${rowsText(table.rowCount, undefined)}</td>
          <td></td>
        </tr>`,
    ),
  ];
  if (rows.length === 0 && identical === 0) return nothing;
  const body =
    rows.length === 0
      ? nothing
      : html`<div class="card wide">
          <table>
            <thead>
              <tr>
                <th scope="col">Table</th>
                <th scope="col">Statement</th>
                <th scope="col" class="number">Rows</th>
                <th scope="col">Because</th>
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>
        </div>`;
  return html`<section>
    <h2>Tables</h2>
    ${body}${identical === 0 ? nothing : html`<p class="faint">${counted(identical, 'table')} ${identical === 1 ? 'is' : 'are'} identical.</p>`}
  </section> `;
};

const tableRow = ({ before, after, statement, because }: TableDifference): Markup =>
  html`<tr>
    <td><code>${tableTitle(after)}</code>${before.path === after.path ? nothing : html`<br /><span class="faint small">was ${tableTitle(before)}</span>`}</td>
    <td>${statementBadge(statement)}</td>
    <td class="number">${rowsText(before.rowCount, after.rowCount)}</td>
    <td class="faint">${because}</td>
  </tr>`;

const rowsText = (before: number | undefined, after: number | undefined): string => {
  const [old, young] = [before, after].map((count) => (count === undefined ? undefined : grouped(count)));
  if (old === young) return old ?? '';
  return old === undefined ? young! : young === undefined ? old : `${old} → ${young}`;
};

const mediaSection = (media: readonly MediaDifference[]): Markup =>
  media.length === 0
    ? nothing
    : html`<section>
        <h2>Images, recordings and texts</h2>
        <div class="card wide">
          <table>
            <thead>
              <tr>
                <th scope="col">Folder</th>
                <th scope="col">Kind</th>
                <th scope="col" class="number">Files</th>
                <th scope="col">Classes</th>
                <th scope="col">Unreadable</th>
              </tr>
            </thead>
            <tbody>
              ${media.map(
                ({ path, kind, fileCount, unreadable, classes }) =>
                  html`<tr>
                    <td><code>${path}</code></td>
                    <td>${kind}</td>
                    <td class="number">${grouped(fileCount.before)} → ${grouped(fileCount.after)}</td>
                    <td class="faint">
                      ${classes === undefined ? 'not known' : `${classes.grade}: ${percent(classes.totalVariation)} moved, PSI ${classes.stabilityIndex.toFixed(3)}`}
                    </td>
                    <td>${unreadable === undefined ? 'none' : unreadableText(unreadable)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section> `;
