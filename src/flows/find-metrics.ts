import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parse as parseYaml } from 'yaml';
import { type JsonValue, readJson, utf8 } from '#base';
import type { FoundMetric, Gap } from '#assembly';
import type { Config } from '#config';
import { readBounded } from '#files';

/** Largest metric file that is read. Unit: byte. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Lines are cut here before a pattern is tried on them: patterns are of the project's own making, their input is not. */
const MOST_LINE = 10_000;

/** Where the metrics of one run may be found. */
export type MetricPlaces = {
  readonly projectRoot: string;
  readonly logPaths: readonly string[];
  /** Whether the run wrote this file (absolute path): a file that an earlier run left says nothing about this one. */
  readonly written: (path: string) => boolean;
};

export type FoundMetrics = { readonly metrics: readonly FoundMetric[]; readonly gaps: readonly Gap[] };

/** Metrics that trainlock.yaml says where to find: in files that the run left behind, and by patterns in its output. */
export const findMetrics = async (config: Config, run: MetricPlaces): Promise<FoundMetrics> => {
  const { logPaths } = run;
  const declared = Object.entries(config.metrics ?? {});
  const fromFiles = await Promise.all(declared.filter(([, metric]) => metric.file !== undefined).map(([name, metric]) => fromFile(name, metric.file!, metric.pointer, run)));
  const patterns = declared.flatMap(([name, metric]) => (metric.pattern === undefined ? [] : [{ name, pattern: new RegExp(metric.pattern) }]));
  const fromOutput = patterns.length === 0 ? [] : (await Promise.all(logPaths.map((path) => matches(path, patterns)))).flat();
  const silent = patterns.filter(({ name }) => !fromOutput.some((metric) => metric.name === name));
  const gaps = silent.map(({ name }) => ({
    about: '/evaluation/metrics',
    reason: `the pattern of ${name} matched nothing${logPaths.length === 0 ? ': the output was not recorded' : ' in the output'}`,
  }));
  return { metrics: [...fromFiles.flatMap((one) => one.metrics), ...fromOutput], gaps: [...fromFiles.flatMap((one) => one.gaps), ...gaps] };
};

const fromFile = async (name: string, file: string, pointer: string | undefined, run: MetricPlaces): Promise<FoundMetrics> => {
  const gap = (reason: string): FoundMetrics => ({ metrics: [], gaps: [{ about: '/evaluation/metrics', reason: `${name}: ${reason}` }] });
  const path = resolve(run.projectRoot, file);
  if (!run.written(path)) return gap(`${file} was not written by this run; what stands in it is older`);
  const bytes = await readBounded(path, MOST_BYTES).catch(() => undefined);
  if (bytes === undefined) return gap(`${file} is not there or cannot be read`);
  const text = new TextDecoder().decode(bytes);
  const values =
    file.endsWith('.csv') || file.endsWith('.tsv') ? column(text, pointer ?? name, file.endsWith('.tsv') ? '\t' : ',') : fromDocument(text, file, pointer ?? `/${name}`);
  if (values.length === 0) return gap(`${file} has no number at ${pointer ?? name}`);
  return { metrics: values.map((value) => ({ name, value, source: 'file' as const, file })), gaps: [] };
};

/** JSON, JSON lines and YAML; numbers keep the text the program wrote. */
const fromDocument = (text: string, file: string, pointer: string): readonly string[] => {
  const documents = /\.(jsonl|ndjson)$/.test(file) ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  return documents.flatMap((document) => {
    const value = at(parsed(document, file), pointer);
    return typeof value === 'number' || typeof value === 'string' ? [String(value)] : [];
  });
};

/** The file was written by the program: nothing but numbers at one place is taken from it. */
const parsed = (text: string, file: string): JsonValue | undefined => {
  if (!/\.ya?ml$/.test(file)) {
    const reading = readJson(utf8(text));
    if (reading.kind === 'accepted') return reading.value;
    try {
      // Python writes NaN and Infinity, which JSON does not have.
      return JSON.parse(text.replace(/([:[,]\s*)(-?Infinity|NaN)(?=\s*[,}\]])/g, '$1"$2"')) as JsonValue;
    } catch {
      return undefined;
    }
  }
  try {
    return parseYaml(text, { version: '1.2', schema: 'core', maxAliasCount: 0 }) as JsonValue;
  } catch {
    return undefined;
  }
};

const at = (value: JsonValue | undefined, pointer: string): JsonValue | undefined => {
  let here: unknown = value;
  for (const token of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, token.replaceAll('~1', '/').replaceAll('~0', '~'))) return undefined;
    here = (here as Record<string, unknown>)[token.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return here as JsonValue | undefined;
};

/** Every number of one column, in order; empty cells are left out. Quoted cells with line feeds are not read. */
const column = (text: string, name: string, separator: string): readonly string[] => {
  const [head, ...rows] = text.split(/\r?\n/);
  const cells = (row: string): readonly string[] => row.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const index = cells(head ?? '').indexOf(name.replace(/^\//, ''));
  return index === -1 ? [] : rows.map((row) => cells(row)[index] ?? '').filter((cell) => cell !== '');
};

const matches = async (path: string, patterns: readonly { readonly name: string; readonly pattern: RegExp }[]): Promise<readonly FoundMetric[]> => {
  const found: FoundMetric[] = [];
  for await (const line of createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Number.POSITIVE_INFINITY })) {
    for (const { name, pattern } of patterns) {
      const match = pattern.exec(line.slice(0, MOST_LINE));
      if (match !== null) found.push({ name, value: match[1] ?? match[0], source: 'pattern' });
    }
  }
  return found;
};
