import { escapeControl, fromBase64, type JsonValue, type Reading, readJson } from '#base';
import { OUR_PREDICATE } from './read-statement.ts';

/**
 * What signed documents hold that are about something else than a training run (a signature of a model folder, a verification summary),
 * as words for a message; undefined for a record, and for what cannot be told. The bytes are hostile; signatures are not looked at. Never throws.
 */
export const otherDocument = (bytes: Uint8Array): string | undefined => {
  const document = objectIn(readJson(bytes));
  if (document === undefined) return undefined;
  if (document['messageSignature'] !== undefined) return 'a signature over a file that lies elsewhere';
  const envelope = isObject(document['dsseEnvelope']) ? document['dsseEnvelope'] : document;
  const { payload, payloadType } = envelope;
  if (typeof payload !== 'string' || typeof payloadType !== 'string') return otherStatement(document);
  const inside = fromBase64(payload);
  const statement = inside === undefined ? undefined : objectIn(readJson(inside));
  return statement === undefined ? undefined : otherStatement(statement);
};

const otherStatement = ({ predicateType }: JsonObject): string | undefined =>
  typeof predicateType !== 'string' || OUR_PREDICATE.test(predicateType) ? undefined : `a statement of the type ${escapeControl(predicateType.slice(0, 200))}`;

type JsonObject = Readonly<Record<string, JsonValue>>;

const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const objectIn = (reading: Reading<JsonValue>): JsonObject | undefined => (reading.kind === 'accepted' && isObject(reading.value) ? reading.value : undefined);
