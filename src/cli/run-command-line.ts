import { escapeControl, EXIT, type TrainlockError, VERSION } from '#base';
import type { CommandContext, CommandHandler, CommandResult, CommandRow } from './command.ts';
import { type Envelope, envelopeOf, failureOf } from './envelope.ts';
import { commandMeant, parseInput, type Request, wantsJson } from './parse-input.ts';
import { contextOf, print, terminalOf } from './terminal.ts';

/**
 * Parses, runs the command, prints its result and sets the exit code; never throws. The process then ends by itself, so that
 * everything printed arrives.
 */
export const runCommandLine = async (argv: readonly string[]): Promise<void> => {
  const json = wantsJson(argv);
  const command = commandMeant(argv) ?? null;
  try {
    await finish(await answer(parseInput(argv), json), command, json);
  } catch (thrown) {
    await fail(thrown, command, json);
  }
};

const answer = async (request: Request, json: boolean): Promise<CommandResult> => {
  switch (request.kind) {
    case 'version':
      return { exit: EXIT.yes, data: { version: VERSION }, text: `trainlock ${VERSION}` };
    case 'help': {
      const { handle } = await import('./commands/help.ts');
      const help = await handle({ flags: {}, positionals: request.command?.name.split(' ') ?? [], rest: [] }, contextOf(json));
      return request.asked ? help : { ...help, exit: EXIT.failed, textTo: 'stderr' };
    }
    case 'command': {
      const { handle } = await request.command.load();
      if (request.command.readsRuns === true) await completeInterrupted(request.input, contextOf(json));
      return guarded(request.command, handle, request.input, json);
    }
  }
};

/** A fault here is no reason not to answer what was asked: the run then is told as interrupted. */
const completeInterrupted = async (input: Parameters<CommandHandler>[0], context: CommandContext): Promise<void> => {
  try {
    const [{ loadProject }, { finishInterrupted }] = await Promise.all([import('#flows/load-project'), import('#flows/finish')]);
    const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
    await finishInterrupted({ projectRoot: project.projectRoot, storeFolder: project.storeFolder, settings: project.settings, env: context.env }, (line) =>
      context.say(`trainlock: ${escapeControl(line)}`),
    );
  } catch {
    return;
  }
};

/** Signals with which people and systems end a command. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Such a signal ends the command at once, and by itself; what the command only had for a while is removed. Commands with a child deal with signals themselves. */
const guarded = async (command: CommandRow, handle: CommandHandler, input: Parameters<CommandHandler>[0], json: boolean): Promise<CommandResult> => {
  if (command.ownsSignals === true) return handle(input, contextOf(json));
  const listeners = ENDING.map((signal) => [signal, (): void => void interrupted(signal, unguard)] as const);
  const unguard = (): void => listeners.forEach(([signal, listener]) => process.off(signal, listener));
  for (const [signal, listener] of listeners) process.once(signal, listener);
  try {
    return await handle(input, contextOf(json));
  } finally {
    unguard();
  }
};

const interrupted = async (signal: NodeJS.Signals, unguard: () => void): Promise<void> => {
  // A second signal finds no listener and ends the process whatever it does.
  unguard();
  if (signal === 'SIGINT') process.stderr.write('\ntrainlock: interrupted\n');
  try {
    const { stopWork } = await import('#flows/stop');
    stopWork();
  } finally {
    process.kill(process.pid, signal);
  }
};

const finish = async (result: CommandResult, command: string | null, json: boolean): Promise<void> => {
  if (json) await printEnvelope(envelopeOf(result, command));
  else if (result.bytes !== undefined) await print('stdout', result.bytes);
  else if (result.text !== '') await print(result.textTo ?? 'stdout', `${result.text}\n`);
  process.exitCode = result.exit;
};

const fail = async (thrown: unknown, command: string | null, json: boolean): Promise<void> => {
  const [{ errorOf, stackOf }, { renderError }] = await Promise.all([import('./error-of.ts'), import('./render-error.ts')]);
  const error: TrainlockError = errorOf(thrown, process.env);
  await print('stderr', `${renderError(error, terminalOf('stderr').colour)}\n`);
  if (process.env['TRAINLOCK_DEBUG'] === '1') await print('stderr', `${stackOf(error, process.env)}\n`);

  if (json) await printEnvelope(failureOf(error, command));
  process.exitCode = error.exit;
};

const printEnvelope = (envelope: Envelope): Promise<void> => print('stdout', `${JSON.stringify(envelope)}\n`);
