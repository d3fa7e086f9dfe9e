import type { Column, ColumnDifference, SharedBin } from '#snapshot';
import { percent } from './figures.ts';
import { html, type Markup, nothing } from './markup.ts';
import { cut } from './short.ts';
import { valueText } from './value-text.ts';

const WIDTH = 340;
const HEIGHT = 130;
const BASE = 108;
const TOP = 6;
/** The narrowest bin that is drawn. Unit: part of the whole width. */
const NARROWEST = 1 / 150;

/** Edges of bins, shares of the rows in them, and how wide the bins are in values. */
type Bars = { readonly edges: readonly number[]; readonly shares: readonly number[]; readonly widths: readonly number[] };

/** The values of a column before and after, one over the other; nothing if the profiles show neither bins nor categories. */
export const driftChart = (column: ColumnDifference): Markup => {
  const [before, after] = [barsOf(column.before), barsOf(column.after)];
  if (before !== undefined && after !== undefined) return histogramChart(column.name, before, after);
  const bins = column.drift.stabilityIndex?.basis === 'categories' ? column.drift.stabilityIndex.bins : [];
  return bins.length === 0 ? nothing : categoryChart(column.name, bins);
};

const barsOf = ({ histogram, type }: Column): Bars | undefined => {
  const edges = (histogram?.edges ?? []).map(Number);
  const counts = histogram?.counts ?? [];
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const isUsable = rows > 0 && edges.length === counts.length + 1 && edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge >= edges[i - 1]!));
  if (!isUsable) return undefined;
  const widths = counts.map((_, i) => (type.includes('INT') ? wholeNumbers(edges, i) : edges[i + 1]! - edges[i]!));
  return { edges, shares: counts.map((count) => count / rows), widths };
};

/** Whole numbers in a bin: one bin may hold three of them and the next one two. */
const wholeNumbers = (edges: readonly number[], bin: number): number => {
  const isLast = bin === edges.length - 2;
  return Math.max(1, (isLast ? Math.floor(edges[bin + 1]!) + 1 : Math.ceil(edges[bin + 1]!)) - Math.ceil(edges[bin]!));
};

/** Two histograms on one axis. Their bins differ in width: what is drawn is the share of the rows by width, so that areas compare. */
const histogramChart = (name: string, before: Bars, after: Bars): Markup => {
  const from = Math.min(before.edges[0]!, after.edges[0]!);
  const to = Math.max(before.edges.at(-1)!, after.edges.at(-1)!);
  const span = to - from || 1;
  const place = (value: number): number => ((value - from) / span) * WIDTH;
  const heights = [before, after].map(({ shares, widths }) => shares.map((share, i) => share / Math.max(widths[i]! / span, NARROWEST)));
  const highest = Math.max(...heights.flat());
  const path = ({ edges }: Bars, tops: readonly number[]): string => {
    const steps = tops.map((top, i) => {
      const [left, right] = [place(edges[i]!), Math.max(place(edges[i + 1]!), place(edges[i]!) + NARROWEST * WIDTH)];
      const y = rounded(BASE - (top / highest) * (BASE - TOP));
      return `L${rounded(left)} ${y}L${rounded(right)} ${y}`;
    });
    return `M${rounded(place(edges[0]!))} ${BASE}${steps.join('')}L${rounded(Math.max(place(edges.at(-1)!), NARROWEST * WIDTH))} ${BASE}Z`;
  };
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
    <title>${`Values of ${cut(name, 60)} before and after: histograms from ${short(from)} to ${short(to)}`}</title>
    <path class="before" d="${path(before, heights[0]!)}" />
    <path class="after" d="${path(after, heights[1]!)}" />
    <line class="axis" x1="0" y1="${BASE}" x2="${WIDTH}" y2="${BASE}" />
    <text x="0" y="${HEIGHT - 6}">${short(from)}</text>
    <text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${short(to)}</text>
  </svg>`;
};

const MOST_BARS = 8;
const LABEL = 112;
const LINE = 26;

/** Shares of categories as pairs of bars, those that moved most first. */
const categoryChart = (name: string, bins: readonly SharedBin[]): Markup => {
  const shown = bins.toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || b.before - a.before).slice(0, MOST_BARS);
  const most = Math.max(...shown.flatMap(({ before, after }) => [before, after]), Number.MIN_VALUE);
  const width = (share: number): number => rounded((share / most) * (WIDTH - LABEL - 48));
  const lines = shown.map(({ name: value, before, after }, i) => {
    const y = i * LINE;
    return html`<text class="label" x="${LABEL - 8}" y="${y + 17}" text-anchor="end">${cut(valueText(value), 16)}</text
      ><rect class="before" x="${LABEL}" y="${y + 3}" width="${width(before)}" height="9" /><rect
        class="after"
        x="${LABEL}"
        y="${y + 13}"
        width="${width(after)}"
        height="9"
      /><text x="${rounded(LABEL + Math.max(width(before), width(after)) + 6)}" y="${y + 17}">${percent(after)}</text>`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${shown.length * LINE}" role="img">
    <title>${`Shares of the values of ${cut(name, 60)} before and after`}</title>
    ${lines}
  </svg>`;
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

const short = (value: number): string => String(Number(value.toPrecision(5)));
