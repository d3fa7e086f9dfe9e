import { escapeControl, TrainlockError } from '#base';
import { PREDICATE_TYPES } from '#statements';
import { judgeSigner, personOf, type Role, type SignerAnswer, type TrustedSigner, type TrustedTime, type TrustStanding } from '#trust';
import { addRightCommand } from '../trust-file/add-right-command.ts';

export type Wanted = {
  /** What is to be signed; an approval, if nothing is said. */ readonly kind?: 'approval' | 'exception' | 'exception-review';
  readonly role: Role;
  readonly environment?: string | undefined;
  /** Whether an authority will date the signature. */ readonly isDated: boolean;
};

/** The person whose key it is, if it may approve in this role as it will be judged. Throws TL1303 where nobody would count what it signs. */
export const approverOfKey = (keyId: string, trust: TrustStanding, { kind = 'approval', role, environment, isDated }: Wanted): string => {
  const signer = listedSigner(keyId, trust, { kind, role });
  // A key with bounds counts only where somebody proves when it signed.
  const time: TrustedTime = isDated ? { kind: 'authority', at: new Date().toISOString() } : { kind: 'none' };
  const answer = judgeSigner({ trust, by: { kind: 'key', keyId }, statementType: PREDICATE_TYPES[kind], role, environment, time });
  if (answer.kind !== 'trusted') throw vain(kind, answer.because, fixOf(answer, signer, { kind, role }));
  if (signer.kind !== 'person')
    throw vain(
      kind,
      `${escapeControl(signer.name)} is a ${signer.kind}, and only persons ${kind === 'approval' ? 'approve' : kind === 'exception' ? 'make exceptions' : 'review'}`,
      'sign with the key of a person: --key NAME',
    );
  return personOf(signer);
};

/** The person whose key it is, if the trust file lists it: that is enough to take an own approval back. Throws TL1303. */
export const withdrawerOfKey = (keyId: string, trust: TrustStanding): string => personOf(listedSigner(keyId, trust, { kind: 'withdrawal', role: 'signer' }));

type Right = { readonly kind: 'approval' | 'exception' | 'exception-review' | 'withdrawal'; readonly role: Role };

const listedSigner = (keyId: string, trust: TrustStanding, { kind, role }: Right): TrustedSigner => {
  if (trust.kind !== 'accepted')
    throw vain(kind, `whose word counts is not known here: ${'because' in trust ? trust.because : 'there is no trust file'}`, 'trainlock trust show   # says what is missing');
  const found = trust.trust.keys.get(keyId);
  if (found === undefined)
    throw vain(kind, `the trust file has no key ${keyId.slice(0, 12)}…`, `trainlock trust add NAME --kind person --public-key FILE --role ${role} --type ${kind}`);
  return found.signer;
};

const vain = (statement: string, because: string, fix: string): TrainlockError => new TrainlockError('TL1303', `this ${statement} would not count: ${because}`, { fix });

const fixOf = (answer: SignerAnswer, signer: TrustedSigner, right: Right): string =>
  answer.kind === 'refused' && (answer.refusal === 'wrong-role' || answer.refusal === 'wrong-type')
    ? addRightCommand(signer, right)
    : 'trainlock trust show   # says what limits the key';
