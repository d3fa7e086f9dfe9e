import { join } from 'node:path';
import { readBounded } from '#files';
import type { ProjectEntry } from './list-project.ts';

const NOT_A_TRAINING = /(^|\/)(test_[^/]*|[^/]*_test|setup|conftest|__init__|noxfile)\.py$/;
const MAX_BYTES = 1024 * 1024;
const MAX_SCRIPTS = 200;

/** What speaks for a training, and how much. */
const SIGNS: readonly (readonly [RegExp, number])[] = [
  [/\.fit\s*\(/, 2],
  [/\.backward\s*\(/, 3],
  [/\b(lgb|lightgbm|xgb|xgboost)\.(train|cv)\s*\(/, 3],
  [/\bTrainer\s*\(/, 2],
  [/__name__\s*==\s*['"]__main__['"]/, 1],
];

/** Python files that look like trainings, the likeliest first; relative to the project. */
export const detectScripts = async (root: string, entries: readonly ProjectEntry[]): Promise<readonly string[]> => {
  const files = entries.filter((entry) => entry.kind === 'file' && entry.path.endsWith('.py') && !NOT_A_TRAINING.test(entry.path)).slice(0, MAX_SCRIPTS);
  const scored = await Promise.all(files.map(async (file) => ({ path: file.path, score: nameScore(file.path) + (await textScore(join(root, file.path))) })));
  return scored
    .filter(({ score }) => score >= 3)
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
};

const nameScore = (path: string): number => (/(^|\/)(train|fit)[^/]*\.py$/.test(path) ? 3 : /(^|\/)(main|run)\.py$/.test(path) ? 1 : 0);

const textScore = async (path: string): Promise<number> => {
  const bytes = await readBounded(path, MAX_BYTES).catch(() => undefined);
  if (bytes === undefined) return 0;
  const text = Buffer.from(bytes).toString('latin1');
  return SIGNS.reduce((sum, [sign, weight]) => sum + (sign.test(text) ? weight : 0), 0);
};
