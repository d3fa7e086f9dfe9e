import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FUZZED, NOT_FUZZED } from './readers.ts';
import { TARGETS } from './targets.ts';

const SOURCE = join(import.meta.dirname, '../../src');

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('generated'))
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), 'utf8') }));

/** An exported function and the comment that stands directly before it. */
const EXPORTED = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?export (?:const (\w+) = (?:async )?(?:<[^=]*?>)?\(|(?:async )?function\*? (\w+))/g;

const functions = files.flatMap(({ name, text }) =>
  [...text.matchAll(EXPORTED)].map(([, comment = '', constant, declared]) => ({ reader: `${name} ${constant ?? declared}`, comment })),
);

const HOSTILE = /hostile|untrusted/i;

describe('the table of readers', () => {
  it('finds the functions of src', () => {
    expect(functions.length).toBeGreaterThan(500);
    expect(functions.find(({ reader }) => reader === 'tlog/note.ts readNote')?.comment).toMatch(HOSTILE);
    expect(functions.find(({ reader }) => reader === 'content/tables/zip-members.ts memberPieces')?.comment).toContain('piece by piece');
  });

  it('names every exported function that says it reads hostile or untrusted bytes', () => {
    const missing = functions.filter(({ reader, comment }) => HOSTILE.test(comment) && !Object.hasOwn(FUZZED, reader) && !Object.hasOwn(NOT_FUZZED, reader));
    expect(
      missing.map(({ reader }) => reader),
      'give each a target in test/fuzz/targets and a line in test/fuzz/readers.ts',
    ).toEqual([]);
  });

  it('names no function that is gone, and none twice', () => {
    const known = new Set(functions.map(({ reader }) => reader));
    expect([...Object.keys(FUZZED), ...Object.keys(NOT_FUZZED)].filter((reader) => !known.has(reader))).toEqual([]);
    expect(Object.keys(NOT_FUZZED).filter((reader) => Object.hasOwn(FUZZED, reader))).toEqual([]);
  });

  it('names targets that exist and import what they are said to read', () => {
    const names = new Set(TARGETS.map(({ name }) => name));
    expect(Object.values(FUZZED).filter((target) => !names.has(target))).toEqual([]);
    const tried = readdirSync(join(import.meta.dirname, 'targets')).map((name) =>
      readFileSync(join(import.meta.dirname, 'targets', name), 'utf8').replace(/^import [\s\S]*?;$/gm, ''),
    );
    const unused = Object.keys(FUZZED).filter((reader) => !tried.some((text) => new RegExp(`\\b${reader.split(' ')[1]!}\\b`).test(text)));
    expect(unused).toEqual([]);
  });
});
