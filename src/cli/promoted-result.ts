import { escapeControl, EXIT, shellWord } from '#base';
import { type PlannedPromotion, planPromotion, type PromoteOptions } from '#flows/promote-run';
import { renderPolicyExplanation, renderPromotion } from '#report';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { neededText, refusedBy, signingPlace } from './signing-place.ts';
import { loggedText } from './logged-text.ts';
import { fileFlag } from './policy-place.ts';
import { listFlag } from './trust-place.ts';

type Promoting = Pick<PromoteOptions, 'wish' | 'environment'> & { readonly command: 'promote' | 'rollout' };

/** Plans a promotion, says what it would do and what is missing, and signs it if it is allowed and wanted. */
export const promoted = async (input: ParsedInput, context: CommandContext, { wish, environment, command }: Promoting): Promise<CommandResult> => {
  const { flags } = input;
  const reason = neededText(flags, 'reason', { command, why: 'why, for those who will read it in ten years' });
  const file = fileFlag(flags['policy']);
  const planned = await planPromotion({
    ...(await signingPlace(input, context)),
    wish,
    environment,
    reason,
    actors: listFlag(flags['actor']),
    ...(file === undefined ? {} : { file }),
  });
  const { sign, change, asks, ...plan } = planned;
  const explained = change === undefined ? undefined : explanationOf(change);
  const text = [
    renderPromotion(planned, { colour: context.colour }),
    ...(explained === undefined ? [] : ['', renderPolicyExplanation(explained, { colour: context.colour })]),
  ].join('\n');
  const data = { ...plan, ...(explained === undefined ? {} : { change: explained }) };
  if (planned.kind === 'deprecated')
    return { exit: EXIT.no, text: `${text}\n\nnot promoted: the run is deprecated; take that back first: trainlock history ${planned.record.runId.slice(0, 8)}`, data };
  if (change !== undefined && planned.kind === 'not-allowed') {
    const exit = change.decision.kind === 'denied' ? EXIT.no : EXIT.undecided;
    return {
      exit,
      text: [text, '', `not promoted: the policy ${exit === EXIT.no ? 'denies it' : 'needs more'}`, ...asks.map((one) => `  ${one}`)].join('\n'),
      data,
      next: asks,
    };
  }
  const person = escapeControl(planned.person);
  if (flags['dry-run'] === true) return { exit: EXIT.yes, text: `${text}\n\n${person} would promote this`, data: { ...data, dryRun: true } };
  const refused = await refusedBy(input, context, { question: `${text}\n\nPromote this, in the name of ${person}?` });
  if (refused !== undefined) return refused;
  const said = await sign();
  return {
    exit: EXIT.yes,
    text: [
      `${person} ${doneText(planned)}: ${said.sha256.slice(0, 12)}${planned.known === 'self' ? ' (self-attested: there is no trust file)' : ''}`,
      `wrote ${said.path}`,
      ...loggedText(said.logged),
    ].join('\n'),
    data: { ...data, kind: 'promoted', ...said },
    next: ['git add .trainlock/history', `trainlock rollout ${shellWord(environment)}`],
  };
};

const explanationOf = ({ policy, ...shown }: NonNullable<PlannedPromotion['change']>): Parameters<typeof renderPolicyExplanation>[0] => ({ ...shown, policySha256: policy.sha256 });

const doneText = (planned: PlannedPromotion): string => {
  const place = escapeControl(planned.environment);
  if (planned.sharePercent > 0 || planned.replaces !== undefined) return `promotes ${calledText(planned)} to ${place}`;
  return `takes ${escapeControl(planned.record.name ?? planned.record.runId.slice(0, 8))} away from ${place}, where nothing runs now`;
};

const calledText = ({ record, sharePercent }: PlannedPromotion): string =>
  escapeControl(`${record.name ?? record.runId.slice(0, 8)}${sharePercent === 100 ? '' : ` (${sharePercent} %)`}`);
