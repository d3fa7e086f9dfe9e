import { type JsonValue, readJson, valueAt } from '#base';

/** What a statement says, as it stands there: never the view of another version. Undefined for bytes that are no statement. */
export const predicateOf = (statement: Uint8Array): JsonValue | undefined => {
  const json = readJson(statement);
  return json.kind === 'accepted' ? (valueAt(json.value, '/predicate') as JsonValue | undefined) : undefined;
};
