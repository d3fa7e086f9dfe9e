import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonValue, readJson, TrainlockError, utf8 } from '#base';
import { notWritable, readSmallNow, writeOnce } from '#files';
import { RUN_FILES } from './store-layout.ts';

/** What people attach to a run after it was recorded. Not part of the record, never signed, never used for a verdict. */
export type Marks = {
  readonly name?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Recorded tags that were taken off. */
  readonly removed: readonly string[];
  readonly history: readonly MarkChange[];
};

export type MarkChange = {
  /** RFC 3339. */
  readonly at: string;
  readonly by?: string;
  readonly name?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly removed?: readonly string[];
};

const MAX_CHANGE = 4 * 1024 * 1024;
const KEY = /^[^=\s\p{Cc}]{1,128}$/u;
const CHANGE_FILE = /^[0-9]{6}\.json$/;

const NO_MARKS: Marks = { tags: {}, removed: [], history: [] };

/**
 * The marks of a run folder; none if nothing is there. Every change is a file of its own, in order, so that two processes that
 * mark a run at once lose nothing. Throws TL0309 if a change is damaged: it was written by people.
 */
export const readMarks = (folder: string): Marks => {
  const files = changeFiles(folder);
  return files.length === 0 ? NO_MARKS : applied(files.map((name) => readChange(join(folder, RUN_FILES.marks, name))));
};

const changeFiles = (folder: string): readonly string[] => {
  // Most runs have no marks, and an exception costs more than a look.
  if (!existsSync(join(folder, RUN_FILES.marks))) return [];
  try {
    return readdirSync(join(folder, RUN_FILES.marks))
      .filter((name) => CHANGE_FILE.test(name))
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw new TrainlockError('TL0309', 'the marks of the run cannot be read', { where: folder, cause: error });
  }
};

const readChange = (path: string): MarkChange => {
  const bytes = readSmallNow(path, MAX_CHANGE);
  const reading = bytes === undefined ? undefined : readJson(bytes, { maxBytes: MAX_CHANGE, maxDepth: 8, maxKeys: 10_000 });
  if (reading?.kind === 'accepted' && isChange(reading.value)) return reading.value;
  throw new TrainlockError('TL0309', 'a mark of the run cannot be read', { where: path, fix: `mend or remove ${path}` });
};

/** The marks are what all changes together make. */
const applied = (history: readonly MarkChange[]): Marks => {
  let name: string | undefined;
  const tags = new Map<string, string>();
  const removed = new Set<string>();
  for (const change of history) {
    if (change.name !== undefined) name = change.name;
    for (const key of change.removed ?? []) {
      tags.delete(key);
      removed.add(key);
    }
    for (const [key, value] of Object.entries(change.set ?? {})) {
      tags.set(key, value);
      removed.delete(key);
    }
  }
  return { ...(name === undefined || name === '' ? {} : { name }), tags: Object.fromEntries(tags), removed: [...removed], history };
};

/**
 * Adds one change. Throws TL0001 for a key or value that cannot be a tag, TL0003 if it cannot be written, TL0309 if the marks that
 * are there cannot be read.
 */
export const addMark = async (folder: string, change: MarkChange): Promise<Marks> => {
  checkChange(change);
  readMarks(folder);
  const marks = join(folder, RUN_FILES.marks);
  try {
    await mkdir(marks, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(marks, error);
  }
  const bytes = utf8(`${JSON.stringify(change, null, 2)}\n`);
  // Another process may take the number first: then the next one is tried.
  for (let number = Number((changeFiles(folder).at(-1) ?? '0').slice(0, 6)) + 1; number < 1_000_000; number += 1) {
    if (await writeOnce(join(marks, `${String(number).padStart(6, '0')}.json`), bytes, 0o600)) return readMarks(folder);
  }
  throw new TrainlockError('TL0309', 'the run has too many marks', { where: marks });
};

const checkChange = (change: MarkChange): void => {
  const keys = [...Object.keys(change.set ?? {}), ...(change.removed ?? [])];
  const bad = keys.find((key) => !KEY.test(key) || ['__proto__', 'constructor', 'prototype'].includes(key));
  if (bad !== undefined)
    throw new TrainlockError('TL0001', `${JSON.stringify(bad)} cannot be the key of a tag`, {
      notes: ['a key has 1 to 128 letters, without white space and ='],
      fix: 'trainlock tag last stage=candidate',
    });
  const values = [...Object.values(change.set ?? {}), ...(change.name === undefined ? [] : [change.name])];
  const long = values.find((value) => value.length > 1024 || !value.isWellFormed() || value.includes('\0'));
  if (long !== undefined) throw new TrainlockError('TL0001', 'a value or name has at most 1024 letters', { fix: 'trainlock tag last stage=candidate' });
};

const isObject = (value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } => typeof value === 'object' && value !== null && !Array.isArray(value);

const isChange = (value: unknown): value is MarkChange => {
  const change = value as JsonValue;
  if (!isObject(change) || typeof change['at'] !== 'string') return false;
  const { name, by, set, removed } = change;
  if (![name, by].every((text) => text === undefined || typeof text === 'string')) return false;
  if (set !== undefined && !(isObject(set) && Object.values(set).every((text) => typeof text === 'string'))) return false;
  return removed === undefined || (Array.isArray(removed) && removed.every((text) => typeof text === 'string'));
};
