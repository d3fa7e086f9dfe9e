import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, readJson, VERSION } from '#base';
import { readBounded } from '#files';
import type { Environment } from './run-program.ts';
import { couldNotSign, keyNotFound, keyNotUsable, saidBy } from './signer-errors.ts';

/** A server of Vault and what opens it. The token is a secret: it goes into one header and nowhere else. */
export type VaultServer = { readonly address: URL; readonly token: string; readonly transit: string };

export type VaultOptions = {
  readonly environment: Environment;
  /** For one request. Default: 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
};

const MOST_ANSWER_BYTES = 1024 * 1024;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The server as the tools of Vault find it: VAULT_ADDR, and VAULT_TOKEN or the file .vault-token in the home folder, which nobody else
 * may read; the engine at TRANSIT_SECRET_ENGINE_PATH, as cosign has it, or at transit. Throws TL1102, TL1104.
 */
export const findVault = async (place: string, { environment }: VaultOptions): Promise<VaultServer> => {
  const text = environment['VAULT_ADDR'] ?? '';
  if (!URL.canParse(text)) throw couldNotSign('VAULT_ADDR is not set to the address of a server', { place, fix: 'export VAULT_ADDR=https://vault.example.org:8200' });
  const address = new URL(text);
  const isSafe = address.protocol === 'https:' || (address.protocol === 'http:' && LOOPBACK.test(address.hostname));
  if (!isSafe) throw couldNotSign('VAULT_ADDR must begin with https:// (http:// only on this machine): the token would be readable on the way', { place });
  if (address.username !== '' || address.password !== '') throw couldNotSign('VAULT_ADDR holds a user or password, which Vault does not use', { place });
  const transit = environment['TRANSIT_SECRET_ENGINE_PATH'] || 'transit';
  if (!/^[\w-]{1,64}(?:\/[\w-]{1,64}){0,4}$/.test(transit)) throw couldNotSign('TRANSIT_SECRET_ENGINE_PATH is not the path of an engine', { place });
  return { address, token: await findToken(place, environment), transit };
};

const findToken = async (place: string, environment: Environment): Promise<string> => {
  const path = join(environment['HOME'] ?? '/', '.vault-token');
  const token = environment['VAULT_TOKEN'] || (await tokenOfFile(path, place));
  // A header can hold nothing else.
  if (token === undefined || !/^[\u0021-\u007e]{1,4096}$/.test(token))
    throw couldNotSign('no token of Vault was found in VAULT_TOKEN or ~/.vault-token', { place, fix: 'vault login' });
  return token;
};

const tokenOfFile = async (path: string, place: string): Promise<string | undefined> => {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if ((stats.mode & 0o077) !== 0) throw keyNotUsable(`others can read the token in ${path}`, { place, fix: `chmod 600 ${path}` });
  return fromUtf8(await readBounded(path, 8192))?.trim();
};

/** One question to Vault. Redirects are not followed: they would take the token to another server. Throws TL1101, TL1102, TL1104. */
export const askVault = async (
  server: VaultServer,
  question: { readonly place: string; readonly path: string; readonly body?: unknown },
  options: VaultOptions,
): Promise<unknown> => {
  const { place, path, body } = question;
  const { timeoutMs = 30_000, signal } = options;
  const url = new URL(`/v1/${server.transit}/${path}`, server.address);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-vault-token': server.token, 'x-vault-request': 'true', accept: 'application/json', 'user-agent': `trainlock/${VERSION}` },
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = await bodyOf(answer, place);
    if (answer.status !== 200) throw statusError(answer.status, bytes, { place, server });
    // The answer is hostile.
    const read = readJson(bytes, { maxBytes: MOST_ANSWER_BYTES, maxDepth: 16, maxKeys: 10_000 });
    if (read.kind === 'rejected') throw couldNotSign('the server did not answer as Vault does', { place });
    return read.value;
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw couldNotSign(`Vault did not answer within ${timeoutMs / 1000} s`, { place });
    throw connectionError(error, place);
  }
};

const bodyOf = async (answer: Response, place: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer.body ?? []) {
    total += (chunk as Uint8Array).length;
    if (total > MOST_ANSWER_BYTES) throw couldNotSign('the answer of the server is too long', { place });
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
};

const statusError = (status: number, bytes: Uint8Array, { place, server }: { readonly place: string; readonly server: VaultServer }): Error => {
  if (status >= 300 && status < 400) return couldNotSign('the server leads elsewhere, which is not followed', { place, fix: 'set VAULT_ADDR to the address of the active server' });
  if (status === 404) return keyNotFound('Vault has no such key', { place, fix: `vault list ${server.transit}/keys` });
  if (status === 403)
    return couldNotSign('Vault denies it: the token has expired, or its policy does not permit to read this key and sign with it', { place, fix: 'vault token lookup' });
  if (status === 503) return couldNotSign('Vault is sealed or not ready', { place, fix: 'vault status' });
  const read = readJson(bytes, { maxBytes: MOST_ANSWER_BYTES, maxDepth: 16, maxKeys: 1000 });
  const errors = read.kind === 'accepted' ? (read.value as { readonly errors?: unknown } | null)?.errors : undefined;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  // A server could send back what it was sent.
  const said = typeof first === 'string' ? `: ${saidBy(first.replaceAll(server.token, '…'))}` : '';
  return couldNotSign(`Vault answered ${status}${said}`, { place });
};

/** What fetch throws holds the request with its headers, so only the code of the system is kept. */
const connectionError = (error: unknown, place: string): Error => {
  if (error instanceof Error && error.name === 'TrainlockError') return error;
  const cause = (error as { readonly cause?: { readonly code?: unknown } }).cause;
  const code = typeof cause?.code === 'string' ? `: ${saidBy(cause.code)}` : '';
  return couldNotSign(`the server at VAULT_ADDR cannot be reached${code}`, { place, fix: 'vault status' });
};
