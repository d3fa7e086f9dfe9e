import { COMMANDS, GLOBAL_FLAGS } from '../command-table.ts';
import type { CommandRow, FlagRow } from '../command.ts';
import { ENVELOPE_SCHEMA } from '../envelope.ts';
import { EXIT_MEANINGS, flagForm, flagMeaning, GROUPS, usageOf } from '../render-help.ts';
import { code, NOTICE, page, table } from './markdown.ts';

/** docs/reference/cli.md */
export const cliPage = (): string =>
  page(
    NOTICE,
    '# The command line',
    'Results go to stdout, talk goes to stderr. On a terminal there is colour and a progress line; without one, or with `CI`, `NO_COLOR` or `TERM=dumb`, there are plain lines. Nothing is ever asked without a terminal.',
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      EXIT_MEANINGS.map(({ code: number, means }) => [number, means]),
    ),
    '`trainlock run` ends with the exit code of the command it started: 128+N when signal N ended it, 125 when trainlock refused or failed under `--require-record`, 126 and 127 as in POSIX.',
    '## Naming a run',
    '`last`, `last~N` (the N-th before it), its name, a prefix (6 letters or more) of its id or digest, its folder, or a model file beside it. A name that fits several runs is an error that lists them.',
    '## JSON',
    `Every command takes \`--json\` and then prints exactly one object on stdout, also on failure:`,
    table(
      ['Member', 'Meaning'],
      [
        ['`schema`', code(ENVELOPE_SCHEMA)],
        ['`command`', 'name of the command, or null'],
        ['`version`', 'version of trainlock'],
        ['`exit`', 'the exit code'],
        ['`data`', 'what the command found; null on failure'],
        [
          '`findings`',
          'list of `kind`, `severity` (note, warning, error), `message`, and where they are known `where`, `notes`, `remedy`; on failure the only finding is the error, its kind the error code',
        ],
        ['`next`', 'commands that make sense next'],
      ],
    ),
    '## Errors',
    'An error says what, where, why and how to mend it. `trainlock explain CODE` tells more; [errors](errors.md) lists all codes.',
    '```\nerror[TL0101]: the key "entropi" is not known here\n  --> /home/ann/digits/trainlock.yaml:2 /run/entropi\n   = did you mean entropy?\n  fix: mend /home/ann/digits/trainlock.yaml, then check it with: trainlock config show\n  docs: trainlock explain TL0101\n```',
    '## Flags of every command',
    flagTable(GLOBAL_FLAGS),
    ...GROUPS.flatMap(({ group, title }) => [`## ${title}`, ...COMMANDS.filter((row) => row.group === group).map(commandSection)]),
  );

const commandSection = (row: CommandRow): string => {
  const positionals = [...row.positionals.map(({ name, summary }) => [code(name), summary]), ...(row.rest === undefined ? [] : [[code(`-- ${row.rest.name}`), row.rest.summary]])];
  return [
    `### trainlock ${row.name}`,
    `${row.summary[0]!.toUpperCase()}${row.summary.slice(1)}.${row.details === undefined ? '' : ` ${row.details}`}`,
    `\`\`\`\n${usageOf(row)}\n\`\`\``,
    table(['Argument', 'Meaning'], positionals),
    flagTable(row.flags),
    table(
      ['Exit code', 'Meaning'],
      row.exits.map(({ code: number, means }) => [number, means]),
    ),
    `\`\`\`sh\n${row.examples.map(({ command, says }) => `${command}   # ${says}`).join('\n')}\n\`\`\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const flagTable = (flags: readonly FlagRow[]): string =>
  table(
    ['Flag', 'Meaning'],
    flags.map((flag) => [code(flagForm(flag)), flagMeaning(flag)]),
  );
