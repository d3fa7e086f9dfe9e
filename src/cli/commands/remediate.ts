import { resolve } from 'node:path';
import { escapeControl, EXIT, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { type AppliedRemediation, planRemediation, type PlannedRemediation } from '#flows/remediate-model';
import { renderGate, renderRemediation } from '#report';
import type { CommandContext, CommandHandler, CommandResult, ParsedInput } from '../command.ts';
import { GATE_EXITS, gateRequest } from '../gate-request.ts';
import { loggedText } from '../logged-text.ts';
import { neededText, refusedBy, signingPlace } from '../signing-place.ts';
import { listFlag } from '../trust-place.ts';

const COMMAND = 'remediate';

/** Plans what mends the findings of the gate, or does what of it trainlock may do. */
export const handle: CommandHandler = async (input, context) => {
  const { flags } = input;
  if (flags['plan'] === true && flags['apply'] === true) throw new TrainlockError('TL0001', 'remediate takes --plan or --apply, not both', { fix: `trainlock help ${COMMAND}` });
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  const request = gateRequest(input, context, { project, command: COMMAND });
  const reason = flags['apply'] === true ? neededText(flags, 'reason', { command: `${COMMAND} --apply`, why: 'why it is mended' }) : reasonOf(flags);
  const progress = context.progress('checking');
  const planned = await planRemediation({
    ...(await signingPlace(input, context)),
    ...request,
    copies: listFlag(flags['from']).map((path) => resolve(context.workingDirectory, path)),
    findLinks: listFlag(flags['find-links']),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  return flags['apply'] === true ? apply(planned, input, { context, reason: reason! }) : plan(planned, { context, reason });
};

const reasonOf = ({ reason }: ParsedInput['flags']): string | undefined => (typeof reason === 'string' && reason.trim() !== '' ? reason : undefined);

type Doing<Reason> = { readonly context: CommandContext; readonly reason: Reason };

/** Yes: nothing stands in the way, or trainlock may mend it all. */
const exitOf = ({ actions }: PlannedRemediation): number => (actions.every(({ how }) => how === 'automatic' || how === 'follows') ? EXIT.yes : EXIT.undecided);

const told = ({ answer, before, actions }: PlannedRemediation): Readonly<Record<string, unknown>> => ({ answer, before, actions });

const plan = async (planned: PlannedRemediation, { context, reason }: Doing<string | undefined>): Promise<CommandResult> => {
  const text = renderRemediation(planned, { colour: context.colour });
  const next = planned.actions.some(({ how }) => how === 'automatic') ? ['trainlock remediate … --apply --reason "…"'] : [];
  if (reason === undefined || planned.actions.length === 0)
    return {
      exit: exitOf(planned),
      text: planned.actions.length === 0 ? text : `${text}\n\nnot signed: --reason TEXT signs this plan`,
      data: { kind: 'plan', ...told(planned) },
      next,
    };
  const { path, sha256, person, logged } = await planned.sign(reason);
  return {
    exit: exitOf(planned),
    text: [text, '', `signed by ${escapeControl(person)}: ${sha256.slice(0, 12)}`, `wrote ${path}`, ...loggedText(logged)].join('\n'),
    data: { kind: 'plan', ...told(planned), plan: { path, sha256, person, ...(logged === undefined ? {} : { logged }) } },
    next: ['git add .trainlock/history', ...next],
  };
};

const apply = async (planned: PlannedRemediation, input: ParsedInput, { context, reason }: Doing<string>): Promise<CommandResult> => {
  const text = renderRemediation(planned, { colour: context.colour });
  if (!planned.actions.some(({ how }) => how === 'automatic')) {
    const nothing = planned.actions.length === 0 ? '' : '\n\nnothing of this may trainlock do: nothing was done, and nothing signed';
    return { exit: GATE_EXITS[planned.before.decision], text: `${text}${nothing}`, data: { kind: 'nothing-to-do', ...told(planned) } };
  }
  if (input.flags['yes'] === true) context.say(text);
  const refused = await refusedBy(input, context, { question: `${text}\n\nDo what trainlock may do, and sign before and after?`, what: 'mending' });
  if (refused !== undefined) return { ...refused, text: 'nothing was done' };
  const done = await planned.apply(reason, ({ kind }, { state, because }) => context.say(`${kind}: ${state}, ${because}`));
  return { exit: appliedExit(done), text: appliedText(planned, done, context), data: { kind: 'applied', ...told(planned), ...done }, next: ['git add .trainlock/history'] };
};

const appliedExit = ({ actions, after }: AppliedRemediation): number =>
  actions.some(({ outcome }) => outcome?.state === 'failed') ? EXIT.no : after === undefined ? EXIT.undecided : GATE_EXITS[after.decision];

const appliedText = ({ answer, before }: PlannedRemediation, { actions, after, because, plan: signed, said }: AppliedRemediation, { colour }: CommandContext): string =>
  [
    renderRemediation({ answer, before, actions: actions.filter(({ how }) => how === 'automatic') }, { colour }),
    '',
    ...(after === undefined ? [`the gate could not be asked again: ${escapeControl(because ?? '')}`] : ['the gate says now:', renderGate(after.answer, { colour })]),
    '',
    `signed by ${escapeControl(said.person)}: plan ${signed.sha256.slice(0, 12)}, what was done ${said.sha256.slice(0, 12)}`,
    `wrote ${said.path}`,
    ...loggedText(said.logged),
  ].join('\n');
