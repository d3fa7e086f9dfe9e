import { randomBytes } from 'node:crypto';
import { escapeControl, TrainlockError, withoutCredentials } from '#base';
import { nodeCrypto } from '#files';
import { askBytes } from '#remote';
import { type Certificate, checkToken, MOST_TIMESTAMP_BYTES, readTimestamp, timestampRequest } from '#seal';
import { nodeVerifyWith } from '../node-certificates.ts';
import type { ClockDifference } from './clock-difference.ts';

/** A time authority that is configured here: nothing is ever asked because a document names it. */
export type AskedAuthority = {
  /** http or https. */
  readonly url: string;
  /** Its certificates, for an authority whose answers hold none. */
  readonly certificates?: readonly Certificate[];
};

export type AskOptions = {
  /** For everything: connecting, waiting and reading. Default 5 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** This machine's clock. Unit: millisecond since 1970. */
  readonly now?: () => number;
};

/** `response` is the whole answer in DER, as bundles keep it. */
export type Dating =
  | {
      readonly kind: 'dated';
      readonly response: Uint8Array;
      readonly time: string;
      readonly accuracyMs?: number;
      readonly certificateSha256: string;
      readonly clock: ClockDifference;
    }
  | { readonly kind: 'not-dated'; readonly because: string };

const TIMEOUT_MS = 5000;

/**
 * Asks a time authority for a token over the raw bytes of a signature, and checks what it answers before it is kept: that it grants
 * one, over this signature, with the fresh nonce, signed by a certificate for time stamps that is valid at that time. Whether the
 * authority is one to trust is asked by whoever verifies. An authority that is dead, slow or lies is a value: a run is not harmed.
 * Never throws. Source: RFC 3161 §3.4.
 */
export const askAuthority = async (signature: Uint8Array, authority: AskedAuthority, options: AskOptions = {}): Promise<Dating> => {
  const { now = Date.now } = options;
  const nonce = randomBytes(8).readBigUInt64BE();
  const sentMs = now();
  const answer = await answerOf(authority.url, timestampRequest(signature, nonce, nodeCrypto), options);
  if (answer.kind === 'not-dated') return answer;
  const receivedMs = now();
  const read = readTimestamp(answer.bytes);
  if (read.kind === 'rejected') return notDated(authority.url, read.problems[0]!.message);
  const { info } = read.value;
  const checked = checkToken(read.value, { signature, nonce }, authority.certificates ?? [], { crypto: nodeCrypto, verifyWith: nodeVerifyWith });
  if (checked.kind === 'refused') return notDated(authority.url, checked.because);
  return {
    kind: 'dated',
    response: answer.bytes,
    time: info.time.text,
    ...(info.accuracyMs === undefined ? {} : { accuracyMs: info.accuracyMs }),
    certificateSha256: Buffer.from(nodeCrypto.sha256(checked.signer.der)).toString('hex'),
    clock: {
      differenceMs: info.time.sinceEpochMs - Math.round((sentMs + receivedMs) / 2),
      // Many authorities cut their time off to whole seconds.
      uncertaintyMs: Math.ceil(Math.abs(receivedMs - sentMs) / 2) + 1000 + (info.accuracyMs ?? 0),
    },
  };
};

type Answer = { readonly kind: 'answered'; readonly bytes: Uint8Array } | Extract<Dating, { readonly kind: 'not-dated' }>;

const notDated = (url: string, because: string): Extract<Dating, { readonly kind: 'not-dated' }> => ({ kind: 'not-dated', because: `${withoutCredentials(url)}: ${because}` });

const answerOf = async (url: string, request: Uint8Array, { timeoutMs = TIMEOUT_MS, signal }: AskOptions): Promise<Answer> => {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const { status, contentType, bytes } = await askBytes(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: request,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      idleTimeoutMs: timeoutMs,
      maxBytes: MOST_TIMESTAMP_BYTES,
    });
    if (status !== 200 && status !== 201) return notDated(url, `the time authority answers with HTTP status ${status}`);
    if (contentType !== 'application/timestamp-reply')
      return notDated(url, `the answer is of the type ${escapeControl(contentType.slice(0, 100)) || 'that nobody named'}, not application/timestamp-reply`);
    return { kind: 'answered', bytes };
  } catch (error) {
    if (signal?.aborted === true) return notDated(url, 'it was interrupted');
    if (limit.aborted) return notDated(url, `the time authority took longer than ${timeoutMs / 1000} s`);
    return notDated(url, error instanceof TrainlockError ? error.message : 'the time authority could not be asked');
  }
};
