import { compareBytes } from '#base';
import { type Certificate, isSameCertificate } from './certificate.ts';
import { EXTENSION } from './extensions.ts';
import type { VerifyWith } from './signature-algorithm.ts';

/** What leads from a certificate to one that is trusted. */
export type ChainQuestion = {
  readonly leaf: Certificate;
  /** Certificates that may stand between; they may be hostile, and none of them is trusted because it is here. */
  readonly intermediates: readonly Certificate[];
  /** Certificates that are trusted because a person has said so. The leaf itself may be one. */
  readonly anchors: readonly Certificate[];
  /** The moment at which all of them must be valid. Unit: millisecond since 1970. */
  readonly atMs: number;
  /** Purpose that every authority with a list of purposes must have in it, as an object identifier with dots. */
  readonly purpose?: string;
};

/** The path begins with the leaf and ends with the anchor. `refusal` is a word for programs, `because` a sentence for people. */
export type ChainCheck = { readonly kind: 'held'; readonly path: readonly Certificate[] } | ChainRefused;
export type ChainRefused = { readonly kind: 'refused'; readonly refusal: ChainRefusal; readonly because: string };

export type ChainRefusal =
  | 'no-path'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-signature'
  | 'unsupported-algorithm'
  | 'not-an-authority'
  | 'wrong-purpose'
  | 'path-too-long'
  | 'unknown-critical-extension';

/** Certificates in a path, leaf and anchor included. */
const MOST_CERTIFICATES = 8;

/** Signatures that one question may cost: hostile certificates can all name each other. */
const MOST_SIGNATURES = 32;

/**
 * Looks for a path from the leaf to an anchor and checks all of it: names, signatures, authority flags, path lengths, uses of keys,
 * purposes, validity of every certificate (the anchor's too), critical extensions. Revocation lists, name constraints and policies are
 * not evaluated: where a certificate makes them critical it is refused. Never throws, and costs a bounded number of signatures.
 * Source: RFC 5280 §6.1.
 */
export const checkChain = (question: ChainQuestion, verify: VerifyWith): ChainCheck => {
  const own = certificateProblem(question.leaf, question.atMs);
  if (own !== undefined) return own;
  const search: Search = { question, verify, signaturesLeft: MOST_SIGNATURES, best: undefined };
  const path = pathFrom([question.leaf], search);
  return path === undefined ? (search.best ?? refuse('no-path', `no trusted certificate has issued ${nameOf(question.leaf)}`)) : { kind: 'held', path };
};

type Search = { readonly question: ChainQuestion; readonly verify: VerifyWith; signaturesLeft: number; best: ChainRefused | undefined };

const refuse = (refusal: ChainRefusal, because: string): ChainRefused => ({ kind: 'refused', refusal, because });
/** Certificates of Sigstore's signers have an empty subject. */
const nameOf = ({ subject, serial }: Certificate): string => (subject.text === '' ? `the certificate ${serial.slice(0, 12)}…` : `the certificate "${subject.text}"`);

const pathFrom = (path: readonly Certificate[], search: Search): readonly Certificate[] | undefined => {
  const last = path.at(-1)!;
  const { anchors, intermediates } = search.question;
  if (anchors.some((anchor) => isSameCertificate(anchor, last))) return path;
  const issuers = [...anchors, ...intermediates].filter((issuer) => isNamedIssuer(issuer, last) && !path.some((one) => isSameCertificate(one, issuer)));
  for (const issuer of issuers) {
    const problem = issuerProblem(issuer, path, search);
    // The first reason is told: the issuers that were configured come first.
    if (problem === undefined) {
      const found = pathFrom([...path, issuer], search);
      if (found !== undefined) return found;
    } else search.best ??= problem;
  }
  return undefined;
};

/** By name; where both have a key id, by that too. */
const isNamedIssuer = (issuer: Certificate, of: Certificate): boolean =>
  compareBytes(issuer.subject.der, of.issuer.der) === 0 &&
  (issuer.subjectKeyId === undefined || of.authorityKeyId === undefined || compareBytes(issuer.subjectKeyId, of.authorityKeyId) === 0);

const issuerProblem = (issuer: Certificate, path: readonly Certificate[], search: Search): ChainRefused | undefined => {
  const { question, verify } = search;
  const issued = path.at(-1)!;
  if (path.length >= MOST_CERTIFICATES) return refuse('path-too-long', `the path has more than ${MOST_CERTIFICATES} certificates`);
  const problem = certificateProblem(issuer, question.atMs) ?? authorityProblem(issuer, path, question.purpose);
  if (problem !== undefined) return problem;
  if (issued.signatureAlgorithm === undefined)
    return refuse('unsupported-algorithm', `${nameOf(issued)} is signed with an algorithm that is not accepted (${issued.signatureAlgorithmOid})`);
  if (search.signaturesLeft === 0) return refuse('path-too-long', 'there are too many certificates to try');
  search.signaturesLeft -= 1;
  return verify(issuer.key.spki, issued.signatureAlgorithm, issued.tbs, issued.signature)
    ? undefined
    : refuse('wrong-signature', `the signature of ${nameOf(issued)} is not of ${nameOf(issuer)}`);
};

/** Extensions whose demands are checked, here or by whoever asks. */
const UNDERSTOOD: readonly string[] = [EXTENSION.basicConstraints, EXTENSION.keyUsage, EXTENSION.extKeyUsage, EXTENSION.subjectAltName];

const certificateProblem = (certificate: Certificate, atMs: number): ChainRefused | undefined => {
  if (atMs < certificate.notBefore.sinceEpochMs) return refuse('not-yet-valid', `${nameOf(certificate)} is valid only from ${certificate.notBefore.text}`);
  if (!(atMs <= certificate.notAfter.sinceEpochMs)) return refuse('expired', `${nameOf(certificate)} was valid only until ${certificate.notAfter.text}`);
  const unknown = certificate.extensions.find(({ oid, isCritical }) => isCritical && !UNDERSTOOD.includes(oid));
  return unknown === undefined ? undefined : refuse('unknown-critical-extension', `${nameOf(certificate)} has a critical extension that is not understood (${unknown.oid})`);
};

const ANY_PURPOSE = '2.5.29.37.0';

const authorityProblem = (issuer: Certificate, path: readonly Certificate[], purpose: string | undefined): ChainRefused | undefined => {
  if (issuer.basicConstraints?.isAuthority !== true) return refuse('not-an-authority', `${nameOf(issuer)} may not issue certificates`);
  if (issuer.keyUsage?.has('keyCertSign') === false) return refuse('not-an-authority', `the key of ${nameOf(issuer)} may not sign certificates`);
  // Between this issuer and the leaf; a certificate that an authority issued to itself does not count. Source: RFC 5280 §4.2.1.9.
  const between = path.slice(1).filter(({ subject, issuer: by }) => compareBytes(subject.der, by.der) !== 0).length;
  const { pathLength } = issuer.basicConstraints;
  if (pathLength !== undefined && between > pathLength) return refuse('path-too-long', `${nameOf(issuer)} allows ${pathLength} authorities below it, and there are ${between}`);
  const isForPurpose = purpose === undefined || issuer.extKeyUsage === undefined || issuer.extKeyUsage.some((one) => one === purpose || one === ANY_PURPOSE);
  return isForPurpose ? undefined : refuse('wrong-purpose', `${nameOf(issuer)} may not issue certificates for this purpose`);
};
