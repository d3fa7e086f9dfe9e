import type * as sdkModule from '@aws-sdk/client-kms';
import { nodeCrypto } from '#files';
import { quietSdk } from '#remote';
import { readPublicKey } from '#seal';
import type { Signer } from '../signer.ts';
import { checkedSignature } from './checked-signature.ts';
import { couldNotSign, keyNotFound, keyNotUsable, saidBy } from './signer-errors.ts';

export type AwsKmsOptions = {
  /** For one request, of which there are at most three. Default: 10 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
};

type KmsKey = { readonly keyId: string; readonly region?: string };

/**
 * A P-256 key in AWS KMS. Region, endpoint (AWS_ENDPOINT_URL_KMS, AWS_ENDPOINT_URL) and credentials are found as the AWS tools find
 * them; an ARN names its region itself. Only the digest leaves this machine. Throws TL1101, TL1102, TL1104.
 * Source: AWS KMS API reference, GetPublicKey and Sign.
 */
export const openAwsKmsSigner = async ({ keyId, region }: KmsKey, { timeoutMs = 10_000, signal }: AwsKmsOptions = {}): Promise<Signer> => {
  const place = `the key ${keyId} in AWS KMS`;
  const { sdk, client } = await openClient({ timeoutMs, place, ...(region === undefined ? {} : { region }) });
  const http = signal === undefined ? {} : { abortSignal: signal };
  const send = <T>(request: Promise<T>): Promise<T> =>
    request.catch((error: unknown) => {
      signal?.throwIfAborted();
      throw failureOf(error, place);
    });
  const answer = await send(client.send(new sdk.GetPublicKeyCommand({ KeyId: keyId }), http));
  if (answer.KeySpec !== 'ECC_NIST_P256' || answer.KeyUsage !== 'SIGN_VERIFY')
    throw keyNotUsable(`its kind is ${saidBy(`${answer.KeySpec} for ${answer.KeyUsage}`)}; only ECC_NIST_P256 for SIGN_VERIFY is used`, {
      place,
      fix: 'aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY',
    });
  // What the server says of a key is hostile.
  const read = readPublicKey(Uint8Array.from(answer.PublicKey ?? []), nodeCrypto);
  if (read.kind === 'rejected') throw keyNotUsable(read.problems[0]!.message, { place });
  if (read.value.algorithm !== 'ecdsa-p256') throw keyNotUsable('its public key is of another kind than KMS says', { place });
  const publicKey = read.value;
  const sign = async (message: Uint8Array): Promise<Uint8Array> => {
    const command = new sdk.SignCommand({ KeyId: keyId, Message: nodeCrypto.sha256(message), MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' });
    const { Signature: signature } = await send(client.send(command, http));
    return checkedSignature(signature === undefined ? undefined : Uint8Array.from(signature), message, { publicKey, place });
  };
  return { publicKey, place, sign };
};

type Opened = { readonly sdk: typeof sdkModule; readonly client: sdkModule.KMSClient };

/** The SDK is loaded when a key is first used: it costs a tenth of a second. */
const openClient = async ({ timeoutMs, place, region }: { readonly timeoutMs: number; readonly place: string; readonly region?: string }): Promise<Opened> => {
  const quiet = quietSdk();
  try {
    const sdk = await import('@aws-sdk/client-kms');
    const client = new sdk.KMSClient({
      maxAttempts: 3,
      requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
      ...(region === undefined ? {} : { region }),
    });
    await client.config.region().catch(() => {
      throw couldNotSign('no region is set', { place, fix: 'set AWS_REGION, or name the key by its ARN' });
    });
    return { sdk, client };
  } finally {
    quiet();
  }
};

/** The error of the SDK holds request and headers, so only its name and status are kept. */
const failureOf = (error: unknown, place: string): Error => {
  const { name = 'Error', code, $metadata } = error as { readonly name?: string; readonly code?: string; readonly $metadata?: { readonly httpStatusCode?: number } };
  if (name === 'NotFoundException') return keyNotFound('KMS has no such key in this region', { place, fix: 'aws kms list-aliases' });
  if (/^(?:DisabledException|KMSInvalidStateException|InvalidKeyUsageException|KeyUnavailableException|UnsupportedOperationException)$/.test(name))
    return keyNotUsable(`KMS does not use it: ${name}`, { place });
  if (/Credentials|^(?:UnrecognizedClientException|InvalidClientTokenId|ExpiredTokenException)$/.test(name))
    return couldNotSign(`the credentials are missing or not accepted: ${saidBy(name)}`, { place, fix: 'aws sts get-caller-identity' });
  if (name === 'AccessDeniedException')
    return couldNotSign('the credentials do not permit kms:GetPublicKey and kms:Sign on this key', { place, fix: 'aws sts get-caller-identity' });
  const status = $metadata?.httpStatusCode;
  return couldNotSign(`KMS did not answer as it should: ${saidBy(code ?? name)}${status === undefined ? '' : ` (${status})`}`, { place });
};
