import { escapeControl, EXIT, TrainlockError } from '#base';
import { type ApproveOptions, planApproval } from '#flows/approve-run';
import { renderPolicyExplanation } from '#report';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { loggedText } from '../logged-text.ts';
import { baseFlag, baselineOf, environmentFlag, fileFlag, NOTHING } from '../policy-place.ts';
import { neededText, refusedBy, signingPlace } from '../signing-place.ts';
import { listFlag } from '../trust-place.ts';

/** A hundred years. */
const MOST_DAYS = 36_500;

const FIX = 'trainlock approve last --against last~1 --role approver-data --reason "looked at the new rows"';

const requestOf = async (input: ParsedInput, context: CommandContext): Promise<ApproveOptions> => {
  const { flags, positionals } = input;
  const place = await signingPlace(input, context);
  const [file, days] = [fileFlag(flags['policy']), countFlag(flags['expires'], 'expires')];
  if (days !== undefined && days > MOST_DAYS)
    throw new TrainlockError('TL0001', `--expires takes at most ${MOST_DAYS} days`, { fix: 'leave it away for an approval without an end' });
  const needed = (name: string, why: string): string => neededText(flags, name, { command: 'approve', why, fix: FIX });
  return {
    ...place,
    candidate: positionals[0]!,
    ...baselineOf(needed('against', 'the run that counts until then, or none for the first')),
    role: needed('role', 'as what you approve') as ApproveOptions['role'],
    reason: needed('reason', 'why'),
    meaning: (flags['meaning'] ?? 'approval') as ApproveOptions['meaning'],
    actors: listFlag(flags['actor']),
    ...environmentFlag(flags),
    ...baseFlag(flags),
    ...(file === undefined ? {} : { file }),
    ...(days === undefined ? {} : { days }),
  };
};

/** Approves a change. */
export const handle: CommandHandler = async (input, context) => {
  const request = await requestOf(input, context);
  const { here, person: name, sign } = await planApproval(request);
  const person = escapeControl(name);
  const { policy, ...shown } = here;
  const explained = { ...shown, policySha256: policy.sha256 };
  const text = renderPolicyExplanation(explained, { colour: context.colour });
  if (input.flags['dry-run'] === true)
    return { exit: EXIT.yes, text: `${text}\n\n${person} would approve this as ${request.role}`, data: { kind: 'dry-run', person: name, ...explained } };
  const refused = await refusedBy(input, context, { what: 'an approval', question: `${text}\n\nApprove this as ${request.role}, in the name of ${person}?` });
  if (refused !== undefined) return refused;
  const signed = await sign();
  return {
    exit: EXIT.yes,
    text: [
      `${person} approves as ${request.role}: ${signed.sha256.slice(0, 12)}${signed.expiresAt === undefined ? '' : `, until ${signed.expiresAt}`}`,
      `wrote ${signed.path}`,
      ...loggedText(signed.logged),
    ].join('\n'),
    data: { kind: 'approved', ...signed },
    next: ['git add .trainlock/approvals', `trainlock policy explain ${request.baseline ?? NOTHING} ${request.candidate}`],
  };
};
