import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fromUtf8 } from '#base';
import { vectorsOf } from './foreign-vectors.ts';

const folder = vectorsOf('jcs');
const testdata = join(folder ?? '', 'testdata');
const hasFloats = (value: unknown): boolean =>
  typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value === 'object' && value !== null && Object.values(value).some(hasFloats);

/** Lines of the number test; a million in the full run, ten thousand else. */
const LINES = process.env['TRAINLOCK_TEST_FULL'] === undefined ? 10_000 : 1_000_000;

describe.skipIf(folder === undefined)('the JCS test data of RFC 8785', () => {
  const names = folder === undefined ? [] : readdirSync(join(testdata, 'input'));

  it('is written by the library layer byte for byte', () => {
    expect(names.length).toBeGreaterThanOrEqual(6);
    for (const name of names) {
      const value: unknown = JSON.parse(readFileSync(join(testdata, 'input', name), 'utf8'));
      expect(canonicalize(value), name).toBe(readFileSync(join(testdata, 'output', name), 'utf8').trimEnd());
    }
  });

  it('is written by canonicalJson byte for byte, or refused where it has numbers that are not safe integers', () => {
    for (const name of names) {
      const value: unknown = JSON.parse(readFileSync(join(testdata, 'input', name), 'utf8'));
      if (hasFloats(value)) expect(() => canonicalJson(value), name).toThrow(/not a safe integer/);
      else expect(fromUtf8(canonicalJson(value)), name).toBe(readFileSync(join(testdata, 'output', name), 'utf8').trimEnd());
    }
  });

  it(`numbers: the first ${LINES} lines of the ES6 number suite have the published digest`, () => {
    const readme = readFileSync(join(testdata, 'README.md'), 'utf8');
    const fixed = [...readme.matchAll(/\b0x([0-9a-f]{16})n,/g)].map((match) => BigInt(`0x${match[1]}`));
    const published = new Map([...readme.matchAll(/^\| ([0-9a-f]{64}) \| (\d+)\s+\|/gm)].map((match) => [Number(match[2]), match[1]]));
    expect(digestOfNumbers(fixed, LINES)).toBe(published.get(LINES));
  });
});

/** SHA-256 of the lines "bits,text" of the deterministic sequence. Source: cyberphone/json-canonicalization, testdata/README.md. */
const digestOfNumbers = (fixed: readonly bigint[], lines: number): string => {
  const bits = new BigUint64Array(1);
  const real = new Float64Array(bits.buffer);
  const hash = createHash('sha256');
  const numbers = sequence(fixed);
  for (let line = 0; line < lines; line += 1) {
    real[0] = numbers.next().value;
    hash.update(`${bits[0]!.toString(16)},${canonicalize(real[0])}\n`);
  }
  return hash.digest('hex');
};

function* sequence(fixed: readonly bigint[]): Generator<number, never> {
  yield* new Float64Array(BigUint64Array.from(fixed).buffer);
  yield* new Float64Array(BigUint64Array.from({ length: 2000 }, (_, i) => 0x0010000000000000n + BigInt(i)).buffer);
  let block: Uint8Array = new Uint8Array(32);
  for (;;) {
    block = createHash('sha256').update(block).digest();
    for (const value of new Float64Array(Uint8Array.from(block).buffer)) if (value !== 0 && Number.isFinite(value)) yield value;
  }
}
