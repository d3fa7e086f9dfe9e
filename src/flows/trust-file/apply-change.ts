import { escapeControl, exhaustive, nearest, TrainlockError } from '#base';
import type { TrustDocument } from '#trust';
import { type AddedSigner, addSigner, keyIdOf } from './add-signer.ts';

type Signer = TrustDocument['signers'][number];
type Bounds = Pick<NonNullable<Signer['keys']>[number], 'revoked'>;

/** One change of a trust file. */
export type TrustChange =
  /** Nothing but another end. */
  | { readonly kind: 'renew' }
  | ({ readonly kind: 'add-signer' } & AddedSigner)
  | { readonly kind: 'add-authority'; readonly name: string; readonly url?: string; readonly certificateChain: readonly string[] }
  | { readonly kind: 'add-log'; readonly origin: string; readonly key: string }
  | { readonly kind: 'add-witness'; readonly name: string; readonly key: string }
  /** A signer by its name, or one key by its id or the first letters of it. */
  | { readonly kind: 'revoke'; readonly what: string; readonly at: string; readonly reason: string; readonly compromisedSince?: string }
  | { readonly kind: 'rotate-roots'; readonly roots: TrustDocument['roots']; readonly threshold?: number };

/** The document after a change. What it says is not checked here: readTrust does. Throws TL0001 for a change that has nothing to change. */
export const applyChange = (document: TrustDocument, change: TrustChange): TrustDocument => {
  switch (change.kind) {
    case 'renew':
      return document;
    case 'add-signer':
      return addSigner(document, change);
    case 'add-authority': {
      const { name, url, certificateChain } = change;
      return { ...document, timeAuthorities: [...(document.timeAuthorities ?? []), { name, certificateChain, ...(url === undefined ? {} : { url }) }] };
    }
    case 'add-log':
      return { ...document, logs: [...(document.logs ?? []), { origin: change.origin, key: change.key }] };
    case 'add-witness':
      return { ...document, witnesses: [...(document.witnesses ?? []), { name: change.name, key: change.key }] };
    case 'revoke':
      return revoke(document, change);
    case 'rotate-roots':
      return { ...document, roots: change.roots, threshold: change.threshold ?? document.threshold };
    default:
      return exhaustive(change);
  }
};

type Of<K extends TrustChange['kind']> = Extract<TrustChange, { readonly kind: K }>;

const revoke = (document: TrustDocument, { what, at, reason, compromisedSince }: Of<'revoke'>): TrustDocument => {
  const chosen = chosenBy(document, what);
  let changed = 0;
  const revoked = <T extends Bounds>(one: T): T => {
    // A revocation stands; that a key was in other hands may be learnt later.
    if (one.revoked !== undefined && (compromisedSince === undefined || one.revoked.compromisedSince !== undefined)) return one;
    changed += 1;
    return { ...one, revoked: { at: one.revoked?.at ?? at, reason, ...(compromisedSince === undefined ? {} : { compromisedSince }) } };
  };
  const signers = document.signers.map((signer): Signer => {
    if (signer.name === what)
      return {
        ...signer,
        ...(signer.keys === undefined ? {} : { keys: signer.keys.map(revoked) }),
        ...(signer.identities === undefined ? {} : { identities: signer.identities.map(revoked) }),
      };
    return signer.keys === undefined ? signer : { ...signer, keys: signer.keys.map((key) => (chosen.has(keyIdOf(key.publicKey)) ? revoked(key) : key)) };
  });
  if (changed > 0) return { ...document, signers };
  throw new TrainlockError('TL0001', `${escapeControl(what)} is revoked already`, { fix: 'trainlock trust show' });
};

/** Ids of the keys that are meant. Throws TL0001 if it is none, or more than one. */
const chosenBy = (document: TrustDocument, what: string): ReadonlySet<string> => {
  const names = document.signers.map(({ name }) => name);
  if (names.includes(what)) return new Set();
  const ids = document.signers.flatMap(({ keys = [] }) => keys.map(({ publicKey }) => keyIdOf(publicKey)));
  const found = /^[0-9a-f]{8,64}$/.test(what) ? ids.filter((id) => id.startsWith(what)) : [];
  if (found.length === 1) return new Set(found);
  const near = nearest(what, names);
  const isRoot = document.roots.some(({ keyId, name }) => name === what || keyId.startsWith(what));
  throw new TrainlockError('TL0001', found.length > 1 ? `more than one key has an id that begins with ${what}` : `no signer and no key of one is called ${escapeControl(what)}`, {
    notes: [
      ...(near === undefined ? [] : [`did you mean ${near}?`]),
      ...(isRoot ? ['it is a root: roots are replaced with trust rotate-roots'] : []),
      'a key is named by at least 8 letters of its id',
    ],
    fix: 'trainlock trust show   # lists the signers and their keys',
  });
};
