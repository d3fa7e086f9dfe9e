import { createHash, type Hash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';

const CR = 13;
const LF = 10;

/** Whether the digest of a file is the one that another tool recorded; undefined for algorithms that are not known here. */
export const hasDigest = async (path: string, algorithm: string, digest: string): Promise<boolean | undefined> => {
  switch (algorithm) {
    case 'sha256':
      return (await digestOfFile(path, createHash('sha256'))) === digest;
    case 'md5':
      return (await digestOfFile(path, createHash('md5'))) === digest;
    case 'md5-dos2unix':
      // Texts only, which DVC tells by their first bytes; what is no text has its plain digest.
      return (await digestOfFile(path, createHash('md5'))) === digest || (await digestOfFile(path, createHash('md5'), withoutCarriageReturns)) === digest;
    case 'git-blob': {
      const hash = createHash(digest.length === 64 ? 'sha256' : 'sha1').update(`blob ${statSync(path).size}\0`);
      return (await digestOfFile(path, hash)) === digest;
    }
    default:
      return undefined;
  }
};

const digestOfFile = async (path: string, hash: Hash, through?: (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer>): Promise<string> => {
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>;
  for await (const chunk of through === undefined ? stream : through(stream)) hash.update(chunk);
  return hash.digest('hex');
};

/** CR LF becomes LF, also across the borders of chunks. Source: DVC 2, utils/__init__.py, dos2unix. */
async function* withoutCarriageReturns(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = false;
  for await (const chunk of chunks) {
    const kept = Buffer.alloc(chunk.length + 1);
    let at = 0;
    for (const byte of chunk) {
      if (held && byte !== LF) kept[at++] = CR;
      held = byte === CR;
      if (!held) kept[at++] = byte;
    }
    yield kept.subarray(0, at);
  }
  if (held) yield Buffer.of(CR);
}
