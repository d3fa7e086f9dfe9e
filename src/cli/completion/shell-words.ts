import type { CommandRow, FlagRow } from '../command.ts';

/** A word in single quotes for a POSIX shell. */
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** First words of all commands, each once, in the order of the table. */
export const firstWords = (commands: readonly CommandRow[]): readonly string[] => [...new Set(commands.map((row) => row.name.split(' ')[0]!))];

/** Second words below a first word; empty for a command of one word. */
export const secondWords = (commands: readonly CommandRow[], first: string): readonly string[] =>
  commands.flatMap((row) => (row.name.startsWith(`${first} `) ? [row.name.slice(first.length + 1)] : []));

/** Names of all flags that take a value, each once. */
export const valueFlags = (commands: readonly CommandRow[], everywhere: readonly FlagRow[]): readonly string[] => [
  ...new Set([...everywhere, ...commands.flatMap((row) => row.flags)].flatMap((flag) => (flag.kind === 'boolean' ? [] : [`--${flag.name}`]))),
];
