import { EXIT } from '#base';
import { finish } from '#flows/finish';
import { loadProject } from '#flows/load-project';
import { renderRunSummary } from '#report';
import type { CommandHandler } from '../command.ts';

/** Completes the record of a run whose hashing was put off or whose recorder died. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const progress = context.progress('hashing');
  const finished = await finish({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    settings: project.settings,
    env: context.env,
    reference: input.positionals[0]!,
    onProgress: progress.onProgress,
  }).finally(progress.end);
  const id = finished.id.slice(0, 8);
  return {
    exit: EXIT.yes,
    text:
      finished.wasFinished === true
        ? `the record of ${id} is complete already`
        : renderRunSummary(finished.manifest, { sha256: finished.sha256, colour: context.colour, ...(finished.seal === undefined ? {} : { seal: finished.seal }) }),
    data: { run: { id: finished.id, folder: finished.folder }, manifestSha256: finished.sha256, seal: finished.seal ?? null, gaps: finished.manifest.capture.gaps },
    next: [`trainlock show ${id}`, `trainlock verify ${id}`],
  };
};
