import { EXIT } from '#base';
import { listExceptions } from '#flows/list-exceptions';
import { renderExceptions } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag, policyPlace } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

/** Lists the exceptions of a project. */
export const handle: CommandHandler = async (input, context) => {
  const pin = fileFlag(input.flags['trust']);
  const place = await policyPlace(input, context, undefined);
  const listed = await listExceptions({ ...place, env: context.env, actors: listFlag(input.flags['actor']), ...(pin === undefined ? {} : { pin }) });
  return { exit: EXIT.yes, text: renderExceptions(listed, { colour: context.colour }), data: { exceptions: listed } };
};
