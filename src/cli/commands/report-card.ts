import { resolve } from 'node:path';
import { escapeControl, EXIT } from '#base';
import { reportCard } from '#flows/report-card';
import type { CommandHandler } from '../command.ts';
import { fileFlag } from '../policy-place.ts';
import { evidenceRequest } from '../report-page.ts';

/** Writes a model card, or shows it. */
export const handle: CommandHandler = async (input, context) => {
  const out = fileFlag(input.flags['out']);
  const progress = context.progress('checking');
  const card = await reportCard({
    ...(await evidenceRequest(input, context, input.positionals[0]!)),
    ...(out === undefined ? {} : { path: resolve(context.workingDirectory, out) }),
    dryRun: input.flags['dry-run'] === true,
    onProgress: progress.onProgress,
  }).finally(progress.end);
  for (const key of card.left) context.say(`trainlock: ${key} stands in the front matter outside of our marks: it is yours, and stays`);
  const text = { written: `written: ${escapeControl(out ?? '')}`, unchanged: `nothing to change: ${escapeControl(out ?? '')}`, shown: card.text.trimEnd() }[card.kind];
  return { exit: EXIT.yes, text, data: card };
};
