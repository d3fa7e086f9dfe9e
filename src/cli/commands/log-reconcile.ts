import { EXIT } from '#base';
import { reconcileRuns } from '#flows/reconcile-runs';
import { renderReconciled } from '#report';
import type { CommandHandler } from '../command.ts';
import { logRequest, textFlag } from '../log-request.ts';

/** Compares records with what ran. */
export const handle: CommandHandler = async (input, context) => {
  const reconciled = await reconcileRuns({
    ...(await logRequest(input, context)),
    ...textFlag(input, 'slurm', 'slurm'),
    ...textFlag(input, 'mlflow', 'mlflow'),
    ...textFlag(input, 'kubernetes', 'kubernetes'),
    ...textFlag(input, 'from', 'from'),
    ...textFlag(input, 'to', 'to'),
  });
  const { systems, damaged } = reconciled;
  const isOpen = damaged.length > 0 || systems.some(({ unread, withoutJob }) => unread.length > 0 || withoutJob.length > 0);
  const exit = systems.some(({ withoutRecord }) => withoutRecord.length > 0) ? EXIT.no : isOpen ? EXIT.undecided : EXIT.yes;
  return { exit, text: renderReconciled(reconciled, { colour: context.colour }), data: reconciled };
};
