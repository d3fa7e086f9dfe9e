import type * as sdkModule from '@aws-sdk/client-s3';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readBoundedIfThere } from '#files';
import { DEFAULT_IDLE_MS } from './download-options.ts';
import { quietSdk } from './quiet-sdk.ts';
import type { RemoteOptions } from './remote.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';

/** The SDK, loaded when a bucket is first used: it costs a tenth of a second. */
export type S3Sdk = typeof sdkModule;

/** A bucket that is spoken to. */
export type Bucket = {
  readonly sdk: S3Sdk;
  readonly client: sdkModule.S3Client;
  readonly name: string;
  readonly retry: RetryPolicy;
  readonly idleTimeoutMs: number;
};

const CONNECT_TIMEOUT_MS = 10_000;

/** A machine that names no region: buckets say where they are, and other servers do not care. */
const FALLBACK_REGION = 'us-east-1';

/**
 * Opens a bucket as the AWS tools do: region, endpoint (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL) and credentials by the chain of the
 * SDK. With an endpoint of one's own, the bucket stands in the path. Tries are counted here, not in the SDK, so that their bound is one.
 */
export const openBucket = async (name: string, options: RemoteOptions): Promise<Bucket> => {
  const quiet = quietSdk();
  try {
    const sdk = await import('@aws-sdk/client-s3');
    const idleTimeoutMs = options.idleTimeoutMs ?? DEFAULT_IDLE_MS;
    const settings = {
      forcePathStyle: await hasOwnEndpoint(),
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      // What arrives is checked by SHA-256 here.
      responseChecksumValidation: 'WHEN_REQUIRED',
      followRegionRedirects: true,
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: idleTimeoutMs },
    } as const;
    const first = new sdk.S3Client(settings);
    const client = await first.config.region().then(
      () => first,
      () => new sdk.S3Client({ ...settings, region: FALLBACK_REGION }),
    );
    return { sdk, client, name, retry: options.retry ?? DEFAULT_RETRY, idleTimeoutMs };
  } finally {
    quiet();
  }
};

/** Whether the user talks to another server than that of AWS. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
const hasOwnEndpoint = async (): Promise<boolean> => {
  const { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignored, AWS_ENDPOINT_URL_S3: own, AWS_ENDPOINT_URL: all, AWS_CONFIG_FILE: file } = process.env;
  if (ignored?.toLowerCase() === 'true') return false;
  if (own || all) return true;
  // The SDK reads the file too, but does not tell what it found there. Buckets of AWS may stand in the path as well.
  const bytes = await readBoundedIfThere(file ?? join(homedir(), '.aws', 'config'), 1024 * 1024).catch(() => undefined);
  return bytes !== undefined && /^\s*endpoint_url\s*=/m.test(Buffer.from(bytes).toString('latin1'));
};
