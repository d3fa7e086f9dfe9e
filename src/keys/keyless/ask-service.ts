import { escapeControl, type JsonValue, readJson, TrainlockError, utf8, valueAt, withoutCredentials } from '#base';
import { askBytes } from '#remote';

/** A service that is asked in JSON. */
export type AskedService = {
  /** What it is called in sentences: "the certificate authority". */
  readonly name: string;
  /** Address below which its routes lie. Only ever one that a person has configured. */
  readonly url: string;
  readonly route: string;
};

const SERVICE_TIMEOUT_MS = 20_000;

/** A certificate, or an entry with its proof. Unit: byte. */
const MOST_BYTES = 1024 * 1024;

/** Sends JSON to a service and reads what it answers; the answer is hostile. Throws TL1104 with its own words if it refuses, TL0801 if it cannot be reached. */
export const askService = async ({ name, url, route }: AskedService, body: JsonValue): Promise<JsonValue> => {
  const limit = AbortSignal.timeout(SERVICE_TIMEOUT_MS);
  const { status, bytes } = await askBytes(addressOf(url, route), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: utf8(JSON.stringify(body)),
    signal: limit,
    idleTimeoutMs: SERVICE_TIMEOUT_MS,
    maxBytes: MOST_BYTES,
  });
  const json = readJson(bytes);
  if (status === 200 || status === 201) {
    if (json.kind === 'accepted') return json.value;
    throw new TrainlockError('TL1104', `${name} answers what is no JSON`, { where: withoutCredentials(url) });
  }
  const said = json.kind === 'accepted' ? valueAt(json.value, '/message') : undefined;
  const why = typeof said === 'string' && said !== '' ? `: ${escapeControl(said.slice(0, 300))}` : '';
  throw new TrainlockError('TL1104', `${name} refuses (HTTP status ${status})${why}`, { where: withoutCredentials(url) });
};

const addressOf = (url: string, route: string): string => `${url.replace(/\/+$/, '')}${route}`;
