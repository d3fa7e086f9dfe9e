import { TrainlockError } from '#base';
import { denied, differs, notThere, unavailable } from './remote-errors.ts';
import { Interrupted, isTransientStatus, transientReason, withRetries } from './retry.ts';
import type { Bucket } from './s3-client.ts';

/** What is known of a failure of S3. Its message is not used: it may name keys. */
export type S3Failure = { readonly name: string; readonly status: number | undefined; readonly reason: string | undefined };

/** A failure that is not one of access, availability or absence; stays inside this room. */
export class S3Refusal extends Error {
  readonly failure: S3Failure;

  constructor(failure: S3Failure) {
    super(failure.name);
    this.failure = failure;
  }
}

/** The place of a key, for messages. */
export const placeOf = (bucket: Bucket, key: string): string => `s3://${bucket.name}/${key}`;

type Request<T> = { readonly request: (http: { abortSignal?: AbortSignal }) => Promise<T>; readonly signal?: AbortSignal | undefined };

/**
 * Carries out one request, again if it was interrupted. Throws TL0801, TL0802, TL0803, and S3Refusal for what only the caller can
 * judge.
 */
export const send = async <T>(bucket: Bucket, key: string, { request, signal }: Request<T>): Promise<T> => {
  try {
    return await withRetries(() => once(bucket, key, () => request(signal === undefined ? {} : { abortSignal: signal })), { retry: bucket.retry, signal });
  } catch (error) {
    if (error instanceof Interrupted) throw unavailable(placeOf(bucket, key), `${error.message}, in ${bucket.retry.attempts} tries`);
    throw error;
  }
};

/** One try. Throws Interrupted where another one may go well. */
export const once = async <T>(bucket: Bucket, key: string, request: () => Promise<T>): Promise<T> => {
  try {
    return await request();
  } catch (error) {
    throw judged(error, bucket, key);
  }
};

const DENIED =
  /^(?:AccessDenied|AllAccessDisabled|AccountProblem|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired|Forbidden|CredentialsProviderError|TokenProviderError|XAdminUserNotFound|AccessForbidden|NotSignedUp)$/;

/** Failures with a status of 4xx that may go well the next time. Source: Amazon S3 API Reference, "Error Responses". */
const TRANSIENT =
  /^(?:RequestTimeout|RequestTimeTooSkewed|SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|OperationAborted|ConditionalRequestConflict|IncompleteBody)$/;

const judged = (error: unknown, bucket: Bucket, key: string): unknown => {
  if (error instanceof TrainlockError || error instanceof Interrupted) return error;
  const { name } = error as Error;
  if (name === 'AbortError') return error;
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
  const place = placeOf(bucket, key);
  if (name === 'NoSuchUpload') return new S3Refusal({ name, status, reason: undefined });
  if (name === 'NoSuchBucket') return notThere(`s3://${bucket.name}`, 'look at the name of the bucket, and at AWS_ENDPOINT_URL');
  if (status === 401 || status === 403 || DENIED.test(name))
    return denied(place, name.replace(/^XAdmin/, ''), 'look at AWS_PROFILE or AWS_ACCESS_KEY_ID, and at what the user may do: aws sts get-caller-identity');
  if (name === 'NoSuchKey' || name === 'NoSuchVersion' || name === 'NotFound' || status === 404)
    return notThere(place, 'look whether it was ever sent there: push from the machine that has it');
  if (name === 'BadDigest' || name === 'XAmzContentSHA256Mismatch') return differs(place, 'it was changed on the way there', 'send it again');
  if (name === 'InvalidObjectState') return unavailable(place, 'the object is archived', 'restore it from the archive first: aws s3api restore-object');
  const reason =
    transientReason(error) ?? ((status !== undefined && isTransientStatus(status)) || TRANSIENT.test(name) ? `${name}${status === undefined ? '' : ` (${status})`}` : undefined);
  if (reason !== undefined) return new Interrupted(reason);
  // A body that is no XML makes the SDK fail while it reads the answer: something between here and the server answered.
  return status === undefined && !/^[A-Z]\w+$/.test(name) ? new Interrupted(name) : new S3Refusal({ name, status, reason: (error as NodeJS.ErrnoException).code });
};

/** A refusal that nobody expected, in words. */
export const refusalInWords = (error: unknown, bucket: Bucket, key: string): unknown =>
  error instanceof S3Refusal
    ? unavailable(placeOf(bucket, key), `the server said ${error.failure.name}${error.failure.status === undefined ? '' : ` (${error.failure.status})`}`)
    : error;
