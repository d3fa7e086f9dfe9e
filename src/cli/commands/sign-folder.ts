import { relative } from 'node:path';
import { countOf, escapeControl, EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { signFolder } from '#flows/sign-folder';
import type { CommandHandler } from '../command.ts';

/** Signs the files of a folder. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const progress = context.progress('hashing');
  const { key, out } = input.flags;
  const signed = await signFolder({
    workingDirectory: context.workingDirectory,
    folder: input.positionals[0]!,
    ...(typeof out === 'string' ? { out } : {}),
    settings: project.settings,
    ...(typeof key === 'string' ? { key } : {}),
    env: context.env,
    onProgress: progress.onProgress,
  }).finally(progress.end);
  return {
    exit: EXIT.yes,
    text: `signed ${countOf(signed.fileCount, 'file')} with the key ${signed.keyId.slice(0, 12)}…: ${escapeControl(relative(context.workingDirectory, signed.path))}`,
    data: signed,
  };
};
