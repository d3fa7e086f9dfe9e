import { countOf, escapeControl, EXIT, TrainlockError } from '#base';
import { cosignLog } from '#flows/cosign-log';
import { styled } from '#report';
import type { CommandHandler } from '../command.ts';
import { textFlag } from '../log-request.ts';

/** Asks a witness. */
export const handle: CommandHandler = async (input, context) => {
  const { witness } = input.flags;
  if (typeof witness !== 'string') throw new TrainlockError('TL0001', 'say which witness is asked: --witness URL', { fix: 'trainlock help log cosign' });
  const cosigned = await cosignLog({ env: context.env, witness, ...textFlag(input, 'witness-key', 'witnessKey') });
  if (cosigned.kind === 'refused') return { exit: EXIT.no, text: `${styled('not signed', 'bad', context.colour)}: ${escapeControl(cosigned.because)}`, data: cosigned };
  const name = cosigned.vkey.split('+')[0]!;
  return {
    exit: EXIT.yes,
    text: `${styled('signed', 'good', context.colour)} by ${escapeControl(name)}: ${countOf(cosigned.size, 'leaf', 'leaves')} of ${escapeControl(cosigned.origin)} at ${cosigned.time}`,
    data: cosigned,
    next: ['trainlock log proof last --write'],
  };
};
