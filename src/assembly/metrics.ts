import { withoutUndefined } from '#base';
import type { Config } from '#config';
import type { Evaluation } from '#manifest';
import type { PathNames } from './path-names.ts';
import { siteOf } from './randomness.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import { microsecondsToTime } from './times.ts';
import { processOf } from './traced-files.ts';

export type Metric = Evaluation['metrics'][number];

/** A metric value found in a declared file or in the output by a declared pattern. */
export type FoundMetric = { readonly name: string; readonly value: string; readonly source: 'file' | 'pattern'; readonly file?: string };

const REAL = /^(NaN|-?Infinity|-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)$/;
const MOST = 100_000;

/** Every metric, the most trustworthy sources first: declared files, the trainlock module, declared patterns, results of library functions. */
export const metrics = (logs: readonly ProcessEvents[], found: readonly FoundMetric[], config: Config, names: PathNames): readonly Metric[] => {
  const told = logs.flatMap((log) => toldBy(log, names));
  const files = found.filter((one) => one.source === 'file').flatMap((one) => fromDeclaration(one, config));
  const patterns = found.filter((one) => one.source === 'pattern').flatMap((one) => fromDeclaration(one, config));
  const reported = told.filter((metric) => metric.trust === 'reported');
  const observed = told.filter((metric) => metric.trust === 'observed');
  return numbered([...files, ...reported, ...patterns, ...observed]).slice(0, MOST);
};

/**
 * The text of a number as the manifest writes it: Python's forms (nan, inf, 1., +1e5, 1_000) become the decimal grammar.
 * Undefined if it is no number.
 */
export const realText = (text: string): string | undefined => {
  const trimmed = text.trim().replace(/^\+/, '').replaceAll('_', '');
  if (/^-?nan$/i.test(trimmed)) return 'NaN';
  if (/^-?inf(inity)?$/i.test(trimmed)) return trimmed.startsWith('-') ? '-Infinity' : 'Infinity';
  const full = trimmed.replace(/^(-?)\./, '$10.').replace(/\.(?=$|[eE])/, '');
  return REAL.test(full) ? full : undefined;
};

/** The binary64 encoding of a number's text, big endian, in hexadecimal. Source: IEEE 754-2019 §3.4. */
export const bitsOf = (text: string): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number(text));
  return view.getBigUint64(0).toString(16).padStart(16, '0');
};

const toldBy = (log: ProcessEvents, names: PathNames): readonly Metric[] =>
  eventsOf(log.events, 'metric').flatMap((event) => {
    const value = realText(event.value);
    if (value === undefined) return [];
    return [
      withoutUndefined({
        name: event.name,
        value,
        bits: event.bits ?? bitsOf(value),
        stage: event.stage,
        split: event.split,
        step: event.step,
        at: microsecondsToTime(event.timeUs),
        process: processOf(log),
        site: siteOf(event.site, names),
        source: event.source,
        trust: event.source === 'observed' ? ('observed' as const) : ('reported' as const),
      }),
    ];
  });

const fromDeclaration = (found: FoundMetric, config: Config): readonly Metric[] => {
  const value = realText(found.value);
  if (value === undefined) return [];
  const declaration = config.metrics?.[found.name];
  return [
    withoutUndefined({
      name: found.name,
      value,
      bits: bitsOf(value),
      stage: declaration?.stage,
      split: declaration?.split,
      file: found.file,
      source: found.source,
      trust: 'reported' as const,
    }),
  ];
};

/** Values of the same name, stage, split, step and source get an ordinal, so that each can be paired in a comparison. */
const numbered = (all: readonly Metric[]): readonly Metric[] => {
  const counts = new Map<string, number>();
  return all.map((metric) => {
    const key = JSON.stringify([metric.name, metric.stage, metric.split, metric.step, metric.source]);
    const ordinal = counts.get(key) ?? 0;
    counts.set(key, ordinal + 1);
    return { ...metric, ordinal };
  });
};
