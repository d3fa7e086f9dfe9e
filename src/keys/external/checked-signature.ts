import { type PublicKey, signatureProblem } from '#seal';
import { nodeVerifySignature } from '../node-signatures.ts';
import { couldNotSign } from './signer-errors.ts';

/**
 * The signature, after it was found to be well formed and of this key over this message. A tool or server that answers with anything
 * else has not signed: TL1104.
 */
export const checkedSignature = (signature: Uint8Array | undefined, message: Uint8Array, key: { readonly publicKey: PublicKey; readonly place: string }): Uint8Array => {
  const { publicKey, place } = key;
  const problem = signature === undefined ? 'the answer is no signature of the curve P-256' : signatureProblem(publicKey.algorithm, signature);
  if (signature === undefined || problem !== undefined) throw couldNotSign(problem!, { place });
  if (!nodeVerifySignature(publicKey.spki, message, signature)) throw couldNotSign('the signature does not fit the public key that was read from there', { place });
  return signature;
};
