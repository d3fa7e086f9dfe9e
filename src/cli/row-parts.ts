import type { ExitRow, PositionalRow } from './command.ts';

/** A run, as every command takes it. */
export const RUN: PositionalRow = {
  name: 'RUN',
  summary: 'last, last~N, a name, a prefix (6 or more) of its id or digest, its folder, or a model file beside it',
  required: true,
  completes: 'run',
};

/** What every command may also end with. */
export const FAILED: ExitRow = { code: '2', means: 'could not be carried out: usage, missing file, input or output, internal' };
