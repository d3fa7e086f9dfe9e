/**
 * Versions of the record of a run: one right, because a new schema takes it from nobody and gives it to nobody. This room knows no schema;
 * test/statements/right-to-sign-records.test.ts ties the list to the versions that are read.
 */
const RECORDS_OF_RUNS: ReadonlySet<string> = new Set(['https://trainlock.dev/training-run/v0', 'https://trainlock.dev/training-run/v1']);

/** Whether a list of predicate types gives the right to sign one. All but records of runs are compared letter by letter: another version is another type. */
export const mayBeSigned = (allowed: readonly string[], asked: string): boolean =>
  allowed.includes(asked) || (RECORDS_OF_RUNS.has(asked) && allowed.some((one) => RECORDS_OF_RUNS.has(one)));
