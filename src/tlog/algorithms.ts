import type { Crypto, VerifySignature } from '#base';

/** The ports that checks of a log need. */
export type Algorithms = { readonly crypto: Crypto; readonly verify: VerifySignature };
