import { escapeControl, EXIT, TrainlockError } from '#base';
import { reviewException, type ReviewOptions } from '#flows/review-exception';
import type { CommandHandler } from '../command.ts';
import { loggedText } from '../logged-text.ts';
import { neededText, refusedBy, signingPlace } from '../signing-place.ts';

const COMMAND = 'exception review';

/** Looks back at a break-glass that is over. */
export const handle: CommandHandler = async (input, context) => {
  const { flags, positionals } = input;
  const role = neededText(flags, 'role', { command: COMMAND, why: 'as what you speak' }) as ReviewOptions['role'];
  const reason = neededText(flags, 'reason', { command: COMMAND, why: 'what was learnt' });
  const { outcome } = flags;
  if (outcome !== 'justified' && outcome !== 'not-justified')
    throw new TrainlockError('TL0001', `${COMMAND} needs --outcome: whether it was right to let the model run`, { fix: `trainlock help ${COMMAND}` });
  const refused = await refusedBy(input, context, { question: `Say that the break-glass ${escapeControl(positionals[0]!)} was ${outcome}, as ${role}?` });
  if (refused !== undefined) return refused;
  const { review, ...signed } = await reviewException({ ...(await signingPlace(input, context)), exception: positionals[0]!, outcome, role, reason });
  return {
    exit: EXIT.yes,
    text: [`${escapeControl(review.person)} as ${role}: the break-glass ${review.reviews.slice(0, 12)} was ${outcome}`, `wrote ${signed.path}`, ...loggedText(signed.logged)].join(
      '\n',
    ),
    data: { kind: 'reviewed', review, ...signed },
    next: ['git add .trainlock/exceptions'],
  };
};
