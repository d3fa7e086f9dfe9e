import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { personOf, type TrustStanding } from '#trust';
import { findSigner } from '#verify';

/** Whose keys made the bundles beside a record, as the trust file names them; of machines nobody. What is no bundle was made by nobody. */
export const signersOf = (bundles: readonly Uint8Array[], trust: TrustStanding): readonly string[] => {
  if (trust.kind !== 'accepted') return [];
  const { signers, keys } = trust.trust;
  const known = signers.flatMap((signer) => signer.keys.map(({ key }) => key));
  return bundles.flatMap((bytes) => {
    const finding = findSigner(bytes, known, { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith });
    const signer = finding.kind === 'signed' ? keys.get(finding.key.keyId)?.signer : undefined;
    return signer?.kind === 'person' ? [personOf(signer)] : [];
  });
};
