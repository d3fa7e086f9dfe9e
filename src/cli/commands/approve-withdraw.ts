import type { CommandHandler } from '../command.ts';
import { withdrawn } from '../withdrawn-result.ts';

/** Takes an approval back. */
export const handle: CommandHandler = (input, context) => withdrawn(input, context, { what: 'approval', command: 'approve withdraw' });
