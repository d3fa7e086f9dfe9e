/**
 * The rules of rows/v1 for single values, as macros of DuckDB, and what a real can hold. docs/reference/snapshots.md, "Content digest", says the same in words.
 * A missing value is the empty text, because CSV cannot tell the two apart.
 */
export const canonicalMacros = (): readonly string[] => [REAL, STAMP, TEXT, FRAME, DIGITS, ROUNDS, HOLDS, NUMBER];

/**
 * A real as the shortest decimal that gives it back. Whole values below 10^38 are written as integers are, so that 1.0 is 1, those
 * beyond 2^53 by their shortest digits, as all writers of text do; NaN is a missing value, as it is for the libraries that write
 * tables; below 10^-4 and from 10^38 there is an exponent without zeros.
 */
const REAL = `CREATE MACRO rows_v1_real(x) AS CASE
  WHEN x IS NULL OR isnan(x) THEN ''
  WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
  WHEN trunc(x) = x AND abs(x) < 9e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
  WHEN trunc(x) = x AND abs(x) < 1e38 THEN CAST(CAST(CAST(x AS VARCHAR) AS HUGEINT) AS VARCHAR)
  ELSE replace(replace(CAST(x AS VARCHAR), 'e-0', 'e-'), 'e+', 'e') END`;

/** A timestamp in UTC, given as DuckDB writes it: midnight is the date alone, because writers of CSV leave it out. */
const STAMP = `CREATE MACRO rows_v1_stamp(t) AS CASE
  WHEN ends_with(t, ' 00:00:00') THEN left(t, length(t) - 9)
  ELSE replace(t, ' ', 'T') || 'Z' END`;

const MOMENT = '(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d+))?(Z|[+-]\\d\\d:?\\d\\d|[+-]\\d\\d)?';

/** A text as it is; one that is a timestamp in ISO 8601 as that timestamp, because some formats have no other way to write it. */
const TEXT = `CREATE MACRO rows_v1_text(x) AS CASE
  WHEN x IS NULL THEN ''
  WHEN strlen(x) = 16 AND x[5] = '-' AND x[14] = ':' AND regexp_full_match(x, '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d')
    THEN coalesce(rows_v1_stamp(CAST(try_cast(x || ':00' AS TIMESTAMP) AS VARCHAR)), x)
  WHEN strlen(x) BETWEEN 19 AND 40 AND x[5] = '-' AND x[14] = ':' AND regexp_full_match(x, '${MOMENT}') THEN coalesce(
    rows_v1_stamp(
      CAST(CAST(try_cast(regexp_replace(x, '${MOMENT}', '\\1 \\2\\4') AS TIMESTAMP WITH TIME ZONE) AS TIMESTAMP) AS VARCHAR)
      || CASE WHEN rtrim(regexp_extract(x, '${MOMENT}', 3), '0') = '' THEN '' ELSE '.' || rtrim(regexp_extract(x, '${MOMENT}', 3), '0') END),
    x)
  ELSE x END`;

/** Length in bytes, a colon and the text: no two rows read alike. */
const FRAME = `CREATE MACRO rows_v1_frame(t) AS strlen(t) || ':' || t`;

/** Longest text of a number whose digits are looked at. Unit: byte. */
const LONGEST_NUMBER = 400;

/** The digits of a number from the first to the last that is not zero. */
const DIGITS = `CREATE MACRO digits_of(x) AS rtrim(ltrim(replace(regexp_replace(lower(x), '[+-]|e.*', '', 'g'), '.', ''), '0'), '0')`;

/** Whether the digits of a text are those of a real: rounded to as many, or the fewest that tell it from its neighbours. */
const ROUNDS = `CREATE MACRO real_rounds_to(x, digits) AS CASE
  WHEN isinf(x) THEN false
  WHEN digits = '' OR x = 0 THEN digits = '' AND x = 0
  ELSE digits_of(format('{:.{}e}', x, length(digits) - 1)) = digits OR digits_of(CAST(x AS VARCHAR)) = digits END`;

/**
 * Whether a real of 64 bits holds all that the text of a number says. 0.1, 0.1000000000000000056 and 1e22 are held;
 * 9007199254740993, 1e400, 1e-400 and 12345678901234567.89 are not.
 */
const HOLDS = `CREATE MACRO real_holds(x) AS CASE
  WHEN x IS NULL THEN NULL
  WHEN strlen(x) <= 15 AND NOT contains(lower(x), 'e') OR contains(lower(x), 'n') THEN true
  WHEN CAST(try_cast(x AS DOUBLE) AS VARCHAR) = x THEN true
  WHEN strlen(x) > ${LONGEST_NUMBER} THEN false
  ELSE coalesce(real_rounds_to(try_cast(x AS DOUBLE), digits_of(x)), false) END`;

/** A number that is written out, whatever its length: as the real that holds it, else its own digits without zeros at the end of the fraction. */
const NUMBER = `CREATE MACRO rows_v1_number(x) AS CASE
  WHEN x IS NULL THEN ''
  WHEN real_holds(x) THEN rows_v1_real(CAST(x AS DOUBLE))
  WHEN contains(lower(x), 'e') THEN replace(replace(lower(x), 'e+', 'e'), '+', '')
  WHEN contains(x, '.') THEN rtrim(rtrim(regexp_replace(replace(x, '+', ''), '^(-?)[.]', '\\10.'), '0'), '.')
  ELSE replace(x, '+', '') END`;
