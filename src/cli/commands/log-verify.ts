import { EXIT } from '#base';
import { verifyLog } from '#flows/verify-log';
import { renderLogVerdict } from '#report';
import type { CommandHandler } from '../command.ts';
import { leafProgress, listFlag, logRequest, textFlag } from '../log-request.ts';

/** Checks a log from its leaves to its checkpoint. */
export const handle: CommandHandler = async (input, context) => {
  const [folder] = input.positionals;
  const progress = context.progress('checking');
  const verdict = await verifyLog({
    ...(await logRequest(input, context)),
    ...(folder === undefined ? {} : { folder }),
    ...textFlag(input, 'log', 'logKey'),
    from: listFlag(input, 'from'),
    onProgress: leafProgress(progress.onProgress),
  }).finally(progress.end);
  const { head: _, ...check } = verdict.check;
  return { exit: check.kind === 'intact' ? EXIT.yes : EXIT.no, text: renderLogVerdict(verdict, { colour: context.colour }), data: { ...verdict, check } };
};
