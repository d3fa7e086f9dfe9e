import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { utf8 } from '#base';
import { readConfig, readPyproject } from './index.ts';

const problemsOf = (text: string): readonly string[] => {
  const reading = readConfig(utf8(text));
  return reading.kind === 'accepted'
    ? []
    : reading.problems.map(({ line, pointer, message, hint }) => `${line ?? '-'} ${pointer} ${message}${hint === undefined ? '' : ` (${hint})`}`);
};

const valueOf = (text: string): unknown => {
  const reading = readConfig(utf8(text));
  return reading.kind === 'accepted' ? reading.value : reading;
};

describe('readConfig', () => {
  it('reads an empty file and a file of comments as nothing declared', () => {
    expect(valueOf('')).toEqual({});
    expect(valueOf('# nothing yet\n')).toEqual({});
  });

  it.each([
    ['0.95', '0.95'],
    ['1e-3', '1e-3'],
    ['0.950', '0.950'],
    ['0.1', '0.1'],
    ['9007199254740993', '9007199254740993'],
    ['"0.30000000000000004"', '0.30000000000000004'],
  ])('keeps the bound %s as it is written', (written, kept) => {
    expect(valueOf(`criteria: [{metric: a, operator: '>=', value: ${written}}]`)).toMatchObject({ criteria: [{ value: kept }] });
    expect(valueOf(`metrics: {a: {absoluteTolerance: ${written}}}`)).toMatchObject({ metrics: { a: { absoluteTolerance: kept } } });
  });

  it('leaves whole numbers that are counts as numbers', () => {
    expect(valueOf('run: {maxSourceBytes: 1000}')).toEqual({ run: { maxSourceBytes: 1000 } });
  });

  it.each([
    ['an unknown key, with line and nearest key', 'run:\n  entropi: own\n', ['2 /run/entropi the key "entropi" is not known here (did you mean entropy?)']],
    ['an unknown key in a named entry', 'data:\n  train:\n    path: x\n    rolle: train\n', ['4 /data/train/rolle the key "rolle" is not known here (did you mean role?)']],
    ['an unknown key in a list', 'criteria:\n  - {metric: a, operator: ">", value: 1, sage: x}\n', ['2 /criteria/0/sage the key "sage" is not known here (did you mean stage?)']],
    [
      'every problem at once',
      'run:\n  logs: tea\nmetrics:\n  a: {relativeTolerance: .5}\ntags: {year: 2026}\n',
      [
        '2 /run/logs "tea" is not one of auto, off, tee (did you mean tee?)',
        '5 /tags/year 2026 must be text (write the value in quotes)',
        "4 /metrics/a/relativeTolerance '.5' is not a decimal number (write it like 0.95 or 1e-3)",
      ],
    ],
    ['a negative tolerance', 'metrics: {a: {absoluteTolerance: -1}}', ['1 /metrics/a/absoluteTolerance -1 is negative; a tolerance is not']],
    ['an infinite bound', 'criteria: [{metric: a, operator: "<", value: .inf}]', ["1 /criteria/0/value '.inf' is not a decimal number (write it like 0.95 or 1e-3)"]],
    ['a key that stands twice', 'tags:\n  a: x\n  a: y\n', ["3 /tags/a the key 'a' stands here a second time"]],
    ['an anchor', 'tags:\n  a: &x y\n', ['2 /tags/a an anchor (&x) is not allowed']],
    ['an alias', 'tags:\n  a: &x y\n  b: *x\n', ['2 /tags/a an anchor (&x) is not allowed', '3 /tags/b an alias (*) is not allowed; write the value again']],
    ['a merge key', 'tags:\n  <<: {a: b}\n', ['2 /tags/<< an object must be text']],
    ['a tag', 'tags:\n  a: !!str 5\n', ['2 /tags/a a tag (tag:yaml.org,2002:str) is not allowed']],
    ['a directive', '%YAML 1.1\n---\ntags: {}\n', ['1  a %YAML directive is not allowed']],
    ['a second document', 'tags: {}\n---\ntags: {}\n', ['2  the file has more than one document']],
    ['a key that would poison prototypes', 'tags: {__proto__: x}', ["1 /tags the key '__proto__' is not allowed"]],
    ['a list at the top', '- a\n', ['1  a list of 1 must be an object']],
    ['broken YAML', 'run: {logs: off\n', ['2  flow map in block collection must be sufficiently indented and end with a }']],
  ])('tells %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('does not read words of YAML 1.1 as booleans', () => {
    expect(valueOf('tags: {a: no, b: on, c: "yes"}')).toEqual({ tags: { a: 'no', b: 'on', c: 'yes' } });
  });

  it.each([
    ['a megabyte of brackets', '['.repeat(1 << 20)],
    ['a megabyte of dashes', '- '.repeat(1 << 19)],
    ['nested braces', '{a: '.repeat(200_000)],
    ['nested question marks', '? '.repeat(1 << 19)],
    ['many keys', Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['deep indentation', Array.from({ length: 1400 }, (_, index) => `${' '.repeat(index)}k:`).join('\n')],
    ['more than a megabyte', `#${'x'.repeat(1 << 20)}`],
  ])(
    'rejects %s within seconds',
    (_, text) => {
      expect(readConfig(utf8(text)).kind).toBe('rejected');
    },
    3000,
  );

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: fc.constantFrom(...'a:-[]{},&*!|>\'"%#? \n\t<1.e'.split('')), maxLength: 60 }).map(utf8)),
        (bytes) => {
          readConfig(bytes);
          readPyproject(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('gives back what another YAML writer wrote', () => {
    const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => text.isWellFormed());
    const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,10}$/).filter((text) => !['constructor', 'prototype'].includes(text));
    const config = fc.record(
      {
        model: fc.record({ name: word, limitations: fc.array(word, { maxLength: 3 }) }, { requiredKeys: [] }),
        data: fc.dictionary(name, fc.record({ path: word, role: fc.constantFrom('train' as const, 'test' as const), filters: fc.array(word) }, { requiredKeys: ['path'] }), {
          maxKeys: 3,
        }),
        criteria: fc.array(
          fc.record({ metric: word, operator: fc.constantFrom('>=', '<'), value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((real) => JSON.stringify(real)) }),
          { maxLength: 3 },
        ),
        run: fc.record({ deterministic: fc.boolean(), ignore: fc.array(word, { maxLength: 2 }), maxSourceBytes: fc.maxSafeNat() }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(config, (value) => {
        expect(valueOf(stringify(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});

describe('readPyproject', () => {
  const text = `[project]\nname = "x"\n\n[tool.trainlock.run]\nentropi = "own"\n\n[tool.trainlock.metrics."a.b"]\nabsoluteTolerance = 0.5\nrelativeTolerance = 1e-3\n`;

  it('finds the section and keeps decimals', () => {
    const reading = readPyproject(utf8(text.replace('entropi', 'entropy')));
    expect(reading).toEqual({ kind: 'accepted', value: { run: { entropy: 'own' }, metrics: { 'a.b': { absoluteTolerance: '0.5', relativeTolerance: '0.001' } } } });
  });

  it('is undefined when the file says nothing about trainlock', () => {
    expect(readPyproject(utf8('[project]\nname = "x"\n'))).toEqual({ kind: 'accepted', value: undefined });
  });

  it.each([
    ['an unknown key with its line', text, [{ pointer: '/run/entropi', line: 5, message: 'the key "entropi" is not known here', hint: 'did you mean entropy?' }]],
    [
      'a wrong value with its line',
      '[tool.trainlock]\nstore = "x"\nrun.logs = "tea"\n',
      [{ pointer: '/run/logs', line: 3, message: '"tea" is not one of auto, off, tee', hint: 'did you mean tee?' }],
    ],
    ['a date', '[tool.trainlock.tags]\nday = 2026-01-01\n', [{ pointer: '/tags/day', line: 2, message: 'a date is written as text, in quotes' }]],
  ])('tells %s', (_, source, problems) => {
    expect(readPyproject(utf8(source))).toEqual({ kind: 'rejected', problems });
  });

  it('reads a long text of dots and a name of many parts in no time, and tells names that are too deep', () => {
    expect(readPyproject(utf8(`[tool.trainlock]\nstore = """\n${'.'.repeat(5000)}!\n"""\n`))).toMatchObject({ kind: 'rejected', problems: [{ pointer: '/store', line: 2 }] });
    const deep = readPyproject(utf8(`tool.trainlock.${'a.'.repeat(100_000)}b = 1\n`));
    expect(deep).toMatchObject({ kind: 'rejected', problems: [{ message: 'nested deeper than 64 levels' }] });
  });

  it('tells the line of broken TOML', () => {
    expect(readPyproject(utf8('[tool.trainlock]\nstore = \n'))).toMatchObject({ kind: 'rejected', problems: [{ line: 2 }] });
  });
});
