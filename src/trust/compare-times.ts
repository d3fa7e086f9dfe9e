const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether text is a moment in UTC that the calendar has, without leap seconds. The text may be hostile. Source: RFC 3339 §5.6. */
export const isTime = (text: string): boolean => {
  const match = FORM.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeapYear ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days && hour <= 23 && minute <= 59 && second <= 59;
};

/** Order of two moments: negative, zero or positive. No clock and no time zone is involved. Throws TypeError for what isTime refuses. */
export const compareTimes = (a: string, b: string): number => {
  const [first, second] = [sortable(a), sortable(b)];
  return first < second ? -1 : first > second ? 1 : 0;
};

/** All moments with nine digits behind the second: then the order of the letters is the order of time. */
const sortable = (time: string): string => {
  if (!isTime(time)) throw new TypeError(`not a time in RFC 3339 and UTC: ${time.slice(0, 40)}`);
  return `${time.slice(0, 19)}.${time.slice(20, -1).padEnd(9, '0')}`;
};
