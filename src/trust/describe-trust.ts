import { countOf, escapeControl } from '#base';
import { expiryRefusal } from './accept-trust.ts';
import type { PinnedRoots } from './pinned-roots.ts';
import { type BoundsState, stateOf } from './state-of.ts';
import type { Bounds, Trust, TrustedSigner } from './trust.ts';

/** A root, a key or an identity, with its state at the moment that is asked about and one sentence why. All texts are safe to print. */
export type RootRow = { readonly name: string; readonly keyId: string; readonly isPinned: boolean; readonly because: string };
export type PinRow = { readonly name: string; readonly keyId: string; readonly isRoot: boolean; readonly because: string };
export type CredentialRow = { readonly kind: 'key' | 'identity'; readonly id: string; readonly state: BoundsState; readonly because: string };
export type SignerRow = Pick<TrustedSigner, 'name' | 'person' | 'kind' | 'roles' | 'statementTypes' | 'environments'> & { readonly credentials: readonly CredentialRow[] };

/** What `trust show` says of a trust file. */
export type TrustDescription = {
  readonly version: number;
  readonly sha256: string;
  readonly threshold: number;
  readonly state: 'valid' | 'expired';
  readonly because: string;
  readonly roots: readonly RootRow[];
  /** Empty: nothing is pinned here, and every answer is unknown. */
  readonly pins: readonly PinRow[];
  readonly signers: readonly SignerRow[];
  readonly timeAuthorities: readonly string[];
  readonly logs: readonly string[];
  readonly witnesses: readonly string[];
};

/** Everything in a trust file with its state at a moment (RFC 3339 in UTC; anything else throws TypeError). Says nothing about who signed the file. */
export const describeTrust = (trust: Trust, pin: PinnedRoots | undefined, now: string): TrustDescription => {
  const pinned = new Set(pin?.roots.map(({ keyId }) => keyId));
  const roots = new Map(trust.roots.map(({ name, key }) => [key.keyId, name]));
  const expiry = expiryRefusal(trust, now);
  return {
    version: trust.version,
    sha256: trust.sha256,
    threshold: trust.threshold,
    state: expiry === undefined ? 'valid' : 'expired',
    because: expiry?.because ?? `version ${trust.version} counts until ${trust.expiresAt}; ${trust.threshold} of ${countOf(trust.roots.length, 'root')} must sign the next one`,
    roots: [...roots].map(([keyId, name]) => ({
      name: escapeControl(name),
      keyId,
      isPinned: pinned.has(keyId),
      because: pinned.has(keyId) ? 'pinned here' : 'not pinned here: it counts as far as the pinned roots signed this file, or the versions before it',
    })),
    pins: (pin?.roots ?? []).map(({ name, keyId }) => ({
      name: escapeControl(name ?? roots.get(keyId) ?? 'without name'),
      keyId,
      isRoot: roots.has(keyId),
      because: roots.has(keyId) ? `a root of version ${trust.version}` : `no root of version ${trust.version}: earlier versions must lead from it to this one`,
    })),
    signers: trust.signers.map((signer) => signerRow(signer, now)),
    timeAuthorities: trust.timeAuthorities.map(({ name }) => escapeControl(name)),
    logs: trust.logs.map(({ origin }) => escapeControl(origin)),
    witnesses: trust.witnesses.map(({ name }) => escapeControl(name)),
  };
};

const signerRow = ({ name, person, kind, roles, statementTypes, environments, keys, identities }: TrustedSigner, now: string): SignerRow => ({
  name: escapeControl(name),
  ...(person === undefined ? {} : { person: escapeControl(person) }),
  kind,
  roles,
  statementTypes,
  ...(environments === undefined ? {} : { environments: environments.map((environment) => escapeControl(environment)) }),
  credentials: [
    ...keys.map((key) => credentialRow({ kind: 'key', id: key.key.keyId }, key, now)),
    ...identities.map((identity) => credentialRow({ kind: 'identity', id: escapeControl(`${identity.subject} (vouched for by ${identity.issuer})`) }, identity, now)),
  ],
});

const credentialRow = (credential: Pick<CredentialRow, 'kind' | 'id'>, bounds: Bounds, now: string): CredentialRow => {
  const state = stateOf(bounds, now);
  return { ...credential, state, because: escapeControl(reasonOf(state, bounds)) };
};

const reasonOf = (state: BoundsState, { validFrom, validUntil, revoked }: Bounds): string => {
  switch (state) {
    case 'valid': {
      const limits = [
        ...(validFrom === undefined ? [] : [`since ${validFrom}`]),
        ...(validUntil === undefined ? [] : [`until ${validUntil}`]),
        ...(revoked === undefined ? [] : [`until its revocation on ${revoked.at}`]),
      ];
      return limits.length === 0 ? 'counts, at any time' : `counts ${limits.join(' and ')}; each signature needs a proven time`;
    }
    case 'not-yet-valid':
      return `counts from ${validFrom} on`;
    case 'expired':
      return `counted until ${validUntil}; what is proven to be older stays valid`;
    case 'revoked':
      return `revoked on ${revoked?.at} (${revoked?.reason}); what is proven to be older stays valid`;
    case 'compromised':
      return `may be used by others since ${revoked?.compromisedSince} (${revoked?.reason}); only what is proven to be older counts`;
  }
};
