import { parseArgs } from 'node:util';
import { escapeControl, nearest, shellWord, TrainlockError } from '#base';
import { COMMANDS, GLOBAL_FLAGS } from './command-table.ts';
import type { CommandRow, FlagRow, ParsedInput } from './command.ts';

/** What a command line asks for. `command` is undefined for --version, and for help about everything. */
export type Request =
  | { readonly kind: 'command'; readonly command: CommandRow; readonly input: ParsedInput }
  | { readonly kind: 'help'; readonly command: CommandRow | undefined; /** Whether help was asked for, or nothing at all was said. */ readonly asked: boolean }
  | { readonly kind: 'version' };

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

const VERSION_FLAG: FlagRow = { name: 'version', kind: 'boolean', summary: 'show the version' };

/** Reads the arguments behind the program's name. Throws TL0001 for anything that the table does not know. */
export const parseInput = (argv: readonly string[]): Request => {
  const { head, rest } = splitAtDashes(argv);
  const before = commandWords(tokensOf(head, [...GLOBAL_FLAGS, VERSION_FLAG]));
  if (before.kind === 'version') return before;
  if (before.kind === 'none') return argv.length === 0 ? { kind: 'help', command: undefined, asked: false } : noCommand(before.help, rest);
  const command = commandNamed(before.words);
  const length = command.name.split(' ').length;
  const tokens = tokensOf(head, [...command.flags, ...GLOBAL_FLAGS]);
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])).slice(length);
  if (command.rest !== undefined && rest === undefined && positionals.length > 0) throw dashesMissing(command, head, tokens);
  const flags = flagsOf(command, tokens);
  if (flags['help'] === true) return { kind: 'help', command, asked: true };
  checkPositionals(command, positionals);
  checkRest(command, rest);
  return { kind: 'command', command, input: { flags, positionals, rest: rest ?? [] } };
};

/** Whether --json stands before --; known even if the rest of the line is not understood. */
export const wantsJson = (argv: readonly string[]): boolean => splitAtDashes(argv).head.includes('--json');

/** Name of the command that a line seems to mean, even if the rest of it is not understood. */
export const commandMeant = (argv: readonly string[]): string | undefined => {
  const words = splitAtDashes(argv).head.filter((word) => !word.startsWith('-'));
  return (COMMANDS.find((row) => row.name === words.slice(0, 2).join(' ')) ?? COMMANDS.find((row) => row.name === words[0]))?.name;
};

const splitAtDashes = (argv: readonly string[]): { head: readonly string[]; rest: readonly string[] | undefined } => {
  const at = argv.indexOf('--');
  return at === -1 ? { head: argv, rest: undefined } : { head: argv.slice(0, at), rest: argv.slice(at + 1) };
};

/** People write either where an environment is named; each command documents one. */
const SPELLINGS: Readonly<Record<string, string | undefined>> = { env: 'environment', environment: 'env' };

/** The other spelling of a flag that names an environment; other flags of these names mean something else. */
const otherSpelling = (flag: FlagRow): string | undefined => (flag.value === 'NAME' && Object.hasOwn(SPELLINGS, flag.name) ? SPELLINGS[flag.name] : undefined);

/** The flags with all their spellings; what a command calls so itself counts. */
const spelled = (flags: readonly FlagRow[]): readonly FlagRow[] => [
  ...flags.flatMap((flag) => {
    const name = otherSpelling(flag);
    return name === undefined ? [] : [{ ...flag, name }];
  }),
  ...flags,
];

const tokensOf = (args: readonly string[], flags: readonly FlagRow[]): readonly Token[] => {
  const options = Object.fromEntries(
    spelled(flags).map((flag) => [flag.name, { type: flag.kind === 'boolean' ? ('boolean' as const) : ('string' as const), ...(flag.name === 'help' ? { short: 'h' } : {}) }]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
};

type Words = { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'none'; readonly help: boolean } | { readonly kind: 'version' };

/** The words of the command; flags before it must be flags of every command. */
const commandWords = (tokens: readonly Token[]): Words => {
  const first = tokens.findIndex((token) => token.kind === 'positional');
  const leading = (first === -1 ? tokens : tokens.slice(0, first)).filter((token) => token.kind === 'option');
  for (const token of leading) flagOf(token, [...GLOBAL_FLAGS, VERSION_FLAG], undefined);
  if (leading.some((token) => token.name === 'version')) return { kind: 'version' };
  if (first === -1) return { kind: 'none', help: leading.some((token) => token.name === 'help') };
  return { kind: 'words', words: tokens.slice(first).flatMap((token) => (token.kind === 'positional' ? [token.value] : [])) };
};

const noCommand = (help: boolean, rest: readonly string[] | undefined): Request => {
  if (help) return { kind: 'help', command: undefined, asked: true };
  const fix = rest === undefined ? 'trainlock --help' : `trainlock run -- ${rest.map(shellWord).join(' ')}`;
  throw new TrainlockError('TL0001', 'no command is given', { notes: [`commands: ${COMMANDS.map((row) => row.name).join(', ')}`], fix });
};

/** The command of the longest name that the words begin with. Throws TL0001 with the nearest known name. */
export const commandNamed = (words: readonly string[]): CommandRow => {
  const found = COMMANDS.find((row) => row.name === words.slice(0, 2).join(' ')) ?? COMMANDS.find((row) => row.name === words[0]);
  if (found !== undefined) return found;
  const below = COMMANDS.filter((row) => row.name.startsWith(`${words[0]} `));
  if (below.length > 0) throw unknownSubject(words, below);
  const near = nearest(words[0] ?? '', [...COMMANDS.map((row) => row.name), ...COMMANDS.map((row) => row.name.split(' ')[0]!)]);
  throw new TrainlockError('TL0001', `${quoted(words[0] ?? '')} is not a command`, {
    ...(near === undefined ? {} : { notes: [`did you mean ${near}?`] }),
    fix: near === undefined ? 'trainlock --help' : `trainlock help ${near}`,
  });
};

const unknownSubject = (words: readonly string[], below: readonly CommandRow[]): TrainlockError => {
  const known = below.map((row) => row.name.split(' ')[1]!);
  const near = words[1] === undefined ? known[0] : (nearest(words[1], known) ?? known[0]);
  const message = words[1] === undefined ? `${words[0]} needs one of: ${known.join(', ')}` : `${words[0]} does not know ${quoted(words[1])}`;
  return new TrainlockError('TL0001', message, { fix: `trainlock ${words[0]} ${near}` });
};

const flagsOf = (command: CommandRow, tokens: readonly Token[]): ParsedInput['flags'] => {
  const flags: Record<string, string | boolean | readonly string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = flagOf(token, [...command.flags, ...GLOBAL_FLAGS], command);
    if (flag.kind === 'boolean') flags[flag.name] = true;
    else flags[flag.name] = flag.kind === 'repeatable' ? [...((flags[flag.name] as readonly string[] | undefined) ?? []), token.value!] : token.value!;
  }
  return flags;
};

/** The row of a flag token, its value checked. */
const flagOf = (token: OptionToken, known: readonly FlagRow[], command: CommandRow | undefined): FlagRow => {
  const flag = known.find((row) => row.name === token.name) ?? known.find((row) => otherSpelling(row) === token.name);
  if (flag === undefined) throw unknownFlag(token, known, command);
  const fix = help(command);
  if (flag.kind === 'boolean') {
    if (token.value !== undefined) throw new TrainlockError('TL0001', `--${flag.name} takes no value, but ${quoted(token.value)} is given`, { fix });
    return flag;
  }
  if (token.value === undefined || (token.inlineValue !== true && token.value.startsWith('--'))) {
    const notes = token.value === undefined ? [] : [`a value that begins with dashes is written --${flag.name}=${token.value}`];
    throw new TrainlockError('TL0001', `--${flag.name} needs a value (${flag.value ?? 'VALUE'})`, { notes, fix });
  }
  if (flag.choices !== undefined && !flag.choices.includes(token.value)) throw notAChoice(`--${flag.name}`, token.value, flag.choices, fix);
  return flag;
};

const unknownFlag = (token: OptionToken, known: readonly FlagRow[], command: CommandRow | undefined): TrainlockError => {
  const near = nearest(
    token.name,
    known.map((row) => row.name),
  );
  const takers = COMMANDS.filter((row) => row.flags.some((flag) => flag.name === token.name)).map((row) => row.name);
  const notes = [
    ...(near === undefined ? [] : [`did you mean --${near}?`]),
    ...(takers.length === 0
      ? []
      : [command === undefined ? `--${token.name} stands behind the command: ${takers.join(', ')}` : `--${token.name} is a flag of: ${takers.join(', ')}`]),
  ];
  return new TrainlockError('TL0001', `${quoted(token.rawName)} is not a flag${command === undefined ? '' : ` of ${command.name}`}`, { notes, fix: help(command) });
};

const checkPositionals = (command: CommandRow, given: readonly string[]): void => {
  const rows = command.positionals;
  const missing = rows.slice(given.length).find((row) => row.required);
  if (missing !== undefined) throw new TrainlockError('TL0001', `${command.name} needs ${missing.name}`, { notes: [`${missing.name}: ${missing.summary}`], fix: help(command) });
  const last = rows.at(-1);
  if (given.length > rows.length && last?.repeats !== true) {
    throw new TrainlockError('TL0001', `${command.name} does not take ${quoted(given[rows.length]!)}`, { fix: help(command) });
  }
  for (const [index, value] of given.entries()) {
    const choices = (rows[index] ?? last)?.choices;
    if (choices !== undefined && !choices.includes(value)) throw notAChoice(rows[index]!.name, value, choices, help(command));
  }
};

/** `trainlock run python train.py` lacks its dashes: said before any flag of the program is called unknown. What stands before the program stays. */
const dashesMissing = (command: CommandRow, head: readonly string[], tokens: readonly Token[]): TrainlockError => {
  const program = tokens.filter((token) => token.kind === 'positional')[command.name.split(' ').length]!;
  flagsOf(
    command,
    tokens.filter(({ index }) => index < program.index),
  );
  const typed = [...head.slice(0, program.index), '--', ...head.slice(program.index)];
  return new TrainlockError('TL0001', `-- is missing before the command ${quoted(head[program.index]!)}`, { fix: `trainlock ${typed.map(shellWord).join(' ')}` });
};

const checkRest = (command: CommandRow, rest: readonly string[] | undefined): void => {
  if (command.rest !== undefined && (rest === undefined || rest.length === 0)) {
    throw new TrainlockError('TL0001', `${command.name} needs a command behind --`, { fix: command.examples[0]?.command ?? help(command) });
  }
  if (command.rest === undefined && rest !== undefined && rest.length > 0) {
    throw new TrainlockError('TL0001', `${command.name} takes nothing behind --, but ${quoted(rest[0]!)} stands there`, { fix: help(command) });
  }
};

const notAChoice = (what: string, value: string, choices: readonly string[], fix: string): TrainlockError => {
  const near = nearest(value, choices);
  return new TrainlockError('TL0001', `${what} is one of ${choices.join(', ')}, not ${quoted(value)}`, {
    ...(near === undefined ? {} : { notes: [`did you mean ${near}?`] }),
    fix,
  });
};

const help = (command: CommandRow | undefined): string => (command === undefined ? 'trainlock --help' : `trainlock help ${command.name}`);

const quoted = (text: string): string => `'${escapeControl(text)}'`;
