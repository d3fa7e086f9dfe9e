import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson } from '#base';
import { vectorsOf } from './foreign-vectors.ts';

/** Valid JSON that I-JSON and our reader refuse on purpose, with the reason that must be given. */
const REFUSED_ON_PURPOSE: Readonly<Record<string, RegExp>> = {
  'y_number_minus_zero.json': /-0/,
  'y_number_negative_zero.json': /-0/,
  'y_object_duplicated_key.json': /occurs twice/,
  'y_object_duplicated_key_and_value.json': /occurs twice/,
  'y_string_escaped_noncharacter.json': /noncharacter/,
  'y_string_last_surrogates_1_and_2.json': /noncharacter/,
  'y_string_nonCharacterInUTF-8_U+10FFFF.json': /noncharacter/,
  'y_string_nonCharacterInUTF-8_U+FFFF.json': /noncharacter/,
  'y_string_unicode_U+10FFFE_nonchar.json': /noncharacter/,
  'y_string_unicode_U+1FFFE_nonchar.json': /noncharacter/,
  'y_string_unicode_U+FDD0_nonchar.json': /noncharacter/,
  'y_string_unicode_U+FFFE_nonchar.json': /noncharacter/,
};

/** What the suite leaves open and our reader lets through: numbers that only lose digits behind the point. */
const LEFT_OPEN_AND_ACCEPTED: readonly string[] = ['i_number_double_huge_neg_exp.json', 'i_number_real_underflow.json'];

const folder = vectorsOf('json-test-suite');

describe.skipIf(folder === undefined)('JSONTestSuite', () => {
  const suite = join(folder ?? '', 'test_parsing');
  const files = folder === undefined ? [] : readdirSync(suite).filter((name) => name.endsWith('.json'));
  const read = (name: string) => readJson(readFileSync(join(suite, name)));

  it('has the files that we count on', () => {
    expect(files.length).toBeGreaterThanOrEqual(318);
  });

  it('rejects every document that is not JSON, with a line or a reason for the whole', () => {
    const let_through = files.filter((name) => name.startsWith('n_') && read(name).kind !== 'rejected');
    expect(let_through).toEqual([]);
  });

  it('accepts every JSON document, and exactly as JSON.parse understands it, but for those refused on purpose', () => {
    for (const name of files.filter((file) => file.startsWith('y_'))) {
      const reading = read(name);
      const reason = REFUSED_ON_PURPOSE[name];
      if (reading.kind === 'rejected') expect(reading.problems[0]?.message, name).toMatch(reason ?? /never/);
      else expect(JSON.stringify(reading.value), name).toBe(JSON.stringify(JSON.parse(readFileSync(join(suite, name), 'utf8'))));
      expect(reading.kind, name).toBe(reason === undefined ? 'accepted' : 'rejected');
    }
  });

  it('rejects what the suite leaves open, but for the listed ones', () => {
    expect(files.filter((name) => name.startsWith('i_') && read(name).kind === 'accepted')).toEqual(LEFT_OPEN_AND_ACCEPTED);
  });
});
