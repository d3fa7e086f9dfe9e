import { formatBytes } from '#base';
import { exchange, type HttpOptions } from './http-exchange.ts';
import { statusError } from './http-status.ts';
import { unavailable } from './remote-errors.ts';
import { DEFAULT_RETRY, Interrupted, type RetryPolicy, transientReason, withRetries } from './retry.ts';

export type FetchBytesOptions = HttpOptions & { readonly maxBytes: number; readonly retry?: RetryPolicy };

/** A small answer of http(s), for example of an API, in memory. Throws TL0801 to TL0803, TL0805; larger ones are TL0801. */
export const fetchBytes = async (url: string, options: FetchBytesOptions): Promise<Uint8Array> => {
  const retry = options.retry ?? DEFAULT_RETRY;
  try {
    return await withRetries(() => fetchOnce(url, options), { retry, signal: options.signal });
  } catch (error) {
    throw error instanceof Interrupted ? unavailable(url, `${error.message}, in ${retry.attempts} tries`) : error;
  }
};

const fetchOnce = async (url: string, options: FetchBytesOptions): Promise<Uint8Array> => {
  const answer = await exchange(url, options);
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    if (answer.status !== 200) throw statusError(url, answer);
    // The answer is hostile: it may not end.
    for await (const chunk of answer.message as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > options.maxBytes) throw unavailable(url, `its answer has more than ${formatBytes(options.maxBytes)}`, 'look at the address');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const reason = transientReason(error);
    throw reason === undefined ? error : new Interrupted(reason);
  } finally {
    answer.message.destroy();
  }
};
