import type { VerifySignature } from '#base';
import type { Bundle } from './bundle.ts';
import { IN_TOTO_PAYLOAD, preAuthEncoding } from './dsse.ts';
import { type PublicKey, signatureProblem } from './public-key.ts';

/** What a signature turned out to be. `refusal` is a word for programs, `because` a sentence for people. */
export type SignatureCheck = { readonly kind: 'held' } | { readonly kind: 'refused'; readonly refusal: SignatureRefusal; readonly because: string };

export type SignatureRefusal = 'not-a-statement' | 'payload-type' | 'malformed-signature' | 'wrong-signature';

/**
 * Checks the signature of a bundle that carries a statement, over exactly the bytes in the bundle, with a key that the caller has
 * chosen. Nothing inside the bundle chooses the key or the algorithm. What the statement says is not looked at.
 */
export const checkSignature = (bundle: Bundle, key: PublicKey, verify: VerifySignature): SignatureCheck => {
  const { content } = bundle;
  if (content.kind !== 'dsse') return refuse('not-a-statement', 'the bundle signs a file that lies elsewhere, not a statement');
  if (content.payloadType !== IN_TOTO_PAYLOAD) return refuse('payload-type', `the payload has the type ${content.payloadType}, not ${IN_TOTO_PAYLOAD}`);
  const malformed = signatureProblem(key.algorithm, content.signature);
  if (malformed !== undefined) return refuse('malformed-signature', malformed);
  return verify(key.spki, preAuthEncoding(content.payloadType, content.payload), content.signature)
    ? { kind: 'held' }
    : refuse('wrong-signature', `the signature is not of the key ${key.keyId.slice(0, 12)}… over these bytes`);
};

const refuse = (refusal: SignatureRefusal, because: string): SignatureCheck => ({ kind: 'refused', refusal, because });
