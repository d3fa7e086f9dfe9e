import { EXIT } from '#base';
import { exportLog } from '#flows/export-log';
import { renderExported } from '#report';
import type { CommandHandler } from '../command.ts';
import { logRequest } from '../log-request.ts';

/** Copies the log of this machine. */
export const handle: CommandHandler = async (input, context) => {
  const progress = context.progress('copying');
  const exported = await exportLog({
    ...(await logRequest(input, context)),
    folder: input.positionals[0]!,
    onProgress: ({ files, totalFiles, bytes }) => progress.onProgress({ files, totalFiles, bytes, totalBytes: 0, unit: 'files' }),
  }).finally(progress.end);
  const { head: _, ...check } = exported.check;
  return { exit: check.kind === 'intact' ? EXIT.yes : EXIT.no, text: renderExported(exported, { colour: context.colour }), data: { ...exported, check } };
};
