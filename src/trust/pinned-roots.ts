import type { PublicKey } from '#seal';
import type { Trust } from './trust.ts';

/** A root that somebody pinned outside the repository. Without `key` it is taken from the offered trust file: the id is a digest of it. */
export type PinnedRoot = { readonly keyId: string; readonly name?: string; readonly key?: PublicKey };

/** The root keys that this user or machine trusts, and the newest trust file that it has seen. */
export type PinnedRoots = {
  readonly name?: string;
  /** How many different roots must have signed; at least 1. */
  readonly threshold: number;
  readonly roots: readonly PinnedRoot[];
  /** Older versions are refused. */
  readonly minVersion?: number;
  /** The newest accepted trust file; the roots are those of this version. */
  readonly lastSeen?: LastSeen;
};

export type LastSeen = { readonly version: number; readonly sha256: string };

/** A pin that can be kept: every key is there. */
export type TrustPin = Omit<PinnedRoots, 'roots' | 'minVersion'> & { readonly roots: readonly Required<PinnedRoot>[] };

/** The pin of the roots of a trust file: what stands in the user's configuration from now on, once the file was accepted or a person looked at its keys. */
export const pinOf = ({ version, sha256, threshold, roots }: Trust, name?: string): TrustPin => ({
  ...(name === undefined ? {} : { name }),
  threshold,
  roots: roots.map((root) => ({ keyId: root.key.keyId, name: root.name, key: root.key })),
  lastSeen: { version, sha256 },
});
