import { describe, expect, it } from 'vitest';
import { readJson, utf8 } from '#base';
import { makeDice, seedOf } from './dice.ts';
import { MOST_BYTES } from './edges.ts';
import { fuzz } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { checkReading, readingTarget, type Target } from './target.ts';

const options = { seed: 1, forMs: 3000, keepNew: false, keepFaults: false };
const target = (run: Target['run'], more: Partial<Target> = {}): Target => ({
  name: 'planted',
  grammar: 'json',
  seeds: () => [utf8('{"a":[1,"text"],"b":{"c":2}}')],
  run,
  ...more,
});

describe('the fuzzer', () => {
  it.each<[string, Target, RegExp]>([
    [
      'an error that a reader throws',
      target((bytes) => {
        if (Buffer.from(bytes).includes('__proto__')) throw new TypeError('planted');
        return 'read';
      }),
      /TypeError: planted/,
    ],
    [
      'a reader that lets a key stand twice',
      target((bytes) => {
        const read = readJson(bytes);
        if (read.kind === 'accepted') return 'accepted';
        if (/occurs twice/.test(read.problems[0]!.message)) throw new Error('a key stands twice');
        return read.problems[0]!.message;
      }),
      /a key stands twice/,
    ],
    [
      'a reader that takes quadratic time',
      target(
        (bytes) => {
          const text = Buffer.from(bytes).toString('latin1');
          let found = 0;
          for (let at = 0; at < text.length; at += 1) if (/^a*b/.test(text.slice(at))) found += 1;
          return String(Math.min(found, 1));
        },
        { seeds: () => [utf8('aaaa')], slowMs: 100 },
      ),
      /took \d+ ms/,
    ],
    [
      'a reader that changes its input',
      readingTarget('planted', 'bytes', {
        seeds: () => [utf8('abc')],
        read: (bytes) => {
          if (bytes[0] === 0xff) bytes[0] = 0;
          return { kind: 'accepted', value: 1 };
        },
      }),
      /changed its input/,
    ],
  ])('finds %s', { timeout: 60_000 }, async (_, planted, fault) => {
    const report = await fuzz(planted, options);
    expect(report.fault?.what).toMatch(fault);
  });

  it('makes the input that shows a fault small', async () => {
    const report = await fuzz(
      target((bytes) => {
        if (bytes.includes(0x7f)) throw new Error('planted');
        return 'read';
      }),
      options,
    );
    expect([...report.fault!.bytes]).toEqual([0x7f]);
  });

  it('finds nothing where nothing is wrong', async () => {
    const report = await fuzz(
      target((bytes) => checkReading(readJson, bytes)),
      { ...options, forMs: 300 },
    );
    expect(report.fault).toBeUndefined();
    expect(report.runs).toBeGreaterThan(100);
    expect(report.behaviours).toBeGreaterThan(5);
  });

  it.each(['bytes', 'json', 'der', 'lines'] as const)('makes the same inputs from the same seed, none too long: %s', (grammar) => {
    const inputs = (seed: number): readonly string[] => {
      const dice = makeDice(seedOf(grammar, seed));
      const seeds = [utf8('{"a":1}'), Uint8Array.of(0x30, 3, 2, 1, 5), utf8('a b\nc\n')];
      return Array.from({ length: 300 }, () => Buffer.from(mutate(dice.pick(seeds), grammar, dice, dice.pick(seeds))).toString('hex'));
    };
    expect(inputs(3)).toEqual(inputs(3));
    expect(inputs(3)).not.toEqual(inputs(4));
    expect(inputs(3).every((hex) => hex.length <= 2 * MOST_BYTES)).toBe(true);
  });
});
