/** A decimal number exactly: digits * 10^exponent. */
export type Decimal = { readonly digits: bigint; readonly exponent: number };

/** A metric value as it was printed: a number, or one of the three that are not finite. */
export type PrintedReal = { readonly kind: 'finite'; readonly value: Decimal } | { readonly kind: 'nan' } | { readonly kind: 'infinite'; readonly sign: 1 | -1 };

/** Beyond this no program prints a binary64; the bound keeps hostile exponents from costing memory. */
const MAX_EXPONENT = 1200;

/** Reads a decimal string exactly, without rounding to binary. undefined if it is no number or out of any sensible range. */
export const readReal = (text: string): PrintedReal | undefined => {
  if (text === 'NaN') return { kind: 'nan' };
  if (text === 'Infinity' || text === '-Infinity') return { kind: 'infinite', sign: text.startsWith('-') ? -1 : 1 };
  const match = text.length > 400 ? null : /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,6}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const digits = BigInt(whole + fraction);
  return { kind: 'finite', value: { digits: sign === '-' ? -digits : digits, exponent } };
};

const scaled = (value: Decimal, exponent: number): bigint => value.digits * 10n ** BigInt(value.exponent - exponent);

/** a - b, exactly. */
export const minus = (a: Decimal, b: Decimal): Decimal => {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: scaled(a, exponent) - scaled(b, exponent), exponent };
};

/** a * b, exactly. */
export const times = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent });

export const absolute = (a: Decimal): Decimal => ({ digits: a.digits < 0n ? -a.digits : a.digits, exponent: a.exponent });

/** Negative, zero or positive, as a is smaller than, equal to or greater than b. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const { digits } = minus(a, b);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
};

/** The decimal for people, rounded to six significant digits: 0.0125, 1.5e-9. */
export const formatDecimal = (value: Decimal): string => {
  const number = Number(`${value.digits}e${value.exponent}`);
  return number === 0 ? '0' : String(Number(number.toPrecision(6)));
};
