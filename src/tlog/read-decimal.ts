/**
 * A whole number as the formats of C2SP write it: decimal digits without leading zeros. Undefined for anything else, and for
 * numbers beyond 2^53-1, which no log of ours reaches.
 */
export const readDecimal = (text: string): number | undefined => {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
};
