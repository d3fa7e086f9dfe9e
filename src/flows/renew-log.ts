/** Dates the present checkpoint of the log anew, before the authority or the algorithms of older dates expire. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '#base';
import { makeFolder, nodeCrypto, notWritable, writeOnce } from '#files';
import { askAuthority, nodeVerifySignature } from '#keys';
import { noLog, openLogbook } from '#logbook';
import { writeNote } from '#tlog';

export type RenewOptions = { readonly env: Readonly<Record<string, string | undefined>>; /** Addresses of time authorities. */ readonly authorities: readonly string[] };

export type RenewedLog = {
  readonly origin: string;
  readonly size: number;
  /** SHA-256 of the signed checkpoint, over whose bytes the tokens are. */
  readonly checkpointSha256: string;
  readonly times: readonly { readonly url: string; readonly time: string; readonly path: string }[];
  readonly problems: readonly string[];
};

/** The tokens lie in `times` of the log, beside the exact bytes that they date. Throws TL1401 to TL1403, TL0003. */
export const renewLog = async ({ env, authorities }: RenewOptions): Promise<RenewedLog> => {
  const logbook = openLogbook({ env, verify: nodeVerifySignature });
  const head = await logbook.head();
  if (head === undefined) throw noLog(logbook.places.logs);
  const bytes = writeNote(head.note);
  const checkpointSha256 = toHex(nodeCrypto.sha256(bytes));
  const { origin, size } = head.checkpoint;
  const answers = await Promise.all(authorities.map(async (url) => ({ url, answer: await askAuthority(bytes, { url }) })));
  const dated = answers.flatMap(({ url, answer }) => (answer.kind === 'dated' ? [{ url, answer }] : []));
  const problems = answers.flatMap(({ answer }) => (answer.kind === 'dated' ? [] : [answer.because]));
  if (dated.length === 0) return { origin, size, checkpointSha256, times: [], problems };
  const folder = join(head.folder, 'times');
  try {
    await makeFolder(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
  const base = `${String(size).padStart(12, '0')}-${checkpointSha256.slice(0, 16)}`;
  await writeOnce(join(folder, `${base}.checkpoint`), bytes);
  const times = [];
  for (const { url, answer } of dated) times.push({ url, time: answer.time, path: await kept(folder, base, answer.response) });
  return { origin, size, checkpointSha256, times, problems };
};

/** Every token is kept: each of them may be the one that is still believed in twenty years. */
const kept = async (folder: string, base: string, token: Uint8Array): Promise<string> => {
  const number = (await readdir(folder)).filter((name) => name.startsWith(`${base}.`) && name.endsWith('.tsr')).length + 1;
  const path = join(folder, `${base}.${number}.tsr`);
  return (await writeOnce(path, token)) ? path : kept(folder, base, token);
};
