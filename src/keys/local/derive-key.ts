import { pbkdf2, scrypt } from 'node:crypto';

export type ScryptCost = { readonly N: number; readonly r: number; readonly p: number };

/** Most memory that a stranger's key may ask for. Unit: byte. */
const MOST_MEMORY = 512 * 1024 * 1024;

/** Most work that a stranger's key may ask for: some seconds. N·r·p, and iterations. */
const MOST_WORK = { scrypt: 2 ** 23, pbkdf2: 10_000_000 };

/** Why a stranger's parameters are not used; undefined if they are. They come from the file and could keep the machine busy for years. */
export const scryptProblem = ({ N, r, p }: ScryptCost): string | undefined => {
  const isPower = Number.isSafeInteger(N) && N >= 2 && Number.isInteger(Math.log2(N));
  if (!isPower || r < 1 || p < 1) return 'its parameters of scrypt are not valid';
  return 128 * N * r > MOST_MEMORY || N * r * p > MOST_WORK.scrypt ? 'its parameters of scrypt ask for more memory or time than any key needs' : undefined;
};

export const pbkdf2Problem = (iterations: number): string | undefined =>
  iterations < 1 || iterations > MOST_WORK.pbkdf2 ? `it asks for ${iterations} iterations of PBKDF2; 1 to ${MOST_WORK.pbkdf2} are allowed` : undefined;

/** Key from a passphrase, in a thread of its own. Rejects if the system's library refuses. Source: RFC 7914. */
export const scryptKey = (passphrase: string, salt: Uint8Array, { N, r, p }: ScryptCost, lengthBytes: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    // Node.js counts a little more than the formula of RFC 7914 does.
    scrypt(passphrase, salt, lengthBytes, { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1024 * 1024 }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

/** Key from a passphrase, in a thread of its own. Source: RFC 8018 §5.2. */
export const pbkdf2Key = (
  passphrase: string,
  salt: Uint8Array,
  { iterations, hash }: { readonly iterations: number; readonly hash: string },
  lengthBytes: number,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    pbkdf2(passphrase, salt, iterations, lengthBytes, hash, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
