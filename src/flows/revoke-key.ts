/** Marks a key of this user as one that must not be used any more. */
import { type LocalKey, revokeKey } from '#keys';

export type RevokeKeyRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly name: string;
  readonly why: string;
  /** RFC 3339 in UTC. */
  readonly compromisedSince?: string;
  readonly removePrivateKey: boolean;
};

/** Throws like revokeKey. */
export const endKey = ({
  env,
  name,
  why,
  compromisedSince,
  removePrivateKey,
}: RevokeKeyRequest): Promise<{ readonly kind: 'revoked' | 'already-revoked'; readonly key: LocalKey }> =>
  revokeKey({ env, name, reason: why, removePrivateKey, ...(compromisedSince === undefined ? {} : { compromisedSince }) });
