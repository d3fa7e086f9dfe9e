import { pushData } from '#flows/push-data';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { addressFrom, dataRequest } from '../data-place.ts';
import { movedResult } from '../moved-result.ts';

/** Sends a snapshot to a remote. */
export const handle: CommandHandler = async (input, context) => {
  const jobs = countFlag(input.flags['jobs'], 'jobs');
  const progress = context.progress('sending');
  const moved = await pushData({
    ...(await dataRequest(input, context)),
    reference: input.positionals[0]!,
    to: addressFrom(input.positionals[1]!, context),
    ...(jobs === undefined ? {} : { jobs }),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  return movedResult(moved, 'sent to');
};
