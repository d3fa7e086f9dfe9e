/** Whose signatures count, for what, where and when: trust files, the roots that are pinned for them, and the answer for one signer. */
export { acceptTrust, type AcceptedTrust, type RefusedTrust, type TrustAnswer, type TrustOffer, type TrustPorts, type TrustRefusal } from './accept-trust.ts';
export { compareTimes, isTime } from './compare-times.ts';
export { type CredentialRow, describeTrust, type PinRow, type RootRow, type SignerRow, type TrustDescription } from './describe-trust.ts';
export { followTrust } from './follow-trust.ts';
export type { Role, TrustDocument } from './generated/trust-types.ts';
export { judgeByTimes } from './judge-by-times.ts';
export { judgeSigner, type ProvenTime, type SignedBy, type SignerAnswer, type SignerQuestion, type SignerRefusal, type TrustedTime } from './judge-signer.ts';
export { localTrust } from './local-trust.ts';
export { type LastSeen, type PinnedRoot, type PinnedRoots, pinOf, type TrustPin } from './pinned-roots.ts';
export { readTrust } from './read-trust.ts';
export type { BoundsState } from './state-of.ts';
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
export { type LocalKey, type TrustHere, type TrustStanding, trustStanding } from './trust-standing.ts';
