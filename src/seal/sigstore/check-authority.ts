import { type Certificate, isSameCertificate } from '../x509/certificate.ts';
import { type ChainRefusal, checkChain } from '../x509/check-chain.ts';
import type { VerifyWith } from '../x509/signature-algorithm.ts';
import { CODE_SIGNING } from './signing-certificate.ts';
import { type CertificateAuthority, isWithin, type TrustedRoot, windowText } from './trusted-root.ts';

/** `issuer` is the certificate that issued the signer's. */
export type AuthorityCheck = { readonly kind: 'held'; readonly authority: string; readonly issuer: Certificate } | AuthorityRefused;
export type AuthorityRefused = { readonly kind: 'refused'; readonly refusal: ChainRefusal | 'outside-window' | 'unknown-authority'; readonly because: string };

/**
 * Whether an authority of the trusted root issued a certificate, and everything in the path counted at one moment (millisecond since
 * 1970): every certificate in it, and the authority by the root's own word. Certificates that came with the bundle are not used. Never
 * throws. Source: RFC 5280 §6.1; sigstore_trustroot.proto, CertificateAuthority.
 */
export const checkAuthority = (leaf: Certificate, { certificateAuthorities }: Pick<TrustedRoot, 'certificateAuthorities'>, atMs: number, verify: VerifyWith): AuthorityCheck => {
  let best: AuthorityRefused | undefined;
  for (const authority of certificateAuthorities) {
    const check = checkOne(leaf, authority, atMs, verify);
    if (check.kind === 'held') return check;
    if (best === undefined || best.refusal === 'unknown-authority') best = check;
  }
  return best ?? { kind: 'refused', refusal: 'unknown-authority', because: 'the trusted root has no certificate authority' };
};

const checkOne = (leaf: Certificate, authority: CertificateAuthority, atMs: number, verify: VerifyWith): AuthorityCheck => {
  const { name, certificates, window } = authority;
  const chain = checkChain({ leaf, intermediates: certificates.slice(0, -1), anchors: certificates.slice(-1), atMs, purpose: CODE_SIGNING }, verify);
  if (chain.kind === 'refused') {
    return chain.refusal === 'no-path' ? { kind: 'refused', refusal: 'unknown-authority', because: `the certificate is not of the authority ${name}` } : chain;
  }
  const [, issuer] = chain.path;
  // The first certificate of the chain issues to signers; a path around it, or a leaf that is itself listed, was not meant.
  if (issuer === undefined || !isSameCertificate(issuer, certificates[0]!))
    return { kind: 'refused', refusal: 'unknown-authority', because: `the authority ${name} lets another certificate issue to signers` };
  if (!isWithin(window, atMs)) return { kind: 'refused', refusal: 'outside-window', because: `the certificate authority ${name} counts only ${windowText(window)}` };
  return { kind: 'held', authority: name, issuer };
};
