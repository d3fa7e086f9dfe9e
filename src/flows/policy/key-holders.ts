import type { KeyHolders } from '#approval';
import type { Trust, TrustedSigner } from '#trust';

/** Who has a key or an identity that was not revoked, and which roles the trust file gives. A machine stands for itself, never for the person behind it. */
export const keyHoldersOf = ({ signers }: Trust): KeyHolders => {
  const holders = new Map<string, Set<string>>();
  for (const signer of signers.filter(isUsable)) {
    const name = signer.kind === 'person' ? (signer.person ?? signer.name) : signer.name;
    const roles = holders.get(name) ?? new Set();
    for (const role of signer.roles) roles.add(role);
    holders.set(name, roles);
  }
  return holders;
};

const isUsable = ({ keys, identities }: TrustedSigner): boolean => [...keys, ...identities].some(({ revoked }) => revoked === undefined);
