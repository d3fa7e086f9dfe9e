import { escapeControl, EXIT, TrainlockError } from '#base';
import { diffEnvironment, type EnvironmentFinding } from '#flows/diff-environment';
import { loadProject } from '#flows/load-project';
import { renderEnvironmentDifference } from '#report';
import type { CommandFinding, CommandHandler } from '../command.ts';

const EXITS = { same: EXIT.yes, different: EXIT.no, undecided: EXIT.undecided } as const;

const SEVERITIES = { high: 'error', medium: 'warning', low: 'note' } as const;

/** Compares the environment here, or that of another run, with the one that a run recorded. */
export const handle: CommandHandler = async (input, context) => {
  const { against, needed, python = context.env['TRAINLOCK_PYTHON'] } = input.flags;
  if (typeof against === 'string' && input.flags['python'] !== undefined)
    throw new TrainlockError('TL0001', '--python and --against do not belong together: another run has its own interpreter', { fix: 'trainlock help env diff' });
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const difference = await diffEnvironment({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: input.positionals[0]!,
    neededOnly: needed === true,
    ...(typeof against === 'string' ? { against } : {}),
    ...(typeof python === 'string' && python !== '' ? { python } : {}),
  });
  const id = difference.run.id.slice(0, 8);
  return {
    exit: EXITS[difference.outcome],
    text: renderEnvironmentDifference(difference, { colour: context.colour }),
    data: difference,
    findings: difference.findings.map(findingOf),
    next: difference.outcome === 'same' ? [] : [`trainlock env lock ${id} --format pip`, `trainlock exec --pin ${id} -- CMD`],
  };
};

const findingOf = ({ id, severity, state, pointer, about, recorded, here, remedy }: EnvironmentFinding): CommandFinding => ({
  kind: id,
  severity: SEVERITIES[severity],
  message: escapeControl(`${about}: ${recorded} recorded, here ${here}${state === 'unknown' ? ' (not compared)' : ''}`),
  where: pointer,
  remedy: escapeControl(remedy),
});
