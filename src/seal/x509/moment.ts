import { type DerElement } from '../der.ts';

/** A moment of a clock in UTC. */
export type Moment = {
  /** RFC 3339 in UTC, with the fraction of a second as it was given: 2026-11-26T11:06:19.25Z. */
  readonly text: string;
  /** Unit: millisecond since 1970; what is finer is cut off. */
  readonly sinceEpochMs: number;
};

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,17}[1-9]))?Z$/;
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

/** UTCTime or GeneralizedTime of a certificate or token, in UTC and to the second or finer. Sources: RFC 5280 §4.1.2.5, RFC 3161 §2.4.2. */
export const momentOf = (element: DerElement | undefined): Moment | undefined => {
  if (element === undefined || element.content.length > 40) return undefined;
  const text = String.fromCharCode(...element.content);
  if (element.tag === 0x18) return momentFrom(GENERALIZED_TIME.exec(text));
  const short = element.tag === 0x17 ? UTC_TIME.exec(text) : null;
  return short === null ? undefined : momentFrom([text, `${Number(short[1]) < 50 ? '20' : '19'}${short[1]}`, ...short.slice(2)]);
};

/** A moment in RFC 3339, with any offset; undefined for anything else. The text is hostile. */
export const readMoment = (text: string): Moment | undefined => {
  const match = text.length > 64 ? null : RFC_3339.exec(text);
  const moment = momentFrom(match);
  if (match === null || moment === undefined || match[8] === undefined) return moment;
  const [hours, minutes] = [Number(match[9]), Number(match[10])];
  if (hours > 23 || minutes > 59) return undefined;
  const sinceEpochMs = moment.sinceEpochMs - (match[8] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return { text: textOf(sinceEpochMs, match[7]), sinceEpochMs };
};

/** The moment of a whole second since 1970, from the year 1970 to 9999. */
export const momentOfSecond = (secondsSinceEpoch: number): Moment => ({ text: textOf(secondsSinceEpoch * 1000, undefined), sinceEpochMs: secondsSinceEpoch * 1000 });

/** Moments that files may name: certificates of the last century are still around. */
const FIRST_YEAR = 1950;

type Fields = readonly (string | undefined)[] | null;

const momentFrom = (fields: Fields): Moment | undefined => {
  if (fields === null) return undefined;
  const [year, month, day, hour, minute, second] = fields.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const fraction = fields[7];
  if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  const sinceEpochMs = seconds * 1000 + Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  return { text: textOf(sinceEpochMs, fraction), sinceEpochMs };
};

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** Days of the Gregorian calendar since 1970-01-01. A year begins in March here, so that the leap day is its last. */
const daysSinceEpoch = (year: number, month: number, day: number): number => {
  const marchYear = month > 2 ? year : year - 1;
  const monthOfIt = (month + 9) % 12;
  const days = 365 * marchYear + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return days + Math.floor((153 * monthOfIt + 2) / 5) + day - 1 - 719_468;
};

const pad = (number: number, width = 2): string => String(number).padStart(width, '0');

const textOf = (sinceEpochMs: number, fraction: string | undefined): string => {
  const seconds = Math.floor(sinceEpochMs / 1000);
  const day = Math.floor(seconds / 86_400);
  const rest = seconds - day * 86_400;
  const [year, month, dayOfMonth] = dateOf(day);
  const time = `${pad(Math.floor(rest / 3600))}:${pad(Math.floor(rest / 60) % 60)}:${pad(rest % 60)}`;
  return `${pad(year, 4)}-${pad(month)}-${pad(dayOfMonth)}T${time}${fraction === undefined ? '' : `.${fraction}`}Z`;
};

/** Year, month and day; the inverse of daysSinceEpoch. */
const dateOf = (days: number): readonly [number, number, number] => {
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysSinceEpoch(year, 1, 1) > days) year -= 1;
  while (daysSinceEpoch(year + 1, 1, 1) <= days) year += 1;
  let month = 12;
  while (daysSinceEpoch(year, month, 1) > days) month -= 1;
  return [year, month, days - daysSinceEpoch(year, month, 1) + 1];
};
