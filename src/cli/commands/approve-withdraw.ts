import { escapeControl, EXIT, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { withdrawApproval } from '#flows/withdraw-approval';
import type { CommandHandler } from '../command.ts';
import { loggedText } from '../logged-text.ts';
import { sshKeyOf } from '../policy-place.ts';

/** Takes an approval back. */
export const handle: CommandHandler = async (input, context) => {
  const { reason, key } = input.flags;
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new TrainlockError('TL0001', 'approve withdraw needs --reason: why it is taken back', { fix: 'trainlock help approve withdraw' });
  const { projectRoot, storeFolder, settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const withdrawn = await withdrawApproval({
    projectRoot,
    storeFolder,
    settings,
    workingDirectory: context.workingDirectory,
    env: context.env,
    approval: input.positionals[0]!,
    reason,
    ...(typeof key === 'string' ? { key } : {}),
    ...sshKeyOf(input.flags, context),
  });
  return {
    exit: EXIT.yes,
    text: [`${escapeControl(withdrawn.person)} takes ${withdrawn.approvalSha256.slice(0, 12)} back`, `wrote ${withdrawn.path}`, ...loggedText(withdrawn.logged)].join('\n'),
    data: withdrawn,
    next: ['git add .trainlock/approvals'],
  };
};
