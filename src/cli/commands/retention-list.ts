import { EXIT } from '#base';
import { listRetention } from '#flows/list-retention';
import { loadProject } from '#flows/load-project';
import { renderRetention } from '#report';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';

/** Lists what must be kept, until when and why. */
export const handle: CommandHandler = async (input, context) => {
  const { projectRoot, storeFolder, settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const olderThanDays = countFlag(input.flags['older-than'], 'older-than');
  const recordDays = settings.recordDays.value;
  const listed = await listRetention({ projectRoot, storeFolder, nowMs: Date.now(), recordDays, ...(olderThanDays === undefined ? {} : { olderThanDays }) });
  const view = {
    rules: [
      recordDays === 0 ? 'no days are configured (retention.recordDays)' : `retention.recordDays: every record ${recordDays} days`,
      'a record that an approval, exception, promotion, amendment or deprecation names: for ever',
    ],
    kept: listed.kept.map(({ id, name, ...one }) => ({ ...one, what: name === undefined ? id.slice(0, 8) : `${name} (${id.slice(0, 8)})` })),
    free: listed.free.length,
    documents: listed.documents,
  };
  return { exit: EXIT.yes, text: renderRetention(view, { colour: context.colour }), data: listed };
};
