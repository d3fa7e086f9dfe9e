import { countOf, escapeControl, EXIT, TrainlockError } from '#base';
import { continueMachineLog } from '#flows/continue-log';
import type { CommandHandler } from '../command.ts';

/** Opens a new log. */
export const handle: CommandHandler = async (input, context) => {
  const reason = input.flags['why'];
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new TrainlockError('TL0001', 'say what happened: --why', {
      notes: ['a new log cannot be taken back, and a log that is intact needs none: trainlock log verify'],
      fix: 'trainlock log continue --why "the disk was restored from a backup"',
    });
  const continued = await continueMachineLog({ env: context.env, reason });
  const { before, origin, vkey, folder } = continued;
  const lines = [
    `${escapeControl(origin)} goes on from ${countOf(before.size, 'leaf', 'leaves')} of ${escapeControl(before.origin)}`,
    `vkey    ${vkey}`,
    `folder  ${escapeControl(folder)}`,
    'tell the new key to everybody who pins the old one',
  ];
  return { exit: EXIT.yes, text: lines.join('\n'), data: continued, next: ['trainlock log enter'] };
};
