import { EXIT } from '#base';
import { type CheckedPolicy, checkPolicy } from '#flows/check-policy';
import { renderPolicyCheck } from '#report';
import type { CommandFinding, CommandHandler } from '../command.ts';
import { fileFlag, policyPlace } from '../policy-place.ts';

/** Checks a policy. */
export const handle: CommandHandler = async (input, context) => {
  const pin = fileFlag(input.flags['trust']);
  const checked = await checkPolicy({ ...(await policyPlace(input, context, input.positionals[0])), env: context.env, ...(pin === undefined ? {} : { pin }) });
  return {
    exit: exitOf(checked),
    text: renderPolicyCheck(checked, { colour: context.colour }),
    data:
      checked.kind === 'invalid'
        ? checked
        : { kind: checked.kind, path: checked.path, sha256: checked.policy.sha256, solo: checked.policy.isSolo, findings: checked.findings, keys: checked.keys },
    findings: findingsOf(checked),
  };
};

const exitOf = (checked: CheckedPolicy): number => {
  if (checked.kind === 'invalid' || checked.findings.length > 0) return EXIT.no;
  return checked.keys.kind === 'known' ? EXIT.yes : EXIT.undecided;
};

const findingsOf = (checked: CheckedPolicy): readonly CommandFinding[] =>
  checked.kind === 'invalid'
    ? checked.problems.map(({ line, pointer, message, hint }) => ({
        kind: 'policy-problem',
        severity: 'error',
        message,
        where: `${checked.path}${line === undefined ? '' : `:${line}`} ${pointer}`,
        ...(hint === undefined ? {} : { remedy: hint }),
      }))
    : checked.findings.map(({ kind, pointer, message }) => ({ kind, severity: 'error', message, where: pointer }));
