import type { CommandHandler } from '../command.ts';
import { withdrawn } from '../withdrawn-result.ts';

/** Takes an exception, or the confirmation of one, back. */
export const handle: CommandHandler = (input, context) => withdrawn(input, context, { what: 'exception', command: 'exception withdraw' });
