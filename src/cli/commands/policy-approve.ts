import { escapeControl, EXIT } from '#base';
import { type ApprovePolicyOptions, planPolicyApproval } from '#flows/approve-policy';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { loggedText } from '../logged-text.ts';
import { neededText, refusedBy, signingPlace } from '../signing-place.ts';
import { listFlag } from '../trust-place.ts';

const FIX = 'trainlock policy approve --base origin/main --role approver-model --reason "one more approver for data"';

const requestOf = async (input: ParsedInput, context: CommandContext): Promise<ApprovePolicyOptions> => {
  const needed = (name: string, why: string): string => neededText(input.flags, name, { command: 'policy approve', why, fix: FIX });
  return {
    ...(await signingPlace(input, context)),
    base: needed('base', 'the revision whose policy counts until then'),
    role: needed('role', 'as what you approve') as ApprovePolicyOptions['role'],
    reason: needed('reason', 'why'),
    actors: listFlag(input.flags['actor']),
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
  const refused = await refusedBy(input, context, { what: 'an approval', question: `${shown}\n\nApprove this as ${request.role}, in the name of ${person}?` });
  if (refused !== undefined) return refused;
  const signed = await sign();
  return {
    exit: EXIT.yes,
    text: [`${person} approves the policy as ${request.role}: ${signed.sha256.slice(0, 12)}, until ${signed.expiresAt}`, `wrote ${signed.path}`, ...loggedText(signed.logged)].join(
      '\n',
    ),
    data: { kind: 'approved', ...signed },
    next: ['git add .trainlock/approvals .trainlock/policy.yaml'],
  };
};
