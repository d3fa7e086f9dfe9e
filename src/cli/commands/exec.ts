import { TrainlockError } from '#base';
import { execPinned } from '#flows/exec-pinned';
import { loadProject } from '#flows/load-project';
import { childExitCode } from '../child-exit-code.ts';
import type { CommandHandler } from '../command.ts';

/** Runs a program under the settings of a run. The exit code is that of the program; one line on stderr is all that is said. */
export const handle: CommandHandler = async ({ flags, rest }, context) => {
  const { pin, model, 'model-path': path } = flags;
  if (typeof pin !== 'string' || pin === '')
    throw new TrainlockError('TL0001', 'exec needs --pin: the run whose settings hold', { fix: 'trainlock exec --pin last -- python serve.py' });
  if (rest.length === 0) throw new TrainlockError('TL0001', 'there is no program to start', { fix: 'trainlock exec --pin last -- python serve.py' });
  const executed = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags })
    .then(({ projectRoot, storeFolder }) =>
      execPinned({
        projectRoot,
        storeFolder,
        workingDirectory: context.workingDirectory,
        env: context.env,
        reference: pin,
        command: rest,
        output: context.json ? 'stderr' : 'inherit',
        say: context.say,
        ...(model === true || typeof path === 'string' ? { model: typeof path === 'string' ? { path } : {} } : {}),
      }),
    )
    .catch((error: unknown) => {
      throw asRefusal(error);
    });
  return { exit: childExitCode(executed.exit), text: '', data: executed };
};

/** Whatever keeps the program from starting ends with 125, so that no exit code of ours is taken for one of its own. */
const asRefusal = (error: unknown): unknown => {
  if (!(error instanceof TrainlockError) || ['TL0401', 'TL0402', 'TL0404'].includes(error.code)) return error;
  const { message, where, notes, fix } = error;
  return new TrainlockError('TL0404', `the program was not started: ${message}`, {
    notes,
    cause: error,
    ...(where === undefined ? {} : { where }),
    ...(fix === undefined ? {} : { fix }),
  });
};
