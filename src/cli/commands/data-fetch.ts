import { resolve } from 'node:path';
import { EXIT } from '#base';
import { fetchData } from '#flows/fetch-data';
import { checkName } from '#flows/take-snapshot';
import type { CommandHandler } from '../command.ts';
import { dataRequest } from '../data-place.ts';
import { snapshotText } from '../snapshot-text.ts';

/** Brings data from an address and records it. */
export const handle: CommandHandler = async (input, context) => {
  const { query, format, name } = input.flags;
  const { project: _, ...request } = await dataRequest(input, context);
  checkName(typeof name === 'string' ? name : undefined);
  const progress = context.progress('fetching');
  const taken = await fetchData({
    ...request,
    address: input.positionals[0]!,
    into: resolve(context.workingDirectory, input.positionals[1]!),
    ...(typeof query === 'string' ? { query } : {}),
    ...(format === 'jsonl' || format === 'csv' ? { format } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  const { sha256, path, snapshot } = taken;
  return { exit: snapshot.complete ? EXIT.yes : EXIT.undecided, text: snapshotText(taken), data: { sha256, document: path, snapshot } };
};
