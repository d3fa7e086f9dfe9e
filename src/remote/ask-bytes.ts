import { formatBytes } from '#base';
import { exchange, type HttpOptions } from './http-exchange.ts';
import { unavailable } from './remote-errors.ts';
import { Interrupted, transientReason } from './retry.ts';

export type AnsweredBytes = {
  readonly status: number;
  /** In lower case, without parameters; empty if the server says none. */ readonly contentType: string;
  readonly bytes: Uint8Array;
};

/**
 * One request whose answer is taken whatever its status says: for protocols in which a status is an answer. Nothing is tried twice.
 * Throws TL0801 if the server cannot be reached or answers more than maxBytes, TL0802, TL0805.
 */
export const askBytes = async (url: string, options: HttpOptions & { readonly maxBytes: number }): Promise<AnsweredBytes> => {
  try {
    const { status, message } = await exchange(url, options);
    const chunks: Buffer[] = [];
    let total = 0;
    try {
      // The answer is hostile: it may not end.
      for await (const chunk of message as AsyncIterable<Buffer>) {
        total += chunk.length;
        if (total > options.maxBytes) throw unavailable(url, `its answer has more than ${formatBytes(options.maxBytes)}`, 'look at the address');
        chunks.push(chunk);
      }
    } finally {
      message.destroy();
    }
    return { status, contentType: (message.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase(), bytes: Buffer.concat(chunks) };
  } catch (error) {
    const reason = error instanceof Interrupted ? error.message : transientReason(error);
    throw reason === undefined ? error : unavailable(url, reason);
  }
};
