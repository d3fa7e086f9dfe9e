import { EXIT, TrainlockError } from '#base';
import { findDataOverlap } from '#flows/find-data-overlap';
import { renderOverlap } from '#report';
import type { CommandHandler } from '../command.ts';
import { dataRequest } from '../data-place.ts';

/** What parts of data share. */
export const handle: CommandHandler = async (input, context) => {
  const { key, near, threshold } = input.flags;
  if (threshold !== undefined && near === undefined)
    throw new TrainlockError('TL0001', '--threshold says how near texts must be, so it needs --near COLUMN', { fix: 'trainlock help data overlap' });
  const overlap = await findDataOverlap({
    ...(await dataRequest(input, context)),
    references: input.positionals,
    options: {
      ...(Array.isArray(key) ? { key } : {}),
      ...(typeof near === 'string' ? { near: { column: near, ...(threshold === undefined ? {} : { threshold: Number(threshold) }) } } : {}),
    },
  });
  const shares = overlap.pairs.some(({ shared }) => shared > 0) || (overlap.near?.pairs.some(({ pairs }) => pairs > 0) ?? false);
  const isCut = (overlap.near?.limits.length ?? 0) > 0;
  return { exit: shares ? EXIT.no : isCut ? EXIT.undecided : EXIT.yes, text: renderOverlap(overlap, { colour: context.colour }), data: overlap };
};
