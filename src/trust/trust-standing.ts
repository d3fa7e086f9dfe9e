import { type RefusedTrust, type TrustPorts, type AcceptedTrust } from './accept-trust.ts';
import { followTrust } from './follow-trust.ts';
import type { PinnedRoots } from './pinned-roots.ts';
import type { Bounds } from './trust.ts';

/** A key of this user on this machine. */
export type LocalKey = Pick<Bounds, 'revoked'> & {
  readonly keyId: string;
  /** In words: "the key default of this user". */
  readonly name: string;
  /** Predicate types that it may sign. */
  readonly statementTypes: readonly string[];
};

/** What is known here of whose signatures count. */
export type TrustStanding =
  | AcceptedTrust
  | RefusedTrust
  /** There is a trust file, but nobody has said here that its roots are the right ones. */
  | { readonly kind: 'unpinned'; readonly because: string }
  | { readonly kind: 'none'; readonly because: string }
  | { readonly kind: 'local'; readonly keys: readonly LocalKey[] };

export type TrustHere = {
  /** The pin of the user or system configuration, or of the command line; never one from the repository. */
  readonly pin?: PinnedRoots | undefined;
  /** The trust files of the repository, the oldest first; hostile. */
  readonly chain: readonly Uint8Array[];
  /** RFC 3339 in UTC. */
  readonly now: string;
};

/** How the trust file of a repository stands on this machine. A file that nobody pinned proves nothing: whoever changes the repository can write one. */
export const trustStanding = ({ pin, chain, now }: TrustHere, ports: TrustPorts): TrustStanding => {
  if (chain.length === 0 && pin === undefined) return { kind: 'none', because: 'there is no trust file, and no root is pinned here' };
  if (pin === undefined) {
    return { kind: 'unpinned', because: 'the repository has a trust file, but none of its roots is pinned here: whoever can change the repository could have written it' };
  }
  return followTrust(pin, chain, now, ports);
};
