/**
 * Every command, flag, default and exit code, in one table. Parsing, help, completion, the man page and docs/reference/cli.md
 * are made from it. A row is added together with the handler it loads: `commands/<verb>.ts` exports `handle` (see command.ts).
 * Nothing else may be imported by it: the table is read on every start.
 */
import type { CommandRow, FlagRow } from './command.ts';
import { DATA_COMMANDS } from './data-commands.ts';
import { ENVIRONMENT_COMMANDS } from './environment-commands.ts';
import { EXCEPTION_COMMANDS } from './exception-commands.ts';
import { FIRST_COMMANDS } from './first-commands.ts';
import { GATE_COMMANDS } from './gate-commands.ts';
import { HISTORY_COMMANDS } from './history-commands.ts';
import { GIT_COMMANDS } from './git-commands.ts';
import { LOG_COMMANDS } from './log-commands.ts';
import { OTHER_COMMANDS } from './other-commands.ts';
import { POLICY_COMMANDS } from './policy-commands.ts';
import { REPORT_COMMANDS } from './report-commands.ts';
import { SIGNING_COMMANDS } from './signing-commands.ts';

/** Flags that every command takes. */
export const GLOBAL_FLAGS: readonly FlagRow[] = [
  { name: 'json', kind: 'boolean', summary: 'print exactly one JSON object on stdout, also on failure' },
  { name: 'store', kind: 'text', value: 'FOLDER', summary: 'folder of the records', default: '.trainlock in the project', env: 'TRAINLOCK_STORE', completes: 'folder' },
  { name: 'help', kind: 'boolean', summary: 'show this help' },
];

export const COMMANDS: readonly CommandRow[] = [
  ...FIRST_COMMANDS,
  ...GATE_COMMANDS,
  ...DATA_COMMANDS,
  ...SIGNING_COMMANDS,
  ...LOG_COMMANDS,
  ...ENVIRONMENT_COMMANDS,
  ...POLICY_COMMANDS,
  ...EXCEPTION_COMMANDS,
  ...HISTORY_COMMANDS,
  ...GIT_COMMANDS,
  ...REPORT_COMMANDS,
  ...OTHER_COMMANDS,
];
