import { fromBase64, type JsonValue, nearest, type Problem } from '#base';

/** What a reader of hostile JSON collects: every problem with its place. */
export type Trouble = { readonly problems: Problem[] };

export type JsonMembers = Readonly<Record<string, JsonValue>>;

/**
 * An object with members of these names only; those with a `!` must be there. Undefined for anything else, with the problem noted, but for
 * a value that is missing: that is noted by whoever needs it.
 */
export const objectAt = (value: JsonValue | undefined, pointer: string, names: string, trouble: Trouble): JsonMembers | undefined => {
  if (value === undefined) return undefined;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return note(trouble, pointer, 'is not an object');
  const rows = names.split(' ').map((name) => ({ name: name.replace('!', ''), isNeeded: name.endsWith('!') }));
  const known = rows.map(({ name }) => name);
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    trouble.problems.push({ pointer: `${pointer}/${name}`, message: 'is not known', ...(near === undefined ? {} : { hint: `did you mean ${near}?` }) });
  }
  for (const { name, isNeeded } of rows) if (isNeeded && !Object.hasOwn(value, name)) note(trouble, `${pointer}/${name}`, 'is missing');
  return value as JsonMembers;
};

/** Items of an array of at most `most`; a missing array is empty, as the JSON form of Protocol Buffers has it. */
export const itemsAt = (value: JsonValue | undefined, pointer: string, most: number, trouble: Trouble): readonly JsonValue[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return note(trouble, pointer, 'is not an array') ?? [];
  if (value.length > most) return note(trouble, pointer, `has more than ${most} items`) ?? [];
  return value as readonly JsonValue[];
};

/** Text without control characters. */
export const textAt = (value: JsonValue | undefined, pointer: string, trouble: Trouble): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > 2048 || /[\u0000-\u001f\u007f]/.test(value)) return note(trouble, pointer, 'is not text of one line');
  return value;
};

/** Bytes in standard base64, at least one. */
export const bytesAt = (value: JsonValue | undefined, pointer: string, trouble: Trouble): Uint8Array | undefined => {
  const bytes = typeof value === 'string' && value !== '' ? fromBase64(value) : undefined;
  return bytes ?? (value === undefined ? undefined : note(trouble, pointer, 'is not standard base64'));
};

const note = ({ problems }: Trouble, pointer: string, message: string): undefined => {
  problems.push({ pointer, message });
  return undefined;
};
