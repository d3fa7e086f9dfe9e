import { concatBytes, type Crypto } from '#base';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Bytes of one hash in a tree. Source: FIPS 180-4. */
export const HASH_BYTES = 32;

/** Hash of one leaf. The prefix keeps a leaf from being taken for an inner node. Source: RFC 9162 §2.1.1. */
export const leafHash = (leaf: Uint8Array, crypto: Crypto): Uint8Array => crypto.sha256(concatBytes(LEAF, leaf));

/** Hash of an inner node. Source: RFC 9162 §2.1.1. */
export const nodeHash = (left: Uint8Array, right: Uint8Array, crypto: Crypto): Uint8Array => crypto.sha256(concatBytes(NODE, left, right));
