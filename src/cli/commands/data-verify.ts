import { EXIT } from '#base';
import { verifyData } from '#flows/verify-data';
import { renderDataVerdict } from '#report';
import type { CommandHandler } from '../command.ts';
import { dataRequest } from '../data-place.ts';

const EXITS = { same: EXIT.yes, different: EXIT.no, undecided: EXIT.undecided } as const;

/** Asks whether data is what a snapshot says. */
export const handle: CommandHandler = async (input, context) => {
  const [reference, ...only] = input.positionals;
  const { at } = input.flags;
  const progress = context.progress('checking');
  const verdict = await verifyData({
    ...(await dataRequest(input, context)),
    reference: reference!,
    only,
    ...(typeof at === 'string' ? { at } : {}),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  return { exit: EXITS[verdict.kind], text: renderDataVerdict(verdict, { colour: context.colour }), data: verdict };
};
