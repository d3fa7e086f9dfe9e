import { pullData } from '#flows/pull-data';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { addressFrom, dataRequest } from '../data-place.ts';
import { movedResult } from '../moved-result.ts';

/** Brings a snapshot from a remote. */
export const handle: CommandHandler = async (input, context) => {
  const jobs = countFlag(input.flags['jobs'], 'jobs');
  const progress = context.progress('fetching');
  const moved = await pullData({
    ...(await dataRequest(input, context)),
    reference: input.positionals[0]!,
    from: addressFrom(input.positionals[1]!, context),
    ...(jobs === undefined ? {} : { jobs }),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  const result = movedResult(moved, 'brought from');
  return moved.complete ? { ...result, next: [`trainlock data restore ${moved.title} FOLDER`] } : result;
};
