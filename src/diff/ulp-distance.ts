/**
 * Number of representable doubles between `a` and `b`: 0n means bit-identical up to the sign of zero.
 * Unit: ULP (binary64). Both must be finite; the caller reports NaN and infinities as their own outcome.
 * Source: IEEE 754-2019 §3.4 (encoding order); sign-magnitude mapping as in Dawson 2012, "Comparing Floating Point Numbers".
 */
export const ulpDistance = (a: number, b: number): bigint => {
  const gap = orderedBits(a) - orderedBits(b);
  return gap < 0n ? -gap : gap;
};

const bits = new BigInt64Array(1);
const real = new Float64Array(bits.buffer);

/** The encoding as an integer that grows with the number. */
const orderedBits = (value: number): bigint => {
  real[0] = value;
  const code = bits[0]!;
  return code < 0n ? -(code & 0x7fffffffffffffffn) : code;
};

/** The double of 16 hexadecimal digits, big endian; undefined if the text is anything else. */
export const doubleOfBits = (text: string): number | undefined => {
  if (!/^[0-9a-f]{16}$/.test(text)) return undefined;
  bits[0] = BigInt.asIntN(64, BigInt(`0x${text}`));
  return real[0];
};
