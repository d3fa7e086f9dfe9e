import type { CommandHandler } from '../command.ts';
import { changed } from '../trust-place.ts';

/** Gives the trust file another end. */
export const handle: CommandHandler = (input, context) => changed(input, context, { kind: 'renew' });
