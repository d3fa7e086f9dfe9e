/** Why bytes gave no private key; a word for programs. */
export type KeyRefusal = 'not-a-key' | 'public-key' | 'damaged' | 'form' | 'algorithm' | 'no-passphrase' | 'wrong-passphrase' | 'inconsistent';

export type Refused = {
  readonly kind: 'refused';
  readonly refusal: KeyRefusal;
  /** Continues "the key …". */
  readonly because: string;
  /** A command that mends it. */
  readonly fix?: string;
};

/** PKCS #8 of a private key that was encrypted, or why it stayed closed. */
export type Opened = { readonly kind: 'opened'; readonly pkcs8: Uint8Array } | Refused;

export const refused = (refusal: KeyRefusal, because: string, fix?: string): Refused => ({ kind: 'refused', refusal, because, ...(fix === undefined ? {} : { fix }) });
