import { dirname } from 'node:path';
import { fromUtf8, type JsonValue, readJson, utf8 } from '#base';
import { makeFolder, nodeCrypto, readBoundedIfThere, writeAtomic } from '#files';
import { type Note, readNote, readVerifierKey, type VerifierKey, writeNote, writeVerifierKey } from '#tlog';
import { isObject } from './log-description.ts';
import { damaged } from './log-trouble.ts';

/** The newest checkpoint that was seen of a log of this machine. */
export type RememberedHead = {
  readonly key: VerifierKey;
  readonly checkpoint: Note;
};

const MOST_BYTES = 1024 * 1024;

/** What was last seen of each log of this machine; none if nothing was ever written. The file is hostile. Throws TL1402 if it cannot be read. */
export const readHeads = async (path: string): Promise<readonly RememberedHead[]> => {
  const bytes = await readBoundedIfThere(path, MOST_BYTES);
  if (bytes === undefined) return [];
  const json = readJson(bytes);
  const value: JsonValue | undefined = json.kind === 'accepted' ? json.value : undefined;
  const list = isObject(value) && value['schemaVersion'] === '1.0' ? value['heads'] : undefined;
  if (!Array.isArray(list)) throw unreadable(path);
  return list.map((item) => headIn(item) ?? fail(path));
};

const headIn = (item: JsonValue): RememberedHead | undefined => {
  if (!isObject(item) || typeof item['key'] !== 'string' || typeof item['checkpoint'] !== 'string') return undefined;
  const key = readVerifierKey(item['key'], nodeCrypto);
  const checkpoint = readNote(utf8(item['checkpoint']));
  return key.kind === 'accepted' && checkpoint.kind === 'accepted' ? { key: key.value, checkpoint: checkpoint.value } : undefined;
};

const unreadable = (path: string): Error => damaged(path, 'what was remembered of the log cannot be read');

const fail = (path: string): never => {
  throw unreadable(path);
};

/** Remembers the newest checkpoint of one log in place of the one before. */
export const rememberHead = async (path: string, head: RememberedHead): Promise<void> => {
  const others = (await readHeads(path)).filter(({ key }) => key.name !== head.key.name);
  const heads = [...others, head].map(({ key, checkpoint }) => ({ key: writeVerifierKey(key), checkpoint: fromUtf8(writeNote(checkpoint)) }));
  await makeFolder(dirname(path), 0o700);
  await writeAtomic(path, utf8(`${JSON.stringify({ schemaVersion: '1.0', heads }, null, 2)}\n`), 0o600);
};
