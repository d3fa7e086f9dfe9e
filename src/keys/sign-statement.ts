import { TrainlockError, toBase64, type Crypto } from '#base';
import { IN_TOTO_PAYLOAD, preAuthEncoding, type SealedStatement } from '#seal';
import { type BuiltStatement, isBuiltStatement } from '#statements';
import { nodeVerifySignature } from './node-signatures.ts';
import type { Signer } from './signer.ts';

/**
 * Signs a statement. Only what `#statements` has built can be signed: there is no way to have a key sign bytes from elsewhere. The
 * signature is checked before it is given out, so that a broken token is noticed now and not in ten years. Throws TrainlockError.
 */
export const signStatement = async (signer: Signer, statement: BuiltStatement, crypto: Crypto): Promise<SealedStatement> => {
  if (!isBuiltStatement(statement, crypto)) throw new TypeError('only statements that trainlock has built itself can be signed');
  const message = preAuthEncoding(IN_TOTO_PAYLOAD, statement.payload);
  const signature = await signer.sign(message);
  if (!nodeVerifySignature(signer.publicKey.spki, message, signature)) {
    throw new TrainlockError('TL1104', 'the signature does not fit the public key', { where: signer.place, fix: 'trainlock keys list' });
  }
  return { payload: statement.payload, signature, signer: { kind: 'key', hint: toBase64(crypto.sha256(signer.publicKey.spki)) } };
};
