import { fromBase64, type Reading, rejected, toBase64, valueAt } from '#base';
import { nodeCrypto } from '#files';
import { ed25519Spki, type PublicKey, readPublicKey, readPublicKeyPem } from '#seal';
import type { Signer } from '../signer.ts';
import { checkedSignature } from './checked-signature.ts';
import { keyNotUsable } from './signer-errors.ts';
import { askVault, findVault, type VaultOptions } from './vault-server.ts';

/**
 * A key in the transit engine of HashiCorp Vault: ecdsa-p256 or ed25519. It signs with the version that was the latest when it was
 * opened, so that a rotation in between does not part the signature from its public key. Throws TL1101, TL1102, TL1104.
 * Source: Vault API, Transit secrets engine.
 */
export const openVaultSigner = async (keyName: string, options: VaultOptions): Promise<Signer> => {
  const place = `the key ${keyName} in Vault`;
  const server = await findVault(place, options);
  const { publicKey, version } = readKey(await askVault(server, { place, path: `keys/${keyName}` }, options), place);
  const sign = async (message: Uint8Array): Promise<Uint8Array> => {
    const body = { input: toBase64(message), key_version: version, prehashed: false, hash_algorithm: 'sha2-256', marshaling_algorithm: 'asn1' };
    const answer = await askVault(server, { place, path: `sign/${keyName}`, body }, options);
    const signature = signatureOf(valueAt(answer, '/data/signature'), version);
    return checkedSignature(signature, message, { publicKey, place });
  };
  return { publicKey, place, sign };
};

/** What Vault says of a key is hostile. */
const readKey = (answer: unknown, place: string): { readonly publicKey: PublicKey; readonly version: number } => {
  const [type, version] = [valueAt(answer, '/data/type'), valueAt(answer, '/data/latest_version')];
  if (type !== 'ecdsa-p256' && type !== 'ed25519')
    throw keyNotUsable('only keys of the types ecdsa-p256 and ed25519 are used', { place, fix: 'vault write -f transit/keys/NAME type=ecdsa-p256' });
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) throw keyNotUsable('Vault does not say its latest version', { place });
  const text = valueAt(answer, `/data/keys/${version}/public_key`);
  const read = typeof text !== 'string' ? NO_KEY : type === 'ed25519' ? readEd25519(text) : readPublicKeyPem(text, nodeCrypto);
  if (read.kind === 'rejected') throw keyNotUsable(read.problems[0]!.message, { place });
  if (read.value.algorithm !== type) throw keyNotUsable('its public key is of another type than Vault says', { place });
  return { publicKey: read.value, version };
};

const NO_KEY = rejected({ pointer: '', message: 'Vault does not say its public key; keys that are derived have none' });

/** Vault gives the 32 bytes of an Ed25519 key in base64, not in PEM. */
const readEd25519 = (text: string): Reading<PublicKey> => {
  const raw = fromBase64(text);
  return raw?.length === 32 ? readPublicKey(ed25519Spki(raw), nodeCrypto) : NO_KEY;
};

const SIGNATURE = /^vault:v([1-9]\d{0,9}):([A-Za-z0-9+/]{1,512}={0,2})$/;

const signatureOf = (text: unknown, version: number): Uint8Array | undefined => {
  const match = typeof text === 'string' ? SIGNATURE.exec(text) : null;
  return match === null || Number(match[1]) !== version ? undefined : fromBase64(match[2]!);
};
