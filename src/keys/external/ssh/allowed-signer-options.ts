import { accepted, type Reading, rejected } from '#base';

/** What limits a line of an allowed_signers file. */
export type SignerOptions = {
  /** Exact names; undefined where every namespace is allowed. */
  readonly namespaces?: readonly string[];
  /** Unit: second since 1970. The end belongs to the time. */
  readonly validAfterSeconds?: number;
  readonly validBeforeSeconds?: number;
};

const OPTION = /^(namespaces|valid-after|valid-before)="([^"]*)"$/;

/** Exact names only: a pattern could allow what nobody thought of. */
const NAMESPACE = /^[\u0021-\u007e]+$/;

/** Reads the options between the names and the key from hostile text; empty where there are none. Source: ssh-keygen(1), ALLOWED SIGNERS. */
export const readSignerOptions = (text: string): Reading<SignerOptions> => {
  const found = new Map<string, string>();
  const parts = text.match(/(?:"[^"]*"|[^,])+/g) ?? [];
  // What the pattern leaves out are commas without anything between them.
  if (parts.join(',') !== text) return refused('its options are not separated by single commas');
  for (const part of parts) {
    if (part.toLowerCase() === 'cert-authority') return refused('certificate authorities are not followed; list the keys themselves');
    const match = OPTION.exec(part);
    if (match === null) return refused('it has an option that is not known, or no key; known are namespaces, valid-after and valid-before');
    if (found.has(match[1]!)) return refused(`it has ${match[1]!} twice`);
    found.set(match[1]!, match[2]!);
  }
  const namespaces = found.get('namespaces')?.split(',');
  if (namespaces?.some((one) => !NAMESPACE.test(one) || /[*?!]/.test(one)) === true) return refused('its namespaces must be written out, without patterns');
  const times: { validAfterSeconds?: number; validBeforeSeconds?: number } = {};
  for (const [name, field] of [
    ['valid-after', 'validAfterSeconds'],
    ['valid-before', 'validBeforeSeconds'],
  ] as const) {
    const value = found.get(name);
    if (value === undefined) continue;
    const seconds = secondsOf(value);
    if (seconds === undefined) return refused(`its ${name} is no time like 20260131Z or 20260131120000Z; without the Z it would mean another time elsewhere`);
    times[field] = seconds;
  }
  if ((times.validAfterSeconds ?? 0) >= (times.validBeforeSeconds ?? Infinity)) return refused('its valid-before is not after its valid-after');
  return accepted({ ...(namespaces === undefined ? {} : { namespaces }), ...times });
};

const TIME = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?Z$/;

/** Seconds since 1970 of a time in UTC; undefined for days and hours that do not exist. */
const secondsOf = (text: string): number | undefined => {
  const [, year, month, day, hour = 0, minute = 0, second = 0] = (TIME.exec(text) ?? []).map(Number).map((one) => (Number.isNaN(one) ? 0 : one));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  let days = day - 1;
  for (let one = 1970; one < year; one += 1) days += isLeap(one) ? 366 : 365;
  for (let one = 1; one < month; one += 1) days += daysIn(year, one);
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
};

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

const refused = (why: string): Reading<never> => rejected({ pointer: '', message: `the line of an allowed signer is not accepted: ${why}` });
