/** Keys on this machine and behind standard tools: makes, keeps and uses them; asks time authorities. */
export { nodeVerifySignature } from './node-signatures.ts';
export { firstKey } from './local/first-key.ts';
export type { KeyEntry, LocalKey } from './local/list-keys.ts';
export { listKeys } from './local/list-keys.ts';
export { loadKey } from './local/load-key.ts';
export { passphraseFrom } from './local/passphrase-from.ts';
export { signStatement } from './sign-statement.ts';
export type { Signer } from './signer.ts';
export { nodeVerifyWith } from './node-certificates.ts';
export { askAuthority } from './time/ask-authority.ts';
export { clockProblem } from './time/clock-difference.ts';
