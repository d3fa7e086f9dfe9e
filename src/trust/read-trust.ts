import { accepted, type Crypto, keysAt, nearest, type Problem, problemsOf, readJson, type Reading, rejected, toHex, withLines } from '#base';
import { readPem, readPublicKeyPem, type PublicKey } from '#seal';
import { TRUST_KEYS } from './generated/trust-keys.ts';
import type { TrustDocument } from './generated/trust-types.ts';
import { schemaErrors } from './generated/trust-validator.ts';
import { identityName } from './identity-name.ts';
import { readVerifierKey, type VerifierKey } from '#tlog';
import type { Bounds, Trust, TrustedIdentity, TrustedKey, TrustedSigner, TrustRoot } from './trust.ts';
import { TRUST_LIMITS } from './trust-envelope.ts';
import { trustProblems } from './trust-problems.ts';

/** Most keys of all signers together: reading a key costs more than its text. */
const MOST_KEYS = 1024;

/**
 * Reads a trust document from untrusted bytes, in canonical form or as a person wrote it. Closed; every problem is told with its
 * place, also those that no schema can say: times that the calendar lacks, keys that are too weak or occur twice, a threshold that no
 * number of signatures can reach. Who signed it is not asked here. Never throws.
 */
export const readTrust = (payload: Uint8Array, crypto: Crypto): Reading<Trust> => {
  const json = readJson(payload, TRUST_LIMITS);
  if (json.kind === 'rejected') return json;
  const errors = schemaErrors(json.value);
  if (errors.length > 0) return withLines(rejected(...problemsOf(errors, json.value, nearest, (pointer) => keysAt(pointer, TRUST_KEYS))), payload);
  const document = json.value as unknown as TrustDocument;
  const count = document.signers.reduce((sum, { keys = [] }) => sum + keys.length, 0);
  if (count > MOST_KEYS) return rejected({ pointer: '/signers', message: `the signers have ${count} keys; at most ${MOST_KEYS} are read` });
  const problems: Problem[] = [];
  const trust = trustOf(document, makeDecoders(problems, crypto), toHex(crypto.sha256(payload)));
  problems.push(...trustProblems(document, trust));
  return problems.length > 0 ? withLines(rejected(...problems), payload) : accepted(trust);
};

/** Text that becomes something with bytes; where it is junk, a problem with its place is noted and a stand-in given. */
type Decoders = {
  readonly key: (pem: string, pointer: string) => PublicKey;
  readonly certificate: (pem: string, pointer: string) => Uint8Array;
  readonly noteKey: (text: string, pointer: string) => VerifierKey;
};

const NOTHING = new Uint8Array(0);

const makeDecoders = (problems: Problem[], crypto: Crypto): Decoders => {
  const taken = <T>(reading: Reading<T>, pointer: string, standIn: T): T => {
    if (reading.kind === 'accepted') return reading.value;
    problems.push(...reading.problems.map(({ message }) => ({ pointer, message })));
    return standIn;
  };
  return {
    // The stand-ins have names that no second one has: a broken key is told as broken, not also as one that occurs twice.
    key: (pem, pointer) => taken(readPublicKeyPem(pem, crypto), pointer, { algorithm: 'ed25519', spki: NOTHING, keyId: pointer }),
    certificate: (pem, pointer) => {
      const block = readPem(pem);
      return taken(block?.label === 'CERTIFICATE' ? accepted(block.der) : rejected({ pointer, message: 'is not one block of PEM with the label CERTIFICATE' }), pointer, NOTHING);
    },
    noteKey: (text, pointer) => taken(readVerifierKey(text, crypto), pointer, { name: '', use: 'signature', keyId: 0, publicKey: NOTHING }),
  };
};

const trustOf = (document: TrustDocument, decoders: Decoders, sha256: string): Trust => {
  const { version, issuedAt, expiresAt, threshold, previousSha256 } = document;
  const roots: readonly TrustRoot[] = document.roots.map(({ name, publicKey }, at) => ({ name, key: decoders.key(publicKey, `/roots/${at}/publicKey`) }));
  const signers = document.signers.map((signer, at) => signerOf(signer, `/signers/${at}`, decoders));
  return {
    version,
    issuedAt,
    expiresAt,
    threshold,
    roots,
    signers,
    timeAuthorities: (document.timeAuthorities ?? []).map(({ certificateChain, ...authority }, at) => ({
      ...authority,
      certificates: certificateChain.map((pem, place) => decoders.certificate(pem, `/timeAuthorities/${at}/certificateChain/${place}`)),
    })),
    logs: (document.logs ?? []).map(({ origin, key }, at) => ({ origin, key: decoders.noteKey(key, `/logs/${at}/key`) })),
    witnesses: (document.witnesses ?? []).map(({ name, key }, at) => ({ name, key: decoders.noteKey(key, `/witnesses/${at}/key`) })),
    ...(previousSha256 === undefined ? {} : { previousSha256 }),
    sha256,
    keys: new Map(signers.flatMap((signer) => signer.keys.map(({ key, ...bounds }) => [key.keyId, { signer, bounds }]))),
    identities: new Map(signers.flatMap((signer) => signer.identities.map((identity) => [identityName(identity), { signer, bounds: boundsOf(identity) }]))),
  };
};

type SignerDocument = TrustDocument['signers'][number];

const signerOf = ({ keys = [], identities = [], ...signer }: SignerDocument, pointer: string, decoders: Decoders): TrustedSigner => ({
  ...signer,
  keys: keys.map((key, at): TrustedKey => ({ ...boundsOf(key), key: decoders.key(key.publicKey, `${pointer}/keys/${at}/publicKey`) })),
  identities: identities.map((identity): TrustedIdentity => ({ issuer: identity.issuer, subject: identity.subject, ...boundsOf(identity) })),
});

const boundsOf = ({ validFrom, validUntil, revoked }: Bounds): Bounds => ({
  ...(validFrom === undefined ? {} : { validFrom }),
  ...(validUntil === undefined ? {} : { validUntil }),
  ...(revoked === undefined ? {} : { revoked }),
});
