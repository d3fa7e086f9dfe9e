import type { KeyHolders } from '#approval';
import { PREDICATE_TYPES } from '#statements';
import { judgeSigner, personOf, type Trust } from '#trust';

/**
 * Which persons could approve in which roles now: those with a key that may sign approvals in the role, for every environment. Who is an
 * admin of the trust file approves nothing. Certificates do not approve yet.
 */
export const keyHoldersOf = (trust: Trust, now: string): KeyHolders => {
  const holders = new Map<string, Set<string>>();
  for (const signer of trust.signers) {
    const { kind, keys, roles } = signer;
    if (kind !== 'person' || roles.includes('admin')) continue;
    const mayApprove = roles.filter((role) =>
      keys.some(
        ({ key }) =>
          judgeSigner({
            trust: { kind: 'accepted', trust },
            by: { kind: 'key', keyId: key.keyId },
            statementType: PREDICATE_TYPES.approval,
            role,
            time: { kind: 'authority', at: now },
          }).kind === 'trusted',
      ),
    );
    const person = personOf(signer);
    holders.set(person, new Set([...(holders.get(person) ?? []), ...mayApprove]));
  }
  return holders;
};
