import { accepted, type Crypto, keysAt, nearest, type Problem, problemsOf, readJson, type Reading, rejected, utf8, withLines } from '#base';
import { pemOfPublicKey, readPublicKeyPem } from '#seal';
import { TRUST_PIN_KEYS } from './generated/pin-keys.ts';
import type { TrustPinDocument } from './generated/pin-types.ts';
import { schemaErrors } from './generated/pin-validator.ts';
import type { PinnedRoot, TrustPin } from './pinned-roots.ts';

const LIMITS = { maxBytes: 1024 * 1024, maxDepth: 8, maxKeys: 1000 };

/** Version of the contract of pin files that this program writes. */
const PIN_SCHEMA_VERSION = '0.1';

/**
 * Reads a pin file from untrusted bytes. Closed; every problem is told with its place, also keys that are too weak or occur twice and a
 * threshold that no number of roots can reach. Never throws.
 */
export const readTrustPin = (bytes: Uint8Array, crypto: Crypto): Reading<TrustPin> => {
  const json = readJson(bytes, LIMITS);
  if (json.kind === 'rejected') return json;
  const errors = schemaErrors(json.value);
  if (errors.length > 0) return withLines(rejected(...problemsOf(errors, json.value, nearest, (pointer) => keysAt(pointer, TRUST_PIN_KEYS))), bytes);
  const { name, threshold, roots: documents, lastSeen } = json.value as unknown as TrustPinDocument;
  const problems: Problem[] = threshold > documents.length ? [{ pointer: '/threshold', message: `asks for ${threshold} roots, but there are ${documents.length}` }] : [];
  const roots = new Map<string, Required<PinnedRoot>>();
  for (const [at, root] of documents.entries()) {
    const key = readPublicKeyPem(root.publicKey, crypto);
    if (key.kind === 'rejected') problems.push(...key.problems.map(({ message }) => ({ pointer: `/roots/${at}/publicKey`, message })));
    else if (roots.has(key.value.keyId)) problems.push({ pointer: `/roots/${at}/publicKey`, message: 'is pinned already: a threshold counts different keys' });
    else roots.set(key.value.keyId, { keyId: key.value.keyId, name: root.name, key: key.value });
  }
  if (problems.length > 0) return withLines(rejected(...problems), bytes);
  return accepted({
    ...(name === undefined ? {} : { name }),
    threshold,
    roots: [...roots.values()],
    ...(lastSeen === undefined ? {} : { lastSeen: { version: lastSeen.version, sha256: lastSeen.sha256 } }),
  });
};

/** Bytes of a pin file, for people too. */
export const writeTrustPin = ({ name, threshold, roots, lastSeen }: TrustPin): Uint8Array => {
  const document: TrustPinDocument = {
    schemaVersion: PIN_SCHEMA_VERSION,
    ...(name === undefined ? {} : { name }),
    threshold,
    roots: roots.map((root) => ({ name: root.name, publicKey: pemOfPublicKey(root.key) })),
    ...(lastSeen === undefined ? {} : { lastSeen }),
  };
  return utf8(`${JSON.stringify(document, null, 2)}\n`);
};
