import { accepted, keysAt, nearest, problemsOf, type Reading, readJson, rejected } from '#base';
import { isCanonical } from './is-canonical.ts';
import type { StatementKind } from './predicate-types.ts';
import { type AnySubject, readAnyStatement } from './read-any-statement.ts';

type Contract = {
  readonly kind: StatementKind;
  readonly schemaErrors: (value: unknown) => Parameters<typeof problemsOf>[0];
  readonly keys: Parameters<typeof keysAt>[1];
};

/**
 * The one subject and the predicate of a statement of ours: canonical, of this kind, and as its schema has it. The bytes are those of
 * whoever signed them. Never throws.
 */
export const readPredicate = <T>(payload: Uint8Array, { kind, schemaErrors, keys }: Contract): Reading<{ readonly subject: AnySubject; readonly predicate: T }> => {
  const statement = readAnyStatement(payload, kind);
  if (statement.kind === 'refused') return rejected({ pointer: '', message: statement.because });
  const { subjects, predicate } = statement.value;
  const errors = schemaErrors(predicate);
  if (errors.length > 0) {
    const problems = problemsOf(errors, predicate, nearest, (pointer) => keysAt(pointer, keys));
    return rejected(...problems.map((problem) => ({ ...problem, pointer: `/predicate${problem.pointer}` })));
  }
  const [subject, ...more] = subjects;
  if (subject === undefined || more.length > 0) return rejected({ pointer: '/subject', message: 'there must be one subject' });
  // One statement has one identity: what says the same in other bytes is another document.
  const json = readJson(payload);
  if (json.kind === 'rejected' || !isCanonical(payload, json.value)) return rejected({ pointer: '', message: 'the statement is not in canonical form' });
  return accepted({ subject, predicate: predicate as T });
};
