import { escapeControl, EXIT } from '#base';
import { revertStatement } from '#flows/revert-statement';
import type { CommandHandler } from '../command.ts';
import { neededText, signingPlace } from '../signing-place.ts';
import { loggedText } from '../logged-text.ts';

/** Takes an amendment or a deprecation back. */
export const handle: CommandHandler = async (input, context) => {
  const reason = neededText(input.flags, 'reason', { command: 'revert', why: 'why it is taken back' });
  const reverted = await revertStatement({ ...(await signingPlace(input, context)), digest: input.positionals[0]!, reason });
  const { of } = reverted;
  return {
    exit: EXIT.yes,
    text: [
      `${escapeControl(reverted.person)} takes the ${of.kind} ${of.sha256.slice(0, 12)} of ${escapeControl(of.person)} back`,
      `wrote ${reverted.path}`,
      ...loggedText(reverted.logged),
    ].join('\n'),
    data: reverted,
    next: ['git add .trainlock/history', 'trainlock history'],
  };
};
