const DATE = /^(-?\d{1,6})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)?$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The place of an ordered value on a line: a number as it is, a date or time in seconds. undefined for what is neither, or not finite. */
export const orderedValue = (text: string): number | undefined => {
  if (NUMBER.test(text)) return finite(Number(text));
  const time = TIME.exec(text);
  if (time !== null) return Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3]);
  const date = DATE.exec(text);
  if (date === null) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(date[i] ?? 0)) as [number, number, number, number, number, number];
  const offset = (date[7] === '-' ? -1 : 1) * (Number(date[8] ?? 0) * 3600 + Number(date[9] ?? 0) * 60);
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
};

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** Days since 1970-01-01 in the proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
};

/** What kind of values a type of DuckDB holds; types of one family compare by value. */
export type TypeFamily = 'number' | 'time' | 'truth' | 'text' | 'other';

/** The family of a type as DuckDB names it. */
export const familyOf = (type: string): TypeFamily => {
  if (type.endsWith(']') || type.startsWith('STRUCT') || type.startsWith('MAP')) return 'other';
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|REAL|DECIMAL|BIGNUM|VARINT|NUMBER)\b/.test(type)) return 'number';
  if (/^(DATE|TIME)/.test(type)) return 'time';
  if (type === 'BOOLEAN') return 'truth';
  return /^(VARCHAR|ENUM|UUID|CHAR|TEXT)/.test(type) ? 'text' : 'other';
};
