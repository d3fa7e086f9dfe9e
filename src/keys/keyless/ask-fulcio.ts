import { type KeyObject, sign } from 'node:crypto';
import { type JsonValue, TrainlockError, utf8, valueAt, withoutCredentials } from '#base';
import { pemOf, readPem } from '#seal';
import { askService } from './ask-service.ts';
import type { IdentityToken } from './identity-token.ts';

export type CertificateRequest = {
  /** Address of the authority. */
  readonly url: string;
  readonly token: IdentityToken;
  readonly privateKey: KeyObject;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
};

/**
 * Asks an authority of Sigstore (Fulcio) for a certificate that binds a fresh key to the identity of a token. The key signs the subject of
 * the token, so that nobody gets a certificate for another's key. Answers with the DER of the certificate, not yet checked. Throws
 * TL1104, TL0801. Source: sigstore/fulcio fulcio.proto, CreateSigningCertificate.
 */
export const askFulcio = async ({ url, token, privateKey, spki }: CertificateRequest): Promise<Uint8Array> => {
  mustBePrivate(url);
  const proof = sign('sha256', utf8(token.subject), privateKey);
  const answer = await askService(
    { name: 'the certificate authority', url, route: '/api/v2/signingCert' },
    {
      credentials: { oidcIdentityToken: token.text },
      publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content: pemOf('PUBLIC KEY', spki) }, proofOfPossession: proof.toString('base64') },
    },
  );
  const pem = firstCertificate(answer);
  const block = pem === undefined ? undefined : readPem(pem);
  if (block?.label === 'CERTIFICATE') return block.der;
  throw new TrainlockError('TL1104', 'the certificate authority answers without a certificate', { where: url });
};

/** Whoever reads a token on its way can sign in its name until it expires. */
const mustBePrivate = (url: string): void => {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)) return;
  throw new TrainlockError('TL1104', 'the identity token is not sent over http, where others could read it', {
    where: withoutCredentials(url),
    fix: 'name an address that begins with https',
  });
};

/** With the promise of a log of certificates inside, or beside it. */
const firstCertificate = (answer: JsonValue): string | undefined => {
  for (const kind of ['signedCertificateEmbeddedSct', 'signedCertificateDetachedSct']) {
    const pem = valueAt(answer, `/${kind}/chain/certificates/0`);
    if (typeof pem === 'string') return pem;
  }
  return undefined;
};
