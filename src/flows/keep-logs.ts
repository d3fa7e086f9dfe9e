import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMasker, type Redactor } from '#base';
import type { StartFacts } from '#assembly';
import type { Logs } from '#manifest';

/** Of longer output only this much of the beginning and of the end is kept. Unit: byte. */
const KEPT_AT_EACH_END = 16 * 1024 * 1024;
const CHUNK = 1024 * 1024;

type Stream = NonNullable<Logs['output']>[number];
export type KeptLog = Stream & { readonly path: string };

const STREAMS = ['stdout', 'stderr'] as const;

/**
 * Turns the recorded output into the logs of the record: only our part of files that were appended to, cut in the middle if it is
 * very long, secrets masked. What was there before (raw) is replaced, so that no secret stays on disk.
 */
export const keepLogs = async (runFolder: string, start: StartFacts, redactor: Redactor): Promise<readonly KeptLog[]> => {
  const folder = join(runFolder, 'logs');
  const sources = [
    ...STREAMS.map((stream) => ({ stream, path: join(folder, `${stream}.log`), fromByte: 0 })),
    // The name becomes part of a path: what is none of the two is nothing of ours.
    ...STREAMS.flatMap((stream) => {
      const file = start.logFiles?.[stream];
      return file === undefined ? [] : [{ stream, ...file }];
    }),
  ];
  const kept: KeptLog[] = [];
  for (const source of sources) {
    const size = await stat(source.path).then(
      (facts) => facts.size,
      () => undefined,
    );
    if (size === undefined) continue;
    kept.push(await keepLog(source, size, join(folder, `${source.stream}.log`), redactor));
  }
  return kept;
};

const keepLog = async (
  source: { readonly stream: string; readonly path: string; readonly fromByte: number },
  size: number,
  target: string,
  redactor: Redactor,
): Promise<KeptLog> => {
  const length = Math.max(0, size - source.fromByte);
  const cut = length > 2 * KEPT_AT_EACH_END;
  const ranges: readonly (readonly [number, number])[] = cut
    ? [
        [source.fromByte, source.fromByte + KEPT_AT_EACH_END],
        [size - KEPT_AT_EACH_END, size],
      ]
    : [[source.fromByte, size]];
  const temporary = `${target}.tmp`;
  const written = await writeMasked(source.path, ranges, temporary, redactor);
  await rename(temporary, target).catch(async (error: unknown) => {
    await unlink(temporary).catch(() => undefined);
    throw error;
  });
  return {
    stream: source.stream as Stream['stream'],
    sizeBytes: written.sizeBytes,
    sha256: written.sha256,
    file: `${source.stream}.log`,
    ...(cut ? { truncatedAtBytes: KEPT_AT_EACH_END } : {}),
    ...(written.maskings > 0 ? { maskings: written.maskings } : {}),
    path: target,
  };
};

type Written = { readonly sizeBytes: number; readonly sha256: string; readonly maskings: number };

/** Masked byte for byte, so that output in any encoding comes out as it went in; a secret of many lines is seen whole. */
const writeMasked = async (path: string, ranges: readonly (readonly [number, number])[], target: string, redactor: Redactor): Promise<Written> => {
  const file = await open(target, 'w', 0o600);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let maskings = 0;
  const put = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length === 0) return;
    sizeBytes += bytes.length;
    hash.update(bytes);
    await file.writeFile(bytes);
  };
  try {
    for (const [index, [from, to]] of ranges.entries()) {
      if (index > 0) await put(Buffer.from('\n[trainlock: the middle of the output is not kept]\n'));
      if (to <= from) continue;
      const masker = makeMasker(redactor);
      for await (const chunk of createReadStream(path, { start: from, end: to - 1, highWaterMark: CHUNK })) await put(masker.push(chunk as Uint8Array));
      await put(masker.end());
      maskings += masker.count();
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, sha256: hash.digest('hex'), maskings };
};
