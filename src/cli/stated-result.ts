import { escapeControl, EXIT, TrainlockError } from '#base';
import { type ExceptionWish, planException, type PlannedException, type StateOptions } from '#flows/state-exception';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { countFlag } from './count-flag.ts';
import { loggedText } from './logged-text.ts';
import { neededText, refusedBy, signingPlace } from './signing-place.ts';
import { listFlag } from './trust-place.ts';

/** No policy allows an exception that lasts longer, and no emergency. */
const MOST_DAYS = 365;
const MOST_HOURS = 24;

/** How long it is to count, in milliseconds; undefined where nothing is said. Throws TL0001 for more than any policy allows. */
export const lasts = (flags: ParsedInput['flags'], { isBreakGlass }: { readonly isBreakGlass: boolean }): number | undefined => {
  const [name, most, unitMs] = isBreakGlass ? (['hours', MOST_HOURS, 3_600_000] as const) : (['days', MOST_DAYS, 86_400_000] as const);
  const other = isBreakGlass ? 'days' : 'hours';
  if (flags[other] !== undefined)
    throw new TrainlockError('TL0001', isBreakGlass ? 'a break-glass lasts hours: --hours' : '--hours is for --break-glass; an exception lasts days: --days', {
      fix: 'trainlock help exception new',
    });
  const count = countFlag(flags[name], name);
  if (count !== undefined && count > most) throw new TrainlockError('TL0001', `--${name} takes at most ${most} ${name}`, { fix: 'trainlock policy show   # says how long it may' });
  return count === undefined ? undefined : count * unitMs;
};

/** Makes an exception, or confirms one. */
export const stated = async (
  input: ParsedInput,
  context: CommandContext,
  { wish, command }: { readonly wish: ExceptionWish; readonly command: string },
): Promise<CommandResult> => {
  const { flags } = input;
  const role = neededText(flags, 'role', { command, why: 'as what you speak' }) as StateOptions['role'];
  const reason = neededText(flags, 'reason', { command, why: 'why the model may run all the same' });
  const { ticket, control } = flags;
  const planned = await planException({
    ...(await signingPlace(input, context)),
    wish,
    role,
    reason,
    actors: listFlag(flags['actor']),
    ...(typeof ticket === 'string' ? { ticket } : {}),
    ...(typeof control === 'string' ? { compensatingControl: control } : {}),
  });
  const text = planText(planned);
  const { sign, ...shown } = planned;
  if (flags['dry-run'] === true) return { exit: EXIT.yes, text, data: { ...shown, kind: 'dry-run' } };
  const refused = await refusedBy(input, context, { question: `${text}\n\nSign this as ${role}, in the name of ${escapeControl(planned.exception.person)}?` });
  if (refused !== undefined) return refused;
  const signed = await sign();
  const short = signed.sha256.slice(0, 12);
  return {
    exit: EXIT.yes,
    text: [text, '', `signed: ${short}`, `wrote ${signed.path}`, ...loggedText(signed.logged)].join('\n'),
    data: { ...shown, ...signed, kind: 'stated' },
    next: ['git add .trainlock/exceptions', ...(planned.state === 'waiting' ? [`trainlock exception confirm ${short} --role ROLE --reason TEXT   # by another person`] : [])],
  };
};

const planText = ({ exception: { finding, record, environment, level, person, role, expiresAt }, state, because }: PlannedException): string =>
  (level === undefined ? '' : 'BREAK-GLASS: ') +
  escapeControl(
    `${person} as ${role} lets run ${record.runId.slice(0, 8)} run in ${environment} in spite of ${finding.id}${finding.about === undefined ? '' : ` ${finding.about}`}, until ${expiresAt}`,
  ) +
  `\n${state === 'counts' ? 'it counts from now on' : 'it does not count yet'}: ${escapeControl(because)}` +
  (level === undefined ? '' : '\nwhen it is over, another person must review it: trainlock exception review');
