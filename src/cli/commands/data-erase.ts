import { userInfo } from 'node:os';
import { countOf, escapeControl, EXIT, TrainlockError } from '#base';
import { eraseData } from '#flows/erase-data';
import type { CommandHandler } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { dataRequest } from '../data-place.ts';

/** A container may run under a number that has no name. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};

/** States that data was erased. */
export const handle: CommandHandler = async (input, context) => {
  const { reason, replacement, yes } = input.flags;
  const dryRun = input.flags['dry-run'] === true;
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new TrainlockError('TL0001', 'data erase needs --reason: without one nobody can tell it from a loss', { fix: 'trainlock data erase DATA --reason TEXT' });
  const rowCount = countFlag(input.flags['rows'], 'rows');
  const request = {
    ...(await dataRequest(input, context)),
    reference: input.positionals[0]!,
    reason,
    by: userName(),
    ...(rowCount === undefined ? {} : { rowCount }),
    ...(typeof replacement === 'string' ? { replacement } : {}),
  };
  const planned = await eraseData({ ...request, dryRun: true });
  const others =
    planned.sharedWith.length === 0
      ? ''
      : `; copies that are also of ${planned.sharedWith
          .slice(0, 5)
          .map((name) => escapeControl(name))
          .join(', ')} stay`;
  const what = `${escapeControl(planned.title)}: ${countOf(planned.erasure.fileCount, 'file')}, ${countOf(planned.removable, 'stored copy', 'stored copies')} to be removed${others}`;
  if (dryRun) return { exit: EXIT.yes, text: what, data: { ...planned, done: false } };
  const answer = yes === true ? true : await context.confirm(`State that this was erased? ${what}`);
  if (answer === undefined) throw new TrainlockError('TL0001', 'nobody can be asked here', { fix: 'add --yes, or look first with --dry-run' });
  if (!answer) return { exit: EXIT.no, text: 'nothing was stated or removed', data: { ...planned, done: false } };
  const erased = await eraseData({ ...request, dryRun: false });
  return { exit: EXIT.yes, text: `erasure stated for ${what.replace(' to be removed', ' removed')}`, data: { ...erased, done: true } };
};
