import { TrainlockError } from '#base';
import type { HistoryFinding } from '#history';

/** What cannot be decided is not built upon. `what` is one phrase for people. */
export const undecidedHistory = (what: string, findings: readonly HistoryFinding[]): TrainlockError => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const remedy = errors.find((one) => one.remedy !== undefined)?.remedy?.split('\n');
  return new TrainlockError('TL1503', `${what} undecided`, {
    notes: [...errors.map(({ message }) => message), ...(remedy === undefined || remedy.length < 2 ? [] : remedy.slice(0, -1))],
    fix: remedy?.at(-1) ?? 'trainlock history',
  });
};
