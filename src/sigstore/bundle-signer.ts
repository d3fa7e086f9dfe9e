import type { Crypto } from '#base';
import { type Bundle, type PublicKey, readSigningCertificate, type SigningCertificate } from '#seal';
import type { AskedSigner } from './bundle-question.ts';

/** What the signature of a bundle is checked with. */
export type BundleSigner = { readonly kind: 'key'; readonly key: PublicKey } | { readonly kind: 'certificate'; readonly key: PublicKey; readonly read: SigningCertificate };

/** The question decides with what a signature is checked: a bundle cannot answer a question about a key with a certificate. */
export const signerOf = ({ signer }: Bundle, by: AskedSigner, crypto: Crypto): BundleSigner | { readonly because: string } => {
  if (by.kind === 'key') return signer.kind === 'key' ? { kind: 'key', key: by.key } : { because: 'the bundle is signed with a certificate, and a key was asked for' };
  if (signer.kind === 'key') return { because: 'the bundle is signed with a key, and an identity was asked for' };
  const reading = readSigningCertificate(signer.certificates[0]!, crypto);
  if (reading.kind === 'rejected') return { because: reading.problems[0]!.message };
  return { kind: 'certificate', key: reading.value.key, read: reading.value };
};
