import { EXIT } from '#base';
import { showLog } from '#flows/show-log';
import { renderLog } from '#report';
import type { CommandHandler } from '../command.ts';
import { logRequest, numberFlag } from '../log-request.ts';

const LAST = 10;

/** Shows the log of this machine. */
export const handle: CommandHandler = async (input, context) => {
  const shown = await showLog({ ...(await logRequest(input, context)), last: numberFlag(input, 'last', 0) ?? LAST });
  return { exit: EXIT.yes, text: renderLog(shown, { colour: context.colour }), data: shown, next: shown.waiting.length === 0 ? [] : ['trainlock log enter'] };
};
