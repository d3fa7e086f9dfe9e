import { escapeControl, EXIT, TrainlockError } from '#base';
import { type ApproveOptions, planApproval } from '#flows/approve-run';
import { loadProject } from '#flows/load-project';
import { renderPolicyExplanation } from '#report';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { loggedText } from '../logged-text.ts';
import { baseFlag, baselineOf, environmentFlag, fileFlag, NOTHING, sshKeyOf } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

/** A hundred years. */
const MOST_DAYS = 36_500;

const requestOf = async ({ flags, positionals }: ParsedInput, context: CommandContext): Promise<ApproveOptions> => {
  const { projectRoot, storeFolder, settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  const [file, days] = [fileFlag(flags['policy']), countFlag(flags['expires'], 'expires')];
  if (days !== undefined && days > MOST_DAYS)
    throw new TrainlockError('TL0001', `--expires takes at most ${MOST_DAYS} days`, { fix: 'leave it away for an approval without an end' });
  const needed = (name: string, why: string): string => {
    const value = flags[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw new TrainlockError('TL0001', `approve needs --${name}: ${why}`, {
      fix: 'trainlock approve last --against last~1 --role approver-data --reason "looked at the new rows"',
    });
  };
  return {
    projectRoot,
    storeFolder,
    settings,
    workingDirectory: context.workingDirectory,
    env: context.env,
    candidate: positionals[0]!,
    ...baselineOf(needed('against', 'the run that counts until then, or none for the first')),
    role: needed('role', 'as what you approve') as ApproveOptions['role'],
    reason: needed('reason', 'why'),
    meaning: (flags['meaning'] ?? 'approval') as ApproveOptions['meaning'],
    actors: listFlag(flags['actor']),
    ...environmentFlag(flags),
    ...baseFlag(flags),
    ...(typeof flags['key'] === 'string' ? { key: flags['key'] } : {}),
    ...sshKeyOf(flags, context),
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
  if (input.flags['yes'] !== true) {
    const answer = await context.confirm(`${text}\n\nApprove this as ${request.role}, in the name of ${person}?`);
    if (answer === undefined)
      throw new TrainlockError('TL0001', 'an approval is a question to a person, and there is no terminal to ask on', { fix: 'look with --dry-run, then add --yes' });
    if (!answer) return { exit: EXIT.no, text: 'nothing was signed', data: { kind: 'refused' } };
  }
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
