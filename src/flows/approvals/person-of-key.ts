import { escapeControl, TrainlockError } from '#base';
import { PREDICATE_TYPES } from '#statements';
import { judgeSigner, type Role, type TrustStanding } from '#trust';

export type Wanted = { readonly statement: 'approval' | 'withdrawal'; readonly role?: Role; readonly environment?: string | undefined };

/** The person whose key it is, if it may sign this now. Throws TL1303 where nobody would count what it signs, TL1202 where no roots are pinned. */
export const personOfKey = (keyId: string, trust: TrustStanding, { statement, role, environment }: Wanted): string => {
  const vain = (because: string, fix: string): TrainlockError => new TrainlockError('TL1303', `this ${statement} would not count: ${because}`, { fix });
  if (trust.kind !== 'accepted')
    throw vain(`whose word counts is not known here: ${'because' in trust ? trust.because : 'there is no trust file'}`, 'trainlock trust show   # says what is missing');
  const found = trust.trust.keys.get(keyId);
  if (found === undefined) throw vain(`the trust file has no key ${keyId.slice(0, 12)}…`, `trainlock trust add NAME --kind person --public-key FILE --type ${statement}`);
  const answer = judgeSigner({
    trust,
    by: { kind: 'key', keyId },
    statementType: PREDICATE_TYPES[statement],
    role,
    environment,
    time: { kind: 'authority', at: new Date().toISOString() },
  });
  if (answer.kind !== 'trusted')
    throw vain(answer.because, `trainlock trust add ${escapeControl(found.signer.name)} --type ${statement}${role === undefined ? '' : ` --role ${role}`}`);
  if (answer.signer.kind !== 'person')
    throw vain(`${escapeControl(answer.signer.name)} is a ${answer.signer.kind}, and only persons approve`, 'sign with the key of a person: --key NAME');
  return answer.signer.person ?? answer.signer.name;
};
