import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type GitOptions, startGit } from './run-git.ts';

/** One object of a repository, read as it comes. The body must be read to its end before the next one is asked for. */
export type GitBlob = { readonly sizeBytes: number; readonly body: AsyncIterable<Buffer> };

/** Reads objects of a repository, one after the other, in one process that it owns. */
export class GitBlobs {
  private readonly child: ReturnType<typeof startGit>;
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);
  /** An answer was none that can be told from others: nothing that comes after it is believed. */
  private isLost = false;

  constructor(folder: string, options: GitOptions = {}) {
    this.child = startGit(folder, ['cat-file', '--batch'], options);
    this.child.on('error', () => undefined);
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.resume();
    this.chunks = (this.child.stdout as Readable)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The object with an id in hexadecimal; undefined if the repository does not have it as a blob, or git ended. */
  async blob(oid: string): Promise<GitBlob | undefined> {
    if (this.isLost) return undefined;
    if (!this.child.stdin.write(`${oid}\n`)) await Promise.race([once(this.child.stdin, 'drain'), once(this.child, 'close')]).catch(() => undefined);
    const header = await this.line();
    if (header === `${oid} missing`) return undefined;
    const [, kind, size] = header?.startsWith(`${oid} `) === true ? (/^[0-9a-f]+ (blob|commit|tree|tag) ([0-9]{1,15})$/.exec(header) ?? []) : [];
    if (kind === undefined) {
      this.isLost = true;
      this.end();
      return undefined;
    }
    const body = this.body(Number(size));
    if (kind === 'blob') return { sizeBytes: Number(size), body };
    // Git sends what it has, whatever it is: left unread it would be taken for the answers to the next questions.
    for await (const chunk of body) void chunk;
    return undefined;
  }

  /** The whole of a small object; undefined if it is not there or larger. */
  async bytes(oid: string, maxBytes: number): Promise<Buffer | undefined> {
    const blob = await this.blob(oid);
    if (blob === undefined) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of blob.body) if (blob.sizeBytes <= maxBytes) chunks.push(chunk);
    return blob.sizeBytes <= maxBytes ? Buffer.concat(chunks) : undefined;
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    if (done === true) return false;
    this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    return true;
  }

  private async line(): Promise<string | undefined> {
    let end = this.rest.indexOf(10);
    while (end === -1) {
      if (this.rest.length > 4096 || !(await this.more())) return undefined;
      end = this.rest.indexOf(10);
    }
    const line = this.rest.subarray(0, end).toString('utf8');
    this.rest = this.rest.subarray(end + 1);
    return line;
  }

  private async *body(sizeBytes: number): AsyncGenerator<Buffer> {
    let left = sizeBytes;
    while (left > 0) {
      if (this.rest.length === 0 && !(await this.more())) throw new Error('git ended in the middle of an object');
      const piece = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    // A line feed follows every object.
    if (this.rest.length === 0) await this.more();
    this.rest = this.rest.subarray(1);
  }
}
