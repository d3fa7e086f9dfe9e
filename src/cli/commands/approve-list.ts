import { EXIT } from '#base';
import { listApprovals } from '#flows/list-approvals';
import { renderApprovals } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag } from '../policy-place.ts';
import { trustPlace } from '../trust-place.ts';

/** Lists the approvals of a project. */
export const handle: CommandHandler = async (input, context) => {
  const pin = fileFlag(input.flags['trust']);
  const listed = await listApprovals({ ...(await trustPlace(input, context)), ...(pin === undefined ? {} : { pin }) });
  return { exit: EXIT.yes, text: renderApprovals(listed, { colour: context.colour }), data: { approvals: listed.filed } };
};
