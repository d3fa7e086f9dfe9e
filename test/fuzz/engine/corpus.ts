import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CORPUS = join(import.meta.dirname, '..', 'corpus');

/** Largest input that is kept, and all of them together. Unit: byte. */
export const MOST_KEPT = { one: 8192, all: 1024 * 1024 };

export type Kept = { readonly target: string; readonly name: string; readonly bytes: Uint8Array };

export const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 8);

/** The inputs that are kept for a target: each once showed a fault or another way to refuse. */
export const keptFor = (target: string): readonly Kept[] => {
  const folder = join(CORPUS, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({ target, name, bytes: Uint8Array.from(readFileSync(join(folder, name))) }));
};

/** Targets that have inputs. */
export const keptTargets = (): readonly string[] => (existsSync(CORPUS) ? readdirSync(CORPUS).sort() : []);

/** Keeps an input. The path, or why it cannot be kept. */
export const keep = (target: string, bytes: Uint8Array): string => {
  const path = join(CORPUS, target, nameOf(bytes));
  try {
    mkdirSync(join(CORPUS, target), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  } catch (error) {
    return `not kept (${(error as Error).message}): ${Buffer.from(bytes).toString('base64')}`;
  }
};
