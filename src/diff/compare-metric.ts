import { absolute, compareDecimals, type Decimal, formatDecimal, minus, type PrintedReal, readReal, times } from './decimal.ts';
import { doubleOfBits, ulpDistance } from './ulp-distance.ts';

/** A metric value as recorded: the decimal as printed, and the binary64 encoding where it is known. */
export type MetricValue = { readonly value: string; readonly bits?: string };

/** Largest difference that counts as the same, as decimal strings. Either one suffices. */
export type Tolerance = { readonly absolute?: string; readonly relative?: string };

/**
 * Two values of one metric.
 * identical: the same bits, or the same decimal where bits are not known on both sides; NaN equals NaN.
 * within-tolerance: not identical, but within the declared tolerance, or equal but for the sign of zero.
 * undecided: one value is missing or cannot be read.
 */
export type MetricOutcome = {
  readonly kind: 'identical' | 'within-tolerance' | 'different' | 'undecided';
  readonly because: string;
  /** Second minus first, where both are finite. */
  readonly delta?: string;
  /** Distance in units in the last place, where both bits are known. Unit: ULP (binary64). */
  readonly ulp?: string;
};

/** Compares a recorded value with another one. Decimals are compared exactly, not after rounding to binary. */
export const compareMetric = (recorded: MetricValue | undefined, other: MetricValue | undefined, tolerance: Tolerance = {}): MetricOutcome => {
  if (recorded === undefined || other === undefined) return { kind: 'undecided', because: 'there is only one value' };
  const a = readReal(recorded.value);
  const b = readReal(other.value);
  if (a === undefined || b === undefined)
    return { kind: 'undecided', because: `${a === undefined ? recorded.value.slice(0, 40) : other.value.slice(0, 40)} cannot be read as a number` };
  if (a.kind === 'finite' && b.kind === 'finite') return compareFinite({ recorded, other, a: a.value, b: b.value, tolerance });
  return sameSpecial(a, b) ? { kind: 'identical', because: `both are ${recorded.value}` } : { kind: 'different', because: `${recorded.value} became ${other.value}` };
};

const sameSpecial = (a: PrintedReal, b: PrintedReal): boolean => a.kind === b.kind && (a.kind !== 'infinite' || (b.kind === 'infinite' && a.sign === b.sign));

type FinitePair = { readonly recorded: MetricValue; readonly other: MetricValue; readonly a: Decimal; readonly b: Decimal; readonly tolerance: Tolerance };

const compareFinite = (pair: FinitePair): MetricOutcome => {
  const { recorded, other, a, b, tolerance } = pair;
  const delta = minus(b, a);
  const ulp = ulpOf(recorded, other);
  const measures = { delta: formatDecimal(delta), ...(ulp === undefined ? {} : { ulp: String(ulp) }) };
  const bitsKnown = recorded.bits !== undefined && other.bits !== undefined;
  if (bitsKnown ? recorded.bits === other.bits : delta.digits === 0n)
    return { kind: 'identical', because: bitsKnown ? 'the same bits' : 'the same decimal; bits are not known', ...measures };
  if (bitsKnown && ulp === 0n) return { kind: 'within-tolerance', because: 'equal but for the sign of zero', ...measures };
  const distance = ulp === undefined ? formatDecimal(absolute(delta)) : `${formatDecimal(absolute(delta))} (${ulp} ULP)`;
  const kept = keptTolerance(absolute(delta), absolute(a), tolerance);
  if (kept !== undefined) return { kind: 'within-tolerance', because: `differs by ${distance}, within the ${kept}`, ...measures };
  const declared = tolerance.absolute === undefined && tolerance.relative === undefined ? 'no tolerance is declared' : `beyond the tolerance (${toleranceText(tolerance)})`;
  return { kind: 'different', because: `differs by ${distance}; ${declared}`, ...measures };
};

const ulpOf = (recorded: MetricValue, other: MetricValue): bigint | undefined => {
  const a = doubleOfBits(recorded.bits ?? '');
  const b = doubleOfBits(other.bits ?? '');
  return a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b) ? undefined : ulpDistance(a, b);
};

/** The tolerance that holds, in words; undefined if none does. */
const keptTolerance = (distance: Decimal, size: Decimal, tolerance: Tolerance): string | undefined => {
  const limit = finite(tolerance.absolute);
  if (limit !== undefined && compareDecimals(distance, limit) <= 0) return `absolute tolerance ${tolerance.absolute}`;
  const share = finite(tolerance.relative);
  if (share !== undefined && compareDecimals(distance, times(share, size)) <= 0) return `relative tolerance ${tolerance.relative}`;
  return undefined;
};

const finite = (text: string | undefined): Decimal | undefined => {
  const real = text === undefined ? undefined : readReal(text);
  return real?.kind === 'finite' && real.value.digits >= 0n ? real.value : undefined;
};

const toleranceText = (tolerance: Tolerance): string =>
  [...(tolerance.absolute === undefined ? [] : [`absolute ${tolerance.absolute}`]), ...(tolerance.relative === undefined ? [] : [`relative ${tolerance.relative}`])].join(', ');
