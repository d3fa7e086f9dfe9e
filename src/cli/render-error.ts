import { escapeControl, type TrainlockError } from '#base';

/**
 * An error for people: what, where, why, how to fix it, where to read on. Control characters of paths and values are shown, not sent.
 * Source of the form: docs/reference/cli.md.
 */
export const renderError = (error: TrainlockError, colour: boolean): string => {
  const head = `error[${error.code}]`;
  return [
    `${colour ? `\u001b[1;31m${head}\u001b[0m` : head}: ${escapeControl(error.message)}`,
    ...(error.where === undefined ? [] : [`  --> ${escapeControl(error.where)}`]),
    ...error.notes.map((note) => `   = ${escapeControl(note)}`),
    ...(error.fix === undefined ? [] : [`  fix: ${escapeControl(error.fix)}`]),
    `  docs: trainlock explain ${error.code}`,
  ].join('\n');
};
