import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapeControl, EXIT, TrainlockError } from '#base';
import { diffData } from '#flows/diff-data';
import { renderSnapshotDifference, renderSnapshotDifferenceHtml } from '#report';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { dataRequest } from '../data-place.ts';

/** Compares two data sets. Comparing is the answer: whatever was found, it is a yes, unless something could not be read. */
export const handle: CommandHandler = async (input, context) => {
  const [before, after] = input.positionals;
  const { key, by, label, html, markdown } = input.flags;
  const examples = countFlag(input.flags['examples'], 'examples');
  const progress = context.progress('comparing');
  const request = await dataRequest(input, context);
  const difference = await diffData({
    ...request,
    before: before!,
    after: after!,
    filesOnly: input.flags['files-only'] === true,
    config: request.project.config,
    asked: {
      ...(Array.isArray(key) ? { key } : {}),
      ...(by === 'position' || by === 'content' ? { by } : {}),
      ...(examples === undefined ? {} : { examples }),
      ...(typeof label === 'string' ? { label } : {}),
      values: input.flags['values'] === true,
    },
    onProgress: progress.onProgress,
  }).finally(progress.end);
  if (typeof html === 'string') {
    await writePage(resolve(context.workingDirectory, html), renderSnapshotDifferenceHtml(difference));
    context.say(`trainlock: the page is in ${escapeControl(html)}`);
  }
  return {
    exit: difference.verdict === 'undecided' ? EXIT.undecided : EXIT.yes,
    text: renderSnapshotDifference(difference, { all: input.flags['all'] === true, ...(markdown === true ? { format: 'markdown' as const } : { colour: context.colour }) }),
    data: difference,
  };
};

const writePage = async (path: string, page: string): Promise<void> => {
  await writeFile(path, page).catch((error: unknown) => {
    throw new TrainlockError('TL0003', 'the page cannot be written', { where: path, fix: 'choose another file: --html FILE', cause: error });
  });
};
