import { escapeControl, EXIT, TrainlockError } from '#base';
import { serveWitness } from '#flows/serve-witness';
import type { CommandHandler } from '../command.ts';
import { listFlag, textFlag } from '../log-request.ts';

const LISTEN = '127.0.0.1:8464';
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Serves as a witness until it is interrupted. */
export const handle: CommandHandler = async (input, context) => {
  const logs = listFlag(input, 'log');
  if (logs.length === 0) throw new TrainlockError('TL0001', 'say for which logs it signs: --log VKEY', { fix: 'trainlock log show   # prints the key of a log' });
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ENDING) process.once(signal, end);
  const { listen } = input.flags;
  const served = await serveWitness({
    env: context.env,
    workingDirectory: context.workingDirectory,
    listen: typeof listen === 'string' ? listen : LISTEN,
    logs,
    ...textFlag(input, 'state', 'folder'),
    signal: ending.signal,
    onListening: ({ url, vkey, folder }) => {
      context.say(`witness  ${url}`);
      context.say(`vkey     ${vkey}`);
      context.say(`folder   ${escapeControl(folder)}`);
    },
    onAnswer: ({ status, origin, size, because }) =>
      context.say(
        escapeControl(
          [String(status), ...(origin === undefined ? [] : [origin]), ...(size === undefined ? [] : [`${size} leaves`]), ...(because === undefined ? [] : [because])].join('  '),
        ),
      ),
  }).finally(() => ENDING.forEach((signal) => process.off(signal, end)));
  return { exit: EXIT.yes, text: `signed ${served.cosigned}, refused ${served.refused}`, data: served };
};
