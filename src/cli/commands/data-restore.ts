import { resolve } from 'node:path';
import { countOf, escapeControl, EXIT } from '#base';
import { restoreData } from '#flows/restore-data';
import type { CommandHandler } from '../command.ts';
import { dataRequest } from '../data-place.ts';

const SHOWN = 20;

/** Brings the files of a snapshot back. */
export const handle: CommandHandler = async (input, context) => {
  const progress = context.progress('restoring');
  const restored = await restoreData({
    ...(await dataRequest(input, context)),
    reference: input.positionals[0]!,
    into: resolve(context.workingDirectory, input.positionals[1]!),
    fromOrigin: input.flags['from-origin'] === true,
    onProgress: progress.onProgress,
  }).finally(progress.end);
  const { failures, notes } = restored;
  return {
    exit: restored.complete ? EXIT.yes : EXIT.undecided,
    text: [
      `${escapeControl(restored.title)}: ${countOf(restored.restored, 'file')} in ${escapeControl(restored.into)} with the recorded bytes`,
      ...notes.map((note) => `  ${escapeControl(note)}`),
      ...failures.slice(0, SHOWN).map(({ path, reason }) => `  not restored: ${escapeControl(path)} (${reason})`),
      ...(failures.length > SHOWN ? [`  … and ${failures.length - SHOWN} more`] : []),
    ].join('\n'),
    data: restored,
    findings: failures.map(({ path, reason }) => ({ kind: 'not-restored', severity: 'error', message: reason, where: path })),
  };
};
