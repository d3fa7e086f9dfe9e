import type { ColumnDifference, ColumnsDifference, Grade, LabelShift, RowExample, RowsDifference, SharedBin, TableDifference, TableStatement } from '#snapshot';
import { tableTitle } from './difference-sentence.ts';
import { driftChart } from './drift-chart.ts';
import { isLabelShiftWorthTelling, measurePhrases, saysSomething, shapePhrases, valuePhrases } from './drift-phrases.ts';
import { counted, grouped, listed, percent } from './figures.ts';
import { html, type Markup, nothing } from './markup.ts';
import { cut } from './short.ts';
import { cellText, comparedBy, hasDifferentRows, repeatedKeysText, repeatedRowsText, rowCountsText, STATEMENTS, unknownColumns } from './table-difference-blocks.ts';
import { valueText } from './value-text.ts';

const MOST_COLUMNS = 60;
const MOST_EXAMPLES = 50;
const MOST_NAMES = 20;

const STATEMENT_TONES: Readonly<Record<TableStatement, string>> = { identical: 'good', 'same-content': 'good', changed: 'bad', unknown: 'open' };
const GRADE_TONES: Readonly<Record<Grade, string>> = { strong: 'bad', moderate: 'open', stable: 'good', unknown: '' };
const GRADE_WORDS: Readonly<Record<Grade, string>> = { strong: 'strong drift', moderate: 'moderate drift', stable: 'stable', unknown: 'not known' };

export const statementBadge = (statement: TableStatement): Markup => html`<span class="badge ${STATEMENT_TONES[statement]}">${STATEMENTS[statement]}</span>`;

const gradeBadge = (grade: Grade): Markup => html`<span class="badge ${GRADE_TONES[grade]}">${GRADE_WORDS[grade]}</span>`;

/** A table that differs: rows, columns, and a card with both histograms for each column that says something. */
export const tableSection = ({ after, statement, because, rows, columns }: TableDifference): Markup =>
  html`<section>
    <h2>${tableTitle(after)} ${statementBadge(statement)}</h2>
    <div class="card">
      ${rows !== undefined && hasDifferentRows(rows) ? nothing : html`<p>${because}.</p>`}${rows === undefined ? nothing : rowsPart(rows)}${columns === undefined ? nothing : shapePart(columns)}
    </div>
    ${columns === undefined ? nothing : columnsPart(columns)}
  </section> `;

const rowsPart = (rows: RowsDifference): Markup => {
  const { repeatedKeys, columns, examples } = rows;
  return html`<p>${rowCountsText(rows)}</p>
    <p class="faint small">${comparedBy(rows)}</p>
    ${
      repeatedKeys === undefined ? nothing : html`<p><span class="badge open">repeated keys</span> ${repeatedKeysText(rows, repeatedKeys)}; ${repeatedRowsText(repeatedKeys)}.</p>`
    }${
      columns.length === 0
        ? nothing
        : html`<p>
            Changed cells:
            ${listed(
              columns.map(({ column, changedCells }) => `${cut(column, 60)} ${grouped(changedCells)}`),
              8,
            )}
          </p>`
    }${examples.length === 0 ? nothing : html`<details${{ markup: examples.length <= 10 ? ' open' : '' }}><summary>Examples</summary><div class="wide"><table><thead><tr><th scope="col">What</th><th scope="col" class="number">Row before</th><th scope="col" class="number">Row after</th><th scope="col">Cells</th></tr></thead><tbody>${examples.slice(0, MOST_EXAMPLES).map(exampleRow)}</tbody></table></div></details>`}`;
};

const exampleRow = (example: RowExample): Markup =>
  html`<tr>
    <td>${example.kind}</td>
    <td class="number">${example.kind === 'added' ? '' : grouped(example.before)}</td>
    <td class="number">${example.kind === 'removed' ? '' : grouped(example.after)}</td>
    <td>${example.kind === 'changed' ? listed(example.cells.map(cellText), 6) : ''}</td>
  </tr>`;

const shapePart = ({ added, removed }: ColumnsDifference): Markup =>
  html`${
    added.length === 0
      ? nothing
      : html`<p>
          New columns:
          ${listed(
            added.map(({ name, type }) => `${cut(name, 60)} (${type})`),
            20,
          )}
        </p>`
  }${
    removed.length === 0
      ? nothing
      : html`<p>
          Columns that are gone:
          ${listed(
            removed.map(({ name, type }) => `${cut(name, 60)} (${type})`),
            20,
          )}
        </p>`
  }`;

const RANKS: readonly Grade[] = ['strong', 'moderate', 'unknown', 'stable'];

const columnsPart = ({ shared, label }: ColumnsDifference): Markup => {
  const told = shared.filter(saysSomething).toSorted((a, b) => RANKS.indexOf(a.drift.grade) - RANKS.indexOf(b.drift.grade));
  const shown = told.slice(0, MOST_COLUMNS);
  const silent = shared.filter((column) => !told.includes(column));
  const stable = silent.filter(({ drift }) => drift.grade === 'stable').length;
  const counters = [
    ...(told.length > shown.length ? [`${counted(told.length - shown.length, 'more column')} with differences`] : []),
    ...(stable === 0 ? [] : [counted(stable, 'stable column')]),
  ];
  const legend = shown.length === 0 ? nothing : html`<p class="faint small"><span class="key is-before">before</span> &nbsp; <span class="key is-after">after</span></p>`;
  return html`${label === undefined || !isLabelShiftWorthTelling(label) ? nothing : labelCard(label)}${legend}
    <div class="columns">${shown.map(columnCard)}</div>
    ${counters.length === 0 ? nothing : html`<p class="faint">And ${listed(counters)}.</p>`}${unknownColumns(silent).map(
      ({ because, names }) => html`<p class="faint">Not known how far the values of ${listed(names, MOST_NAMES)} moved: ${because}.</p>`,
    )}`;
};

const columnCard = (column: ColumnDifference): Markup => {
  const { drift, name } = column;
  const phrases = [...shapePhrases(column), ...valuePhrases(drift)];
  return html`<article class="card">
    <header>
      <h3>${cut(name, 80)}</h3>
      ${gradeBadge(drift.grade)}
    </header>
    ${driftChart(column)}${
      phrases.length === 0
        ? nothing
        : html`<ul>
            ${phrases.map((phrase) => html`<li>${phrase}</li>`)}
          </ul>`
    }
    <p class="faint small">${listed(measurePhrases(drift))}</p>
    ${binsTable(drift.stabilityIndex?.bins ?? [])}
  </article>`;
};

const labelCard = ({ column, totalVariation, stabilityIndex, grade, bins }: LabelShift): Markup =>
  html`<div class="card" style="margin-top:12px">
    <header><h3>Labels: ${cut(column, 80)} ${gradeBadge(grade)}</h3></header>
    <p class="faint small">total variation ${totalVariation.toFixed(3)}, PSI ${stabilityIndex.toFixed(3)}</p>
    <div class="wide">${sharesTable(bins)}</div>
  </div>`;

const binsTable = (bins: readonly SharedBin[]): Markup =>
  bins.length === 0
    ? nothing
    : html`<details>
        <summary>Shares of the rows</summary>
        <div class="wide">${sharesTable(bins)}</div>
      </details>`;

const MOST_BINS = 30;

const sharesTable = (bins: readonly SharedBin[]): Markup =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Value</th>
        <th scope="col" class="number">Before</th>
        <th scope="col" class="number">After</th>
      </tr>
    </thead>
    <tbody>
      ${bins.slice(0, MOST_BINS).map(
        ({ name, before, after }) =>
          html`<tr>
            <td>${valueText(name)}</td>
            <td class="number">${percent(before)}</td>
            <td class="number">${percent(after)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
