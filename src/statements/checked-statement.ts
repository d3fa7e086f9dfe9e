import { accepted, type Crypto, type Reading } from '#base';
import { buildStatement, type BuiltStatement, type StatementContent } from './built-statement.ts';
import type { StatementKind } from './predicate-types.ts';

/** Builds a statement and reads it back: rejected, with every problem, where the reader of its kind would not take it. For the builders of this room only. */
export const checkedStatement = <Kind extends StatementKind>(
  content: StatementContent<Kind>,
  read: (payload: Uint8Array) => Reading<unknown>,
  crypto: Crypto,
): Reading<BuiltStatement<Kind>> => {
  const statement = buildStatement(content, crypto);
  const reading = read(statement.payload);
  return reading.kind === 'accepted' ? accepted(statement) : reading;
};
