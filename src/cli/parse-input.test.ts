import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrainlockError } from '#base';
import { COMMANDS, GLOBAL_FLAGS } from './command-table.ts';
import { commandMeant, parseInput, wantsJson } from './parse-input.ts';

const inputOf = (...argv: readonly string[]): unknown => {
  const request = parseInput(argv);
  return request.kind === 'command' ? { command: request.command.name, ...request.input } : request.kind;
};

describe('parseInput', () => {
  it.each([
    [['list'], { command: 'list', flags: {}, positionals: [], rest: [] }],
    [['--json', 'list', '--csv'], { command: 'list', flags: { json: true, csv: true }, positionals: [], rest: [] }],
    [['--store', 'x', 'show', 'last', '/run'], { command: 'show', flags: { store: 'x' }, positionals: ['last', '/run'], rest: [] }],
    [['config', 'show'], { command: 'config show', flags: {}, positionals: [], rest: [] }],
    [['list', '--where', 'a=1', '--where=b=2', '--sort', '-started'], { command: 'list', flags: { where: ['a=1', 'b=2'], sort: '-started' }, positionals: [], rest: [] }],
    [['run', '--why', 'x', '--', 'python', 't.py', '--json', '--', '-h'], { command: 'run', flags: { why: 'x' }, positionals: [], rest: ['python', 't.py', '--json', '--', '-h'] }],
    [['run', '--why', '', '--', 'x'], { command: 'run', flags: { why: '' }, positionals: [], rest: ['x'] }],
    [['diff', 'a', 'b', 'c', '--all'], { command: 'diff', flags: { all: true }, positionals: ['a', 'b', 'c'], rest: [] }],
    [['gate', '--environment', 'production', 'm'], { command: 'gate', flags: { env: 'production' }, positionals: ['m'], rest: [] }],
    [['approve', 'a', '--env=production'], { command: 'approve', flags: { environment: 'production' }, positionals: ['a'], rest: [] }],
    [['verify', 'a', '--env'], { command: 'verify', flags: { env: true }, positionals: ['a'], rest: [] }],
    [['help'], { command: 'help', flags: {}, positionals: [], rest: [] }],
    [['--version'], 'version'],
    [['--help'], 'help'],
    [['diff', '-h'], 'help'],
    [[], 'help'],
  ])('reads %j', (argv, expected) => {
    expect(inputOf(...argv)).toEqual(expected);
  });

  it.each([
    [['lst'], "'lst' is not a command"],
    [['list', '--wehre', 'x'], "'--wehre' is not a flag of list"],
    [['list', '-x'], "'-x' is not a flag of list"],
    [['verify', '--environment', 'x'], "'--environment' is not a flag of verify"],
    [['list', 'x'], "list does not take 'x'"],
    [['diff', 'a'], 'diff needs OTHER'],
    [['list', '--sort'], '--sort needs a value (COLUMN)'],
    [['list', '--sort', '--csv'], '--sort needs a value (COLUMN)'],
    [['list', '--csv=1'], "--csv takes no value, but '1' is given"],
    [['init', '--ci', 'gihtub'], "--ci is one of github, gitlab, not 'gihtub'"],
    [['run', 'python', 'x.py', '--epochs', '3'], "-- is missing before the command 'python'"],
    [['run', '--'], 'run needs a command behind --'],
    [['--', 'python'], 'no command is given'],
    [['config'], 'config needs one of: show'],
    [['constructor'], "'constructor' is not a command"],
    [['list', '--__proto__'], "'--__proto__' is not a flag of list"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseInput(argv)).toThrow(message);
  });

  it.each([
    [['run', 'python', 'x.py', '--epochs', '3'], 'trainlock run -- python x.py --epochs 3'],
    [['run', '--why', 'a b', '--deterministic', 'python', 'x.py'], "trainlock run --why 'a b' --deterministic -- python x.py"],
    [['--json', 'exec', '--pin=m1', 'python', 'x.py', '-h'], 'trainlock --json exec --pin=m1 -- python x.py -h'],
  ])('keeps all that was typed in %j when the dashes are missing', (argv, fix) => {
    expect(() => parseInput(argv)).toThrow(expect.objectContaining({ fix }));
    const [, ...words] = fix.split(' ');
    if (!fix.includes("'")) expect(inputOf(...words)).toMatchObject({ rest: words.slice(words.indexOf('--') + 1) });
  });

  it('calls a flag before the program unknown before it asks for the dashes', () => {
    expect(() => parseInput(['run', '--whi', 'x', 'python'])).toThrow("'--whi' is not a flag of run");
  });

  it('throws nothing but usage errors, whatever is typed', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '--',
        '-',
        '--json',
        '-h',
        '=',
        '--=',
        '--store',
        '-h=1',
        '--no-json',
        ...COMMANDS.flatMap((row) => [...row.name.split(' '), ...row.flags.map((flag) => `--${flag.name}`)]),
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        wantsJson(argv);
        commandMeant(argv);
        try {
          parseInput(argv);
        } catch (error) {
          expect(error).toBeInstanceOf(TrainlockError);
          expect((error as TrainlockError).code).toBe('TL0001');
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the command table', () => {
  it.each(COMMANDS.map((row) => [row.name, row] as const))('describes %s completely', (_, row) => {
    expect(row.summary).toMatch(/^[a-z].*[^.]$/);
    expect(row.examples.length).toBeGreaterThan(0);
    expect(row.exits.length).toBeGreaterThan(0);
    const flags = [...row.flags, ...GLOBAL_FLAGS];
    expect(new Set(flags.map((flag) => flag.name)).size).toBe(flags.length);
    for (const flag of row.flags) {
      expect(flag.name).toMatch(/^[a-z][a-z-]*$/);
      expect(flag.summary).toMatch(/^[a-z].*[^.]$/);
      expect(flag.kind === 'boolean').toBe(flag.value === undefined);
      expect(flag.kind === 'choice').toBe(flag.choices !== undefined);
    }
    for (const [index, positional] of row.positionals.entries()) {
      if (positional.repeats === true) expect(index).toBe(row.positionals.length - 1);
      if (positional.required) expect(row.positionals.slice(0, index).every((before) => before.required)).toBe(true);
    }
  });

  it('has examples that the table itself accepts', () => {
    for (const { examples } of COMMANDS) {
      for (const { command } of examples) {
        const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain!);
        if (words[0] === 'trainlock') expect(() => parseInput(words.slice(1)), command).not.toThrow();
      }
    }
  });
});
