import { escapeControl, EXIT, TrainlockError } from '#base';
import { renewLog } from '#flows/renew-log';
import { styled } from '#report';
import type { CommandHandler } from '../command.ts';
import { listFlag } from '../log-request.ts';

/** Dates the present checkpoint. */
export const handle: CommandHandler = async (input, context) => {
  const authorities = listFlag(input, 'authority');
  if (authorities.length === 0) throw new TrainlockError('TL0001', 'say which authority is asked: --authority URL', { fix: 'trainlock help log renew' });
  const renewed = await renewLog({ env: context.env, authorities });
  const lines = [
    ...renewed.times.map(({ url, time, path }) => `${styled('dated', 'good', context.colour)} ${time} by ${escapeControl(url)}\n  ${escapeControl(path)}`),
    ...renewed.problems.map((problem) => `${styled('not dated', 'bad', context.colour)}: ${escapeControl(problem)}`),
  ];
  return { exit: renewed.times.length > 0 ? EXIT.yes : EXIT.no, text: lines.join('\n'), data: renewed };
};
