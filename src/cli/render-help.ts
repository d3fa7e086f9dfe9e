import { COMMANDS, GLOBAL_FLAGS } from './command-table.ts';
import type { CommandGroup, CommandRow, FlagRow } from './command.ts';

export type HelpStyle = { readonly colour: boolean; /** Unit: column. */ readonly width: number };

/** Order and titles of the groups of commands. */
export const GROUPS: readonly { readonly group: CommandGroup; readonly title: string }[] = [
  { group: 'first', title: 'Start here' },
  { group: 'records', title: 'Records' },
  { group: 'data', title: 'Data' },
  { group: 'signing', title: 'Signatures and trust' },
  { group: 'log', title: 'The transparency log' },
  { group: 'environment', title: 'Environments' },
  { group: 'governance', title: 'Governance' },
  { group: 'reports', title: 'For people and auditors' },
  { group: 'setting-up', title: 'Setting up' },
  { group: 'help', title: 'Help' },
];

/** What the exit codes of every command mean. Source: docs/reference/cli.md. */
export const EXIT_MEANINGS: readonly { readonly code: string; readonly means: string }[] = [
  { code: '0', means: 'yes' },
  { code: '1', means: 'a definite no: invalid, broken, different beyond tolerance' },
  { code: '2', means: 'could not be carried out: usage, missing file, input or output, internal' },
  { code: '3', means: 'undecided: evidence missing, inconclusive, newer schema' },
];

/** Help about everything. */
export const renderOverview = (style: HelpStyle): string => {
  const groups = GROUPS.flatMap(({ group, title }) => section(title, rowsOf(COMMANDS.filter((row) => row.group === group)), style));
  return [
    `${bold('trainlock', style)}: the lockfile for model training`,
    '',
    'usage: trainlock COMMAND [FLAGS]',
    '',
    ...groups,
    ...section('Flags of every command', [...GLOBAL_FLAGS.map(flagEntry), { left: '--version', right: 'show the version' }], style),
    ...section(
      'Exit codes',
      EXIT_MEANINGS.map(({ code, means }) => ({ left: code, right: means })),
      style,
    ),
    'trainlock help COMMAND shows what a command takes.',
  ].join('\n');
};

/** Help about commands that begin with the same word. */
export const renderGroup = (word: string, below: readonly CommandRow[], style: HelpStyle): string =>
  [`${bold(`trainlock ${word}`, style)}`, '', ...section('Commands', rowsOf(below), style), `trainlock help ${below[0]!.name} shows what one of them takes.`].join('\n');

/** Help about one command, with those whose names begin with its name. */
export const renderCommandHelp = (row: CommandRow, below: readonly CommandRow[], style: HelpStyle): string => {
  const behind = row.rest === undefined ? [] : [{ left: row.rest.name, right: row.rest.summary }];
  return [
    `${bold(`trainlock ${row.name}`, style)}: ${row.summary}`,
    '',
    ...wrap(`usage: ${usageOf(row)}`, style.width, '         '),
    '',
    ...(row.details === undefined ? [] : [...wrap(row.details, style.width, ''), '']),
    ...section('Arguments', [...row.positionals.map(({ name, summary }) => ({ left: name, right: summary })), ...behind], style),
    ...section('Further commands', rowsOf(below), style),
    ...section('Flags', row.flags.map(flagEntry), style),
    ...section('Flags of every command', GLOBAL_FLAGS.map(flagEntry), style),
    ...section(
      'Exit codes',
      row.exits.map(({ code, means }) => ({ left: code, right: means })),
      style,
    ),
    ...section(
      'Examples',
      row.examples.map(({ command, says }) => ({ left: command, right: says })),
      style,
    ),
  ]
    .join('\n')
    .trimEnd();
};

/** One line: trainlock diff [--all] RUN OTHER… */
export const usageOf = (row: CommandRow): string => {
  const flags = row.flags.map((flag) => `[${flagForm(flag)}${flag.kind === 'repeatable' ? ' …' : ''}]`);
  const positionals = row.positionals.map(({ name, required, repeats }) => {
    const word = `${name}${repeats === true ? '…' : ''}`;
    return required ? word : `[${word}]`;
  });
  return ['trainlock', row.name, ...flags, ...positionals, ...(row.rest === undefined ? [] : ['--', `${row.rest.name}…`])].join(' ');
};

/** --logs auto|off|tee|pty, --why TEXT, --all */
export const flagForm = (flag: FlagRow): string => {
  if (flag.kind === 'boolean') return `--${flag.name}`;
  return `--${flag.name} ${flag.choices?.join('|') ?? flag.value ?? 'VALUE'}`;
};

/** Summary of a flag with its default and its variable. */
export const flagMeaning = (flag: FlagRow): string => {
  const facts = [
    ...(flag.kind === 'repeatable' ? ['may be repeated'] : []),
    ...(flag.default === undefined ? [] : [`default: ${flag.default}`]),
    ...(flag.env === undefined ? [] : [`variable: ${flag.env}`]),
  ];
  return facts.length === 0 ? flag.summary : `${flag.summary} (${facts.join('; ')})`;
};

type Entry = { readonly left: string; readonly right: string };

const flagEntry = (flag: FlagRow): Entry => ({ left: flagForm(flag), right: flagMeaning(flag) });

const rowsOf = (rows: readonly CommandRow[]): readonly Entry[] => rows.map(({ name, summary }) => ({ left: name, right: summary }));

const section = (title: string, entries: readonly Entry[], style: HelpStyle): readonly string[] => {
  if (entries.length === 0) return [];
  const column = Math.min(30, Math.max(...entries.map(({ left }) => left.length)) + 4);
  return [bold(title, style), ...entries.flatMap((entry) => lines(entry, column, style.width)), ''];
};

/** The right side stands beside the left one, or below it where the left one is too long. */
const lines = ({ left, right }: Entry, column: number, width: number): readonly string[] => {
  const indent = ' '.repeat(column);
  const text = wrap(right, Math.max(20, width - column), '').map((line) => `${indent}${line}`);
  if (left.length + 4 > column) return [`  ${left}`, ...text];
  return [`  ${left}`.padEnd(column) + text[0]!.slice(column), ...text.slice(1)];
};

const wrap = (text: string, width: number, hanging: string): readonly string[] => {
  const out: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      out.push(line);
      line = hanging + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...out, line];
};

const bold = (text: string, style: HelpStyle): string => (style.colour ? `\u001b[1m${text}\u001b[22m` : text);
