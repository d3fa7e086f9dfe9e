import { join } from 'node:path';
import { type JsonValue, pointerToken, readJson } from '#base';
import type { Detected } from '#config';
import { readBounded } from '#files';
import type { ProjectEntry } from './list-project.ts';

const METRIC_FILE = /(^|[/_-])(metrics?|scores?|results?|eval|evaluation)([_-][^/]*)?\.json$/i;
const HIGHER = /acc|auc|f1|f_beta|precision|recall|r2|r_squared|score|iou|dice|bleu|rouge|kappa|map$|mcc|ndcg|psnr|ssim/i;
const LOWER = /loss|err|mse|mae|rmse|mape|perplexity|ppl|wer|cer|fid|nll|brier|log_?loss|deviance|crossentropy/i;
const MAX_BYTES = 256 * 1024;

type Metric = Detected['metrics'][number];

/** Metrics in JSON files whose name says that they hold some; numbers at the top or one level below. */
export const detectMetrics = async (root: string, entries: readonly ProjectEntry[]): Promise<readonly Metric[]> => {
  const files = entries.filter((entry) => entry.kind === 'file' && entry.depth <= 2 && METRIC_FILE.test(entry.path)).slice(0, 5);
  const found = await Promise.all(files.map((file) => metricsIn(root, file.path)));
  const taken = new Set<string>();
  return found
    .flat()
    .filter(({ name }) => !taken.has(name) && taken.add(name))
    .slice(0, 20);
};

const metricsIn = async (root: string, file: string): Promise<readonly Metric[]> => {
  const bytes = await readBounded(join(root, file), MAX_BYTES).catch(() => undefined);
  const json = bytes === undefined ? undefined : readJson(bytes);
  return json?.kind === 'accepted' ? numbersIn(json.value, '', 2).map(({ name, pointer }) => ({ name, file, pointer, ...directionOf(name) })) : [];
};

const numbersIn = (value: JsonValue, pointer: string, levels: number): readonly { name: string; pointer: string }[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || levels === 0) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = `${pointer}/${pointerToken(key)}`;
    if (typeof item === 'number') return key.length <= 200 ? [{ name: place.slice(1).replaceAll('/', '.'), pointer: place }] : [];
    return numbersIn(item, place, levels - 1);
  });
};

/** Only names that leave no doubt; a person decides the others. */
const directionOf = (name: string): { direction?: 'higher' | 'lower' } => {
  const [higher, lower] = [HIGHER.test(name), LOWER.test(name)];
  return higher === lower ? {} : { direction: higher ? 'higher' : 'lower' };
};
