import { escapeControl, EXIT, TrainlockError } from '#base';
import { type ApprovePolicyOptions, planPolicyApproval } from '#flows/approve-policy';
import { loadProject } from '#flows/load-project';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { loggedText } from '../logged-text.ts';
import { sshKeyOf } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

const requestOf = async ({ flags }: ParsedInput, context: CommandContext): Promise<ApprovePolicyOptions> => {
  const { projectRoot, storeFolder, settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  const needed = (name: string, why: string): string => {
    const value = flags[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw new TrainlockError('TL0001', `policy approve needs --${name}: ${why}`, {
      fix: 'trainlock policy approve --base origin/main --role approver-model --reason "one more approver for data"',
    });
  };
  return {
    projectRoot,
    storeFolder,
    settings,
    workingDirectory: context.workingDirectory,
    env: context.env,
    base: needed('base', 'the revision whose policy counts until then'),
    role: needed('role', 'as what you approve') as ApprovePolicyOptions['role'],
    reason: needed('reason', 'why'),
    actors: listFlag(flags['actor']),
    ...(typeof flags['key'] === 'string' ? { key: flags['key'] } : {}),
    ...sshKeyOf(flags, context),
  };
};

/** Approves a change of the policy. */
export const handle: CommandHandler = async (input, context) => {
  const request = await requestOf(input, context);
  const { sign, ...planned } = await planPolicyApproval(request);
  const person = escapeControl(planned.person);
  const shown = [
    `policy ${planned.fromSha256.slice(0, 12)} to ${planned.toSha256.slice(0, 12)}: git diff ${escapeControl(request.base)} -- .trainlock/policy.yaml`,
    ...planned.decision.because.map((reason) => `  ${escapeControl(reason)}`),
  ].join('\n');
  if (input.flags['dry-run'] === true) return { exit: EXIT.yes, text: `${shown}\n\n${person} would approve this as ${request.role}`, data: { kind: 'dry-run', ...planned } };
  if (input.flags['yes'] !== true) {
    const answer = await context.confirm(`${shown}\n\nApprove this as ${request.role}, in the name of ${person}?`);
    if (answer === undefined)
      throw new TrainlockError('TL0001', 'an approval is a question to a person, and there is no terminal to ask on', { fix: 'look with --dry-run, then add --yes' });
    if (!answer) return { exit: EXIT.no, text: 'nothing was signed', data: { kind: 'refused' } };
  }
  const signed = await sign();
  return {
    exit: EXIT.yes,
    text: [`${person} approves the policy as ${request.role}: ${signed.sha256.slice(0, 12)}`, `wrote ${signed.path}`, ...loggedText(signed.logged)].join('\n'),
    data: { kind: 'approved', ...signed },
    next: ['git add .trainlock/approvals .trainlock/policy.yaml'],
  };
};
