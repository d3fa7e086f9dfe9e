import { ERROR_CODES, type ErrorCode, EXIT } from '#base';
import { enterProject } from '#flows/enter-leaves';
import { renderEntered } from '#report';
import type { CommandHandler } from '../command.ts';
import { logRequest } from '../log-request.ts';

/** Enters what waits. */
export const handle: CommandHandler = async (input, context) => {
  const entered = await enterProject({ ...(await logRequest(input, context)), references: input.positionals });
  const exit = entered.kind !== 'waiting' ? EXIT.yes : entered.code === undefined ? EXIT.undecided : ERROR_CODES[entered.code as ErrorCode].exit;
  return { exit, text: renderEntered(entered, { colour: context.colour }), data: entered };
};
