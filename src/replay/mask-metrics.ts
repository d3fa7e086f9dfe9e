import type { Manifest } from '#manifest';

/**
 * A text with the values of metrics replaced by their names, so that two texts can be told to differ in nothing but metrics, which
 * are judged by themselves. undefined if a value stands in the text more often than it was read from it: then it is not known which
 * of the numbers is the metric.
 */
export const maskMetrics = (text: string, metrics: readonly { readonly name: string; readonly value: string }[]): string | undefined => {
  if (metrics.length === 0 || metrics.length > MOST_METRICS) return undefined;
  let masked = text;
  for (const value of new Set(metrics.map((metric) => metric.value))) {
    const named = metrics.filter((metric) => metric.value === value).map((metric) => metric.name);
    const token = new RegExp(`(?<![\\w.+-])${value.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')}(?![\\w.])`, 'g');
    if ((masked.match(token) ?? []).length !== named.length) return undefined;
    let next = 0;
    masked = masked.replace(token, () => `<metric ${named[next++]!}>`);
  }
  return masked;
};

const MOST_METRICS = 1000;

/** The metrics that a declared file of this path gave; `stdout` stands for declared patterns in what was printed. */
export const metricsOf = (manifest: Manifest, path: string): readonly { readonly name: string; readonly value: string }[] =>
  manifest.evaluation.metrics.filter((metric) =>
    path === 'stdout' ? metric.source === 'pattern' : metric.source === 'file' && (metric.file === path || `\${project}/${metric.file}` === path),
  );
