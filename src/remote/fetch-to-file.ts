import { withoutCredentials, withoutUndefined } from '#base';
import type { DownloadOptions } from './download-options.ts';
import type { DownloadSource, OpenedSource } from './download-source.ts';
import { downloadTo } from './download-to.ts';
import { exchange, type HttpAnswer, type HttpOptions } from './http-exchange.ts';
import { statusError } from './http-status.ts';
import { differs, unavailable, withoutQuery } from './remote-errors.ts';

export type FetchOptions = Omit<DownloadOptions, 'once'> &
  Pick<HttpOptions, 'credentials' | 'headers' | 'allowedHosts' | 'namedBy' | 'publicNames'> & {
    /** The whole may take so long. Default: 24 h. */
    readonly timeLimitMs?: number;
  };

export type Fetched = {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly etag?: string;
  /** As the server wrote it. */
  readonly lastModified?: string;
  /** Where the redirects ended, without credentials and without a query, which may be a signature. */
  readonly finalUrl: string;
};

const DEFAULT_TIME_LIMIT_MS = 24 * 60 * 60 * 1000;

/**
 * Fetches http(s) to a file: verified, continued where it broke off as long as the ETag is the same, within limits of size and
 * time, with few redirects and none into private networks. Throws TL0801 to TL0805; no message holds credentials.
 */
export const fetchToFile = async (url: string, path: string, options: FetchOptions = {}): Promise<Fetched> => {
  const seen: { etag?: string | undefined; lastModified?: string | undefined; finalUrl: string } = { finalUrl: withoutCredentials(url) };
  const limitMs = options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
  const limit = AbortSignal.timeout(limitMs);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const publicNames = options.publicNames ?? new Set<string>();
  const source: DownloadSource = {
    place: url,
    open: async (from, inner) => {
      const { answer, opened } = await openAt(url, { from, options: { ...options, publicNames, signal: inner } });
      seen.etag = answer.message.headers.etag;
      seen.lastModified = answer.message.headers['last-modified'];
      seen.finalUrl = withoutCredentials(answer.isRedirected ? withoutQuery(answer.finalUrl) : url);
      return opened;
    },
  };
  try {
    const { sha256, sizeBytes, validator } = await downloadTo(path, source, { ...options, signal });
    return withoutUndefined({ sha256, sizeBytes, etag: seen.etag ?? validator, lastModified: seen.lastModified, finalUrl: seen.finalUrl });
  } catch (error) {
    if (limit.aborted && options.signal?.aborted !== true) throw unavailable(url, `it took longer than ${limitMs} ms`, 'run the same command again: it continues where it stopped');
    throw error;
  }
};

type Opening = { readonly from: { readonly offset: number; readonly validator: string | undefined }; readonly options: HttpOptions };

const openAt = async (url: string, { from, options }: Opening): Promise<{ readonly answer: HttpAnswer; readonly opened: OpenedSource }> => {
  const { offset, validator } = from;
  const range = offset === 0 ? {} : { range: `bytes=${offset}-`, ...(validator === undefined ? {} : { 'if-range': validator }) };
  const answer = await exchange(url, { ...options, headers: { ...options.headers, ...range } });
  const { status, message } = answer;
  const close = (): void => void message.destroy();
  message.on('error', () => undefined);
  if (status === 416 && offset > 0) {
    close();
    const total = /^bytes \*\/([0-9]{1,15})$/.exec(message.headers['content-range'] ?? '')?.[1];
    // The part is as long as the whole; or longer, and then it is none of it.
    if (Number(total) === offset && message.headers.etag === validator) return { answer, opened: { body: nothing(), offset, sizeBytes: offset, validator, close } };
    return openAt(url, { from: { offset: 0, validator: undefined }, options });
  }
  if (status !== 200 && status !== 206) {
    close();
    throw statusError(url, answer);
  }
  const encoding = message.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    close();
    throw unavailable(url, 'it sends the data packed although it was asked not to', 'fetch it from another server');
  }
  return { answer, opened: { body: message, ...extentOf(url, answer), validator: strongTag(message.headers.etag), close } };
};

/** Where the body begins, and how large the whole is. Source: RFC 9110 §14.4. */
const extentOf = (url: string, { status, message }: HttpAnswer): { readonly offset: number; readonly sizeBytes: number | undefined } => {
  if (status === 200) {
    const length = message.headers['content-length'];
    return { offset: 0, sizeBytes: length === undefined ? undefined : Number(length) };
  }
  const range = /^bytes ([0-9]{1,15})-[0-9]{1,15}\/([0-9]{1,15}|\*)$/.exec(message.headers['content-range'] ?? '');
  if (range === null) throw differs(url, 'it sends a part without saying which', 'fetch it from another server');
  return { offset: Number(range[1]), sizeBytes: range[2] === '*' ? undefined : Number(range[2]) };
};

/** A weak tag says that contents are alike, not that their bytes are. Source: RFC 9110 §8.8.1. */
const strongTag = (etag: string | undefined): string | undefined => (etag !== undefined && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag) ? etag : undefined);

async function* nothing(): AsyncGenerator<Uint8Array> {}
