import { formatBytes, formatDuration, type JsonValue } from '#base';
import { cut } from './short.ts';

const MOST = 60;

/** A recorded value in a sentence: short, digests cut, sizes and durations in their units. */
export const valueText = (value: JsonValue, unit?: string): string => {
  if (typeof value === 'number' && unit === 'byte') return formatBytes(value);
  if (typeof value === 'number' && unit === 'ms') return formatDuration(value);
  if (typeof value === 'string') return /^[0-9a-f]{40,}$/.test(value) ? `${value.slice(0, 12)}…` : cut(value === '' ? '(empty)' : value, MOST);
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') && value.length > 0 ? cut(value.join(' '), MOST) : `${value.length} entries`;
  if (typeof value === 'object' && value !== null) return objectText(value as { readonly [key: string]: JsonValue });
  return String(value);
};

/** An item in one phrase: what identifies it in its section, else its members. */
const objectText = (value: { readonly [key: string]: JsonValue }): string => {
  for (const member of ['version', 'value', 'sha256', 'commitment', 'buildId', 'how']) if (typeof value[member] === 'string') return valueText(value[member]);
  const members = Object.entries(value).flatMap(([key, item]) => (typeof item === 'object' ? [] : [`${key} ${valueText(item)}`]));
  return cut(members.join(', '), MOST);
};
