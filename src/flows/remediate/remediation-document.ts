import { TrainlockError } from '#base';
import type { Remediation } from '#statements';
import { MAX_SIGNED } from '../signed-documents/document-files.ts';
import type { AppliedAction } from './apply-actions.ts';

/** What the gate said, and the digest of exactly what it judged. */
export type AnswerThen = Remediation['before'];

/** Most actions that are named, and most letters of what is said of each. */
const MOST_ACTIONS = 100;
const MOST_LETTERS = 600;
const MOST_COMMANDS = 8;

/** Cut between letters, never inside one. */
const short = (text: string, most = MOST_LETTERS): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);

/** The actions of a document: what is told to people is shortened, what was or will be done is whole. Throws TL0001 for more than one document holds. */
export const documentActions = (actions: readonly AppliedAction[]): Remediation['actions'] => {
  const named = actions.slice(0, MOST_ACTIONS).map((action): Remediation['actions'][number] => ({
    ...action,
    findings: action.findings.map(({ id, about }) => (about === undefined ? { id } : { id, about: short(about, 1000) })),
    changes: short(action.changes),
    risk: short(action.risk),
    commands: action.commands.slice(0, MOST_COMMANDS).map((command) => short(command)),
  }));
  const automatic = actions.filter(({ how }) => how === 'automatic').length;
  if (automatic > MOST_ACTIONS || JSON.stringify(named).length > MAX_SIGNED / 2)
    throw new TrainlockError('TL0001', 'more is to be mended at once than one signed statement holds', { fix: 'mend a part of it by hand: the plan has the commands' });
  return named;
};
