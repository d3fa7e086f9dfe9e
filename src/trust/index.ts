/** Whose signatures count, for what, where and when: trust files, the roots that are pinned for them, and the answer for one signer. */
export { acceptTrust, type TrustPorts } from './accept-trust.ts';
export { compareTimes, isTime } from './compare-times.ts';
export { type CredentialRow, describeTrust, type SignerRow, type TrustDescription } from './describe-trust.ts';
export { followTrust } from './follow-trust.ts';
export type { Role, TrustDocument } from './generated/trust-types.ts';
export { judgeByTimes } from './judge-by-times.ts';
export { judgeSigner, type ProvenTime, type SignerAnswer, type TrustedTime } from './judge-signer.ts';
export { localTrust } from './local-trust.ts';
export { mayBeOther } from './may-be-other.ts';
export { personOf } from './person-of.ts';
export { pinOf, type TrustPin } from './pinned-roots.ts';
export { readTrust } from './read-trust.ts';
export type * from './trust.ts';
export {
  addTrustSignature,
  newTrustEnvelope,
  readTrustEnvelope,
  TRUST_PAYLOAD,
  type TrustEnvelope,
  trustBytesToSign,
  type TrustSignature,
  writeTrustEnvelope,
} from './trust-envelope.ts';
export { readTrustPin, writeTrustPin } from './trust-pin.ts';
export { type LocalKey, type TrustStanding, trustStanding } from './trust-standing.ts';
