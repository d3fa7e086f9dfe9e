import { escapeControl, fromBase64, type JsonValue, type Reading, readJson } from '#base';

/**
 * What signed documents hold that are about something else than a training run (a signature of a model folder, a verification summary),
 * as words for a message; undefined for a record, for what would be one with another letter, and for what cannot be told. To be asked only of what is no valid
 * record. The bytes are hostile; signatures are not looked at. Never throws.
 */
export const otherDocument = (bytes: Uint8Array): string | undefined => {
  const document = objectIn(readJson(bytes));
  if (document === undefined) return undefined;
  if (document['dsseEnvelope'] === undefined && isObject(document['messageSignature'])) return 'a signature over a file that lies elsewhere';
  const envelope = isObject(document['dsseEnvelope']) ? document['dsseEnvelope'] : document;
  const { payload, payloadType } = envelope;
  if (typeof payload !== 'string' || typeof payloadType !== 'string') return otherStatement(document);
  const inside = fromBase64(payload);
  const statement = inside === undefined ? undefined : objectIn(readJson(inside));
  return statement === undefined ? undefined : otherStatement(statement);
};

const otherStatement = ({ predicateType }: JsonObject): string | undefined =>
  typeof predicateType !== 'string' || OURS.test(predicateType) ? undefined : `a statement of the type ${escapeControl(predicateType.slice(0, 200).toWellFormed())}`;

/** Our predicate, of any version and in any spelling that could pass for it. */
const OURS = /trainlock\.dev\/training-run/i;

type JsonObject = Readonly<Record<string, JsonValue>>;

const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const objectIn = (reading: Reading<JsonValue>): JsonObject | undefined => (reading.kind === 'accepted' && isObject(reading.value) ? reading.value : undefined);
