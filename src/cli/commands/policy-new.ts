import { EXIT, TrainlockError } from '#base';
import { newPolicy } from '#flows/new-policy';
import type { CommandHandler } from '../command.ts';
import { policyPlace } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

/** Writes a policy to begin with. */
export const handle: CommandHandler = async (input, context) => {
  const people = listFlag(input.flags['person']);
  if (people.length === 0)
    throw new TrainlockError('TL0001', 'policy new needs --person: who may approve', { fix: 'trainlock policy new --person ann@example.com --person ben@example.com' });
  const dryRun = input.flags['dry-run'] === true;
  const { projectRoot } = await policyPlace(input, context, undefined);
  const made = await newPolicy({ projectRoot, people, machines: listFlag(input.flags['machine']), admins: listFlag(input.flags['admin']), dryRun });
  const warnings = made.findings.map(({ message }) => `look at: ${message}`);
  return {
    exit: EXIT.yes,
    text: [...(dryRun ? [made.text.trimEnd()] : [`wrote ${made.path}`]), ...warnings].join('\n'),
    data: made,
    findings: made.findings.map(({ kind, pointer, message }) => ({ kind, severity: 'warning' as const, message, where: pointer })),
    next: dryRun ? [] : ['trainlock policy lint', 'git add -f .trainlock/policy.yaml'],
  };
};
