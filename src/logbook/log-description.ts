import { join } from 'node:path';
import { type JsonValue, readJson, utf8 } from '#base';
import { readBoundedIfThere } from '#files';
import { damaged } from './log-trouble.ts';

/** What a log is; written once, when it is made. */
export type LogDescription = {
  readonly schemaVersion: '1.0';
  /** Unique name of the log, and of its key. */
  readonly origin: string;
  /** The machine whose log it is. */
  readonly machine: string;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
  /** The log that this one goes on from, as it was seen last. */
  readonly continues?: { readonly origin: string; readonly size: number; /** Hexadecimal. */ readonly root: string };
};

export const DESCRIPTION = 'log.json';

export const writeDescription = (description: LogDescription): Uint8Array => utf8(`${JSON.stringify(description, null, 2)}\n`);

/** The description of the log in a folder; undefined if there is none. The file is hostile until it is read. Throws TL1402 if it is no description. */
export const readDescription = async (folder: string): Promise<LogDescription | undefined> => {
  const path = join(folder, DESCRIPTION);
  const bytes = await readBoundedIfThere(path, 65_536);
  if (bytes === undefined) return undefined;
  const json = readJson(bytes);
  const description = json.kind === 'accepted' ? descriptionIn(json.value) : undefined;
  if (description === undefined) throw damaged(path, `${DESCRIPTION} does not describe a log`);
  return description;
};

const KEYS = ['schemaVersion', 'origin', 'machine', 'createdAt', 'continues'];
const ORIGIN = /^[a-z0-9][a-z0-9./-]{0,250}$/;

const descriptionIn = (value: JsonValue): LogDescription | undefined => {
  if (!isObject(value) || Object.keys(value).some((key) => !KEYS.includes(key))) return undefined;
  const { schemaVersion, origin, machine, createdAt, continues } = value;
  if (schemaVersion !== '1.0' || !isOrigin(origin) || typeof machine !== 'string' || !/^[0-9a-f]{16}$/.test(machine)) return undefined;
  if (typeof createdAt !== 'string' || !/^[0-9TZ:.-]{20,30}$/.test(createdAt)) return undefined;
  if (continues === undefined) return { schemaVersion, origin, machine, createdAt };
  if (!isObject(continues) || Object.keys(continues).length !== 3) return undefined;
  const { origin: before, size, root } = continues;
  if (!isOrigin(before) || !Number.isSafeInteger(size) || typeof size !== 'number' || size < 0 || typeof root !== 'string' || !/^[0-9a-f]{64}$/.test(root)) return undefined;
  return { schemaVersion, origin, machine, createdAt, continues: { origin: before, size, root } };
};

const isOrigin = (value: JsonValue | undefined): value is string => typeof value === 'string' && ORIGIN.test(value);

export const isObject = (value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } => typeof value === 'object' && value !== null && !Array.isArray(value);
