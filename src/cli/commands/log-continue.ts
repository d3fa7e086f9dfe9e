import { countOf, escapeControl, EXIT } from '#base';
import { continueMachineLog } from '#flows/continue-log';
import type { CommandHandler } from '../command.ts';
import { textFlag } from '../log-request.ts';

/** Opens a new log. */
export const handle: CommandHandler = async (input, context) => {
  const continued = await continueMachineLog({ env: context.env, ...textFlag(input, 'why', 'reason') });
  const { before, origin, vkey, folder } = continued;
  const lines = [
    `${escapeControl(origin)} goes on from ${countOf(before.size, 'leaf', 'leaves')} of ${escapeControl(before.origin)}`,
    `vkey    ${vkey}`,
    `folder  ${escapeControl(folder)}`,
    'tell the new key to everybody who pins the old one',
  ];
  return { exit: EXIT.yes, text: lines.join('\n'), data: continued, next: ['trainlock log enter'] };
};
