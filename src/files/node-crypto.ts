import { createHmac, hash } from 'node:crypto';
import type { Crypto } from '#base';

/** The hash functions of Node. */
export const nodeCrypto: Crypto = {
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
};
