import { type Crypto, toHex, utf8 } from '#base';

/**
 * The hint of the key in a bundle of a signed model: SHA-256 of the PEM text itself, with LF and a line end at the end. The reference
 * verifier compares it and refuses any other. Source: sigstore/model-transparency, sign_ec_key.
 */
export const hintForModelSigning = (pem: string, crypto: Crypto): string => toHex(crypto.sha256(utf8(pem)));
