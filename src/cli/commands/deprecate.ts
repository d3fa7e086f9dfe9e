import { escapeControl, EXIT, exhaustive } from '#base';
import { type Deprecated, deprecateThing, type DeprecateOptions } from '#flows/deprecate-thing';
import type { CommandHandler } from '../command.ts';
import { neededText, signingPlace } from '../signing-place.ts';
import { loggedText } from '../logged-text.ts';
import { momentFlag } from '../moment-flag.ts';

/** Says that something should not be used any more. */
export const handle: CommandHandler = async (input, context) => {
  const { flags, positionals } = input;
  const [what, name] = positionals as [DeprecateOptions['what'], string];
  const reason = neededText(flags, 'reason', { command: 'deprecate', why: 'why it should not be used any more' });
  const { replacement } = flags;
  const from = momentFlag(flags['from'], 'from');
  const deprecated = await deprecateThing({
    ...(await signingPlace(input, context)),
    what,
    name,
    reason,
    ...(typeof replacement === 'string' ? { replacement } : {}),
    ...(from === undefined ? {} : { from }),
  });
  return {
    exit: EXIT.yes,
    text: [
      `${escapeControl(deprecated.person)} deprecates ${escapeControl(thingText(deprecated.of))} from ${deprecated.from.slice(0, 10)} on: ${deprecated.sha256.slice(0, 12)}`,
      `wrote ${deprecated.path}`,
      ...loggedText(deprecated.logged),
    ].join('\n'),
    data: deprecated,
    next: ['git add .trainlock/history'],
  };
};

const thingText = (of: Deprecated['of']): string => {
  switch (of.kind) {
    case 'run':
      return `run ${of.runId.slice(0, 8)}`;
    case 'snapshot':
      return `snapshot ${of.name ?? of.snapshotSha256.slice(0, 12)}`;
    case 'package':
      return `${of.name} ${of.versions === '*' ? '(every version)' : of.versions}`;
    case 'field':
      return `the field ${of.path}`;
    default:
      return exhaustive(of);
  }
};
