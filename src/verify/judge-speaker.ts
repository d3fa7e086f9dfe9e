import { PREDICATE_TYPES, readWithdrawal, type Withdrawal } from '#statements';
import { judgeByTimes, personOf, type Role, type TrustStanding } from '#trust';
import type { Ports } from './find-signer.ts';
import { type DocumentEvidence, type FoundSignature, listedSigner, type Signatory, signatoryOf, timesOf } from './signed-document.ts';

export type Judging = Omit<DocumentEvidence, 'signed'> & { readonly ports: Ports };

type Claimed = {
  readonly kind: 'approval' | 'exception' | 'exception-review';
  readonly role: Role;
  readonly person: string;
  readonly environment: string | undefined;
  /** What it is one of, in the plural. */
  readonly what: string;
};

type Speaking = { readonly kind: 'counts'; readonly by: Signatory; readonly because: string } | { readonly kind: 'refused' | 'unknown'; readonly because: string };

/** Whether a key may say what it says, in the role and in the name that stand there. */
export const speakerOf = (finding: FoundSignature, { kind, role, person: claimed, environment, what }: Claimed, { trust, authorities, ports }: Judging): Speaking => {
  const listed = listedSigner(finding, trust, what);
  if (listed.kind === 'unknown') return listed;
  const { keyId } = listed;
  const question = { by: { kind: 'key', keyId }, statementType: PREDICATE_TYPES[kind], role, environment, trust } as const;
  const answer = judgeByTimes(question, timesOf(finding, authorities, ports));
  if (answer.kind !== 'trusted') return { kind: answer.kind, because: answer.because };
  const person = personOf(answer.signer);
  if (person !== claimed) return { kind: 'refused', because: otherSigner(person, claimed) };
  return { kind: 'counts', by: signatoryOf({ ...answer.signer, roles: answer.roles }, keyId), because: answer.because };
};

const otherSigner = (signer: string, claimed: string): string => `it is signed by ${signer} in the name of ${claimed}`;

export type JudgedWithdrawal =
  | { readonly kind: 'withdrawal'; readonly sha256: string; readonly withdrawal: Withdrawal; readonly by: Signatory }
  | { readonly kind: 'refused' | 'unknown'; readonly because: string };

/** Whose withdrawal it is: any key that the trust file lists will do, whatever has become of it since, if it is that of the person who stands there. */
export const withdrawalOf = (
  finding: FoundSignature,
  sha256: string,
  { trust, what }: { readonly trust: TrustStanding; /** What it takes back one of, in the plural. */ readonly what: string },
): JudgedWithdrawal => {
  const reading = readWithdrawal(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the withdrawal cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const listed = listedSigner(finding, trust, what);
  if (listed.kind === 'unknown') return listed;
  const by = signatoryOf(listed.signer, listed.keyId);
  const { person } = reading.value;
  // Somebody else's signature over the same words would put that of the person out of force.
  return person === by.person ? { kind: 'withdrawal', sha256, withdrawal: reading.value, by } : { kind: 'refused', because: otherSigner(by.person, person) };
};
