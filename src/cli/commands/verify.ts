import { EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { verifyRun } from '#flows/verify-run';
import { renderVerdict } from '#report';
import type { CommandHandler } from '../command.ts';

const EXITS = { proven: EXIT.yes, refuted: EXIT.no, undecided: EXIT.undecided } as const;

/** Asks whether a record is intact and things are as recorded. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { data, model, env } = input.flags;
  const progress = context.progress('checking');
  const verdict = await verifyRun({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: input.positionals[0]!,
    question: { data: data === true, model: model === true, environment: env === true },
    onProgress: progress.onProgress,
  }).finally(progress.end);
  return {
    exit: EXITS[verdict.kind],
    text: renderVerdict(verdict, { colour: context.colour }),
    data: verdict,
    findings: verdict.checks.flatMap(({ name, about, outcome, because }) =>
      outcome === 'broken' ? [{ kind: `${name}-broken`, severity: 'error' as const, message: because, ...(about === undefined ? {} : { where: about }) }] : [],
    ),
  };
};
