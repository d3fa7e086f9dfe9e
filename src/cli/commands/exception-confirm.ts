import type { CommandHandler } from '../command.ts';
import { lasts, stated } from '../stated-result.ts';

/** Confirms the exception or the break-glass of another person. */
export const handle: CommandHandler = async (input, context) => {
  const lastsMs = lasts(input.flags, { isBreakGlass: input.flags['hours'] !== undefined });
  const wish = { kind: 'confirm', exception: input.positionals[0]!, ...(lastsMs === undefined ? {} : { lastsMs }) } as const;
  return stated(input, context, { wish, command: 'exception confirm' });
};
