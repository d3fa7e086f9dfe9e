import { lookup } from 'node:dns';
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { TrainlockError, VERSION } from '#base';
import { isPrivateAddress } from './private-address.ts';
import { denied, notAnAddress, shown, unavailable } from './remote-errors.ts';
import { Interrupted, transientReason } from './retry.ts';

export type HttpOptions = {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Sent to the named host only, never to where it redirects. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
  readonly idleTimeoutMs?: number;
  /** Hosts with a private address to which a redirect may lead. */
  readonly allowedHosts?: readonly string[];
  /** The server that named this address: then the address is judged like a redirect from there. */
  readonly namedBy?: string;
  /** Names of hosts that had public addresses only. What it has, or learns here, may not have a private one later. */
  readonly publicNames?: Set<string>;
};

export type HttpAnswer = { readonly status: number; readonly message: IncomingMessage; readonly finalUrl: string; readonly isRedirected: boolean };

/** Source: the Fetch standard allows 20; five are more than any archive of data needs. */
const MOST_REDIRECTS = 5;

/** Open connections to hosts that a server named: only such whose address was looked at for that. Those to hosts that a person named are kept apart. */
const PUBLIC_AGENTS = { 'http:': new HttpAgent({ keepAlive: true, timeout: 5000 }), 'https:': new HttpsAgent({ keepAlive: true, timeout: 5000 }) };

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * One request, with the redirects that it meets. A redirect is followed only to http(s), never from https to http, and never to a
 * private address of another host than the named one: a server on the internet must not make this machine ask its own network.
 * Throws Interrupted where another try may go well, TL0801, TL0802 and TL0805.
 */
export const exchange = async (address: string, options: HttpOptions = {}): Promise<HttpAnswer> => {
  const first = parseUrl(address);
  const trusted = options.namedBy === undefined ? first : parseUrl(options.namedBy);
  // Whoever answers for a name may answer another thing a moment later, and so lead a redirect into this network.
  const publicNames = options.publicNames ?? new Set<string>();
  let url = first;
  for (let redirects = 0; ; redirects += 1) {
    const message = await oneRequest(url, { first, trusted }, { ...options, publicNames });
    const status = message.statusCode ?? 0;
    const target = REDIRECTS.has(status) ? message.headers.location : undefined;
    if (target === undefined) return { status, message, finalUrl: url.href, isRedirected: redirects > 0 };
    message.destroy();
    if (redirects >= MOST_REDIRECTS) throw unavailable(address, `it redirects more than ${MOST_REDIRECTS} times`, 'name the address where the data really is');
    if (options.method === 'POST') throw unavailable(address, 'it redirects a request that must not be sent elsewhere', 'name the address where it really is');
    url = redirected(target, url, address);
  }
};

const parseUrl = (address: string): URL => {
  if (!URL.canParse(address)) throw notAnAddress(address, 'it is no URL');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw notAnAddress(address, 'only http and https are fetched');
  return url;
};

/** The location is hostile. */
const redirected = (location: string, from: URL, address: string): URL => {
  if (!URL.canParse(location, from.href)) throw unavailable(address, 'it redirects to something that is no address');
  const url = new URL(location, from.href);
  if (url.protocol !== 'https:' && (url.protocol !== 'http:' || from.protocol === 'https:'))
    throw denied(address, `it redirects to ${url.protocol}//, which is not followed`, 'name the address where the data really is');
  // User and password in a redirect would be sent wherever it says.
  url.username = '';
  url.password = '';
  return url;
};

const oneRequest = (
  url: URL,
  { first, trusted }: { readonly first: URL; readonly trusted: URL },
  options: HttpOptions & { readonly publicNames: Set<string> },
): Promise<IncomingMessage> => {
  const isNamed = url.host === first.host && url.protocol === first.protocol;
  const isTrusted = url.hostname === trusted.hostname || options.allowedHosts?.includes(url.hostname) === true;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!isTrusted && isIP(host) !== 0 && isPrivateAddress(host)) throw privateTarget(trusted, url);
  const settings: RequestOptions = {
    method: options.method ?? 'GET',
    headers: {
      'user-agent': `trainlock/${VERSION}`,
      accept: '*/*',
      // A body that is packed on the way has another digest and cannot be continued.
      'accept-encoding': 'identity',
      ...options.headers,
      ...(isNamed ? options.credentials : {}),
      ...(options.body === undefined ? {} : { 'content-length': String(options.body.length) }),
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(isTrusted && !options.publicNames.has(url.hostname) ? {} : { agent: PUBLIC_AGENTS[url.protocol === 'https:' ? 'https:' : 'http:'] }),
    lookup: watchedLookup({ isTrusted, publicNames: options.publicNames, refusal: () => privateTarget(trusted, url) }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(failureOf(error, options.signal));
    let answer: IncomingMessage | undefined;
    const request: ClientRequest = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, settings, (message) => {
      // Over a connection that was open already no name is resolved.
      if (!isPrivateAddress(message.socket.remoteAddress ?? '')) options.publicNames.add(url.hostname);
      resolve((answer = message));
    });
    request.on('error', fail);
    // Before the answer and while its body is read.
    request.setTimeout(options.idleTimeoutMs ?? 30_000, () => (answer ?? request).destroy(new Interrupted('it was silent for too long')));
    request.end(options.body);
  });
};

const failureOf = (error: Error, signal: AbortSignal | undefined): Error => {
  if (error instanceof TrainlockError || error instanceof Interrupted || signal?.aborted === true) return error;
  const reason = transientReason(error);
  if (reason !== undefined) return new Interrupted(reason);
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOTFOUND' ? new Interrupted('the name of the host is not known') : new TrainlockError('TL0801', `the connection failed: ${code ?? error.name}`);
};

const privateTarget = (first: URL, url: URL): TrainlockError =>
  denied(first.href, `it leads to ${shown(url.host)}, an address of a private network, which is not followed`, 'name that address yourself if it is the right one');

type Watch = { readonly isTrusted: boolean; readonly publicNames: Set<string>; readonly refusal: () => Error };

/** Names are resolved once for a request, here: what was looked at is what is connected to. */
const watchedLookup =
  ({ isTrusted, publicNames, refusal }: Watch): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const isPublic = addresses.length > 0 && !addresses.some(({ address }) => isPrivateAddress(address));
      if (addresses.length === 0 || (!isPublic && (!isTrusted || publicNames.has(hostname)))) return callback(refusal() as NodeJS.ErrnoException, []);
      if (isPublic) publicNames.add(hostname);
      return options.all === true ? callback(null, addresses) : callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
