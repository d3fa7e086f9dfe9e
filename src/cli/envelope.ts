import { type TrainlockError, VERSION } from '#base';
import type { CommandFinding, CommandResult } from './command.ts';

/** What --json prints: one object per invocation, also on failure. Source: docs/reference/cli.md. */
export type Envelope = {
  readonly schema: typeof ENVELOPE_SCHEMA;
  /** Name of the command; null if the line names none. */
  readonly command: string | null;
  /** Version of trainlock. */
  readonly version: string;
  readonly exit: number;
  /** What the command found; null on failure. */
  readonly data: unknown;
  readonly findings: readonly CommandFinding[];
  /** Commands that make sense next. */
  readonly next: readonly string[];
};

export const ENVELOPE_SCHEMA = 'https://trainlock.dev/schema/cli/v0';

export const envelopeOf = (result: CommandResult, command: string | null): Envelope => ({
  schema: ENVELOPE_SCHEMA,
  command,
  version: VERSION,
  exit: result.exit,
  data: result.data ?? null,
  findings: result.findings ?? [],
  next: result.next ?? [],
});

/** The envelope of a command that could not be carried out: its only finding is the error, its kind the error's code. */
export const failureOf = (error: TrainlockError, command: string | null): Envelope => ({
  schema: ENVELOPE_SCHEMA,
  command,
  version: VERSION,
  exit: error.exit,
  data: null,
  findings: [
    {
      kind: error.code,
      severity: 'error',
      message: error.message,
      ...(error.where === undefined ? {} : { where: error.where }),
      ...(error.notes.length === 0 ? {} : { notes: error.notes }),
      ...(error.fix === undefined ? {} : { remedy: error.fix }),
    },
  ],
  next: [`trainlock explain ${error.code}`],
});
