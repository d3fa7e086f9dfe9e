import type { Cell } from './result-cell.ts';

/** Object ids of types. Source: PostgreSQL 17, src/include/catalog/pg_type.dat. */
const TYPES: ReadonlyMap<number, 'boolean' | 'bytes' | 'number' | 'time'> = new Map([
  [16, 'boolean'],
  [17, 'bytes'],
  ...[20, 21, 23, 26, 700, 701, 1700].map((oid) => [oid, 'number'] as const),
  ...[1082, 1114, 1184].map((oid) => [oid, 'time'] as const),
]);

/** A value as the server writes it in ISO form, UTC and hexadecimal, in the canonical form. Types that are not known stay the text of the server. */
export const postgresCell = (type: number, text: string | null): Cell => {
  if (text === null) return { kind: 'null' };
  const kind = TYPES.get(type) ?? 'text';
  switch (kind) {
    case 'boolean':
      return { kind, text: text === 't' ? 'true' : 'false' };
    case 'bytes':
      return { kind, text: Buffer.from(text.replace(/^\\x/, ''), 'hex').toString('base64') };
    case 'time':
      return { kind, text: timeOf(text) };
    case 'number':
    case 'text':
      return { kind, text };
  }
};

/** 2024-01-01 10:00:00.5+00 as 2024-01-01T10:00:00.5Z; dates, infinity and years before Christ as they are. */
const timeOf = (text: string): string =>
  text.replace(
    /^([0-9]{4,6}-[0-9]{2}-[0-9]{2}) ([0-9:.]+)(?:(\+00)(?::?00)?)?$/,
    (_, date: string, time: string, zone: string | undefined) => `${date}T${time}${zone === undefined ? '' : 'Z'}`,
  );
