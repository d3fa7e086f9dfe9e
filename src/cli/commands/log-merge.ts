import { EXIT } from '#base';
import { mergeTeamLogs } from '#flows/merge-logs';
import { renderMerged, renderMergedCsv } from '#report';
import type { CommandHandler } from '../command.ts';
import { leafProgress } from '../log-request.ts';

/** The logs of a team as one list. */
export const handle: CommandHandler = async (input, context) => {
  const progress = context.progress('checking');
  const merged = await mergeTeamLogs({ workingDirectory: context.workingDirectory, folders: input.positionals, onProgress: leafProgress(progress.onProgress) }).finally(
    progress.end,
  );
  const exit = merged.logs.some(({ kind }) => kind !== 'intact') ? EXIT.no : merged.logs.some(({ unread }) => unread > 0) ? EXIT.undecided : EXIT.yes;
  return { exit, text: input.flags['csv'] === true ? renderMergedCsv(merged) : renderMerged(merged, { colour: context.colour }), data: merged };
};
