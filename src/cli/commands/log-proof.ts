import { EXIT } from '#base';
import { proveRun } from '#flows/prove-run';
import { renderProven } from '#report';
import type { CommandHandler } from '../command.ts';
import { logRequest } from '../log-request.ts';

/** Shows the proofs of a run. */
export const handle: CommandHandler = async (input, context) => {
  const proven = await proveRun({ ...(await logRequest(input, context)), reference: input.positionals[0]!, write: input.flags['write'] === true });
  const { leaves, damaged, run } = proven;
  const isWrong = damaged.length > 0 || leaves.some(({ state }) => state === 'wrong');
  const exit = isWrong ? EXIT.no : leaves.length > 0 && leaves.every(({ state }) => state === 'proven') ? EXIT.yes : EXIT.undecided;
  return { exit, text: renderProven(proven, { colour: context.colour }), data: { run: run.id, leaves, damaged } };
};
