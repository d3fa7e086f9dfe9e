import { escapeControl, EXIT, TrainlockError } from '#base';
import { planAmendment, type PlannedAmendment } from '#flows/amend-run';
import type { CommandHandler } from '../command.ts';
import { neededText, refusedBy, signingPlace } from '../signing-place.ts';
import { loggedText } from '../logged-text.ts';

/** Corrects what people said in a record. */
export const handle: CommandHandler = async (input, context) => {
  const { flags, positionals } = input;
  const [reference, pointer, value] = positionals as [string, string, string | undefined];
  if ((value === undefined) !== (flags['remove'] === true))
    throw new TrainlockError('TL0001', value === undefined ? 'amend needs a value, or --remove' : '--remove takes the field away, and no value', { fix: 'trainlock help amend' });
  const reason = neededText(flags, 'reason', { command: 'amend', why: 'why it is corrected' });
  const planned = await planAmendment({ ...(await signingPlace(input, context)), reference, pointer, reason, ...(value === undefined ? {} : { value }) });
  const text = plannedText(planned);
  const { sign, ...plan } = planned;
  if (flags['dry-run'] === true) return { exit: EXIT.yes, text: `${text}\n${escapeControl(planned.person)} would sign this`, data: { kind: 'dry-run', ...plan } };
  const refused = await refusedBy(input, context, { question: `${text}\nSign this, in the name of ${escapeControl(planned.person)}?` });
  if (refused !== undefined) return refused;
  const said = await sign();
  return {
    exit: EXIT.yes,
    text: [text, `signed by ${escapeControl(said.person)}: ${said.sha256.slice(0, 12)}${selfAttested(planned)}`, `wrote ${said.path}`, ...loggedText(said.logged)].join('\n'),
    data: { kind: 'amended', ...plan, ...said },
    next: ['git add .trainlock/history', `trainlock history ${planned.run.id.slice(0, 8)}`],
  };
};

const selfAttested = ({ known }: PlannedAmendment): string => (known === 'self' ? ' (self-attested: there is no trust file)' : '');

const plannedText = ({ run, pointer, before, after }: PlannedAmendment): string =>
  [`${escapeControl(pointer)} of run ${escapeControl(run.name ?? run.id.slice(0, 8))}`, `  was  ${shownValue(before)}`, `  now  ${shownValue(after)}`].join('\n');

/** A value of a field in one line. */
const shownValue = (value: string | readonly string[] | undefined): string =>
  value === undefined ? 'nothing' : escapeControl(typeof value === 'string' ? value : JSON.stringify(value));
