/** What an ELF file says of itself; `notes` are the places of PT_NOTE segments. */
export type ElfNotes = { readonly little: boolean; readonly wide: boolean; readonly notes: readonly { readonly offset: number; readonly size: number }[] };

const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
const MOST_HEADERS = 256;

/** Largest note segment that is looked at. Unit: byte. */
const MOST_NOTES = 65_536;

/** Places of the note segments, from the beginning of a file; undefined if it is no ELF file or damaged. Hostile bytes: every number is checked. Source: elf(5). */
export const readElfNotes = (head: Buffer): ElfNotes | undefined => {
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const wide = head[4] === 2;
  const little = head[5] === 1;
  if ((!wide && head[4] !== 1) || (!little && head[5] !== 2) || (wide && head.length < 64)) return undefined;
  const u16 = (at: number): number => (little ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const start = wordAt(head, wide ? 32 : 28, { wide, little });
  const size = u16(wide ? 54 : 42);
  const count = Math.min(u16(wide ? 56 : 44), MOST_HEADERS);
  if (start === undefined || size < (wide ? 56 : 32)) return undefined;
  const notes: { offset: number; size: number }[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = start + index * size;
    if (at + (wide ? 56 : 32) > head.length) break;
    if ((little ? head.readUInt32LE(at) : head.readUInt32BE(at)) !== PT_NOTE) continue;
    const offset = wordAt(head, at + (wide ? 8 : 4), { wide, little });
    const length = wordAt(head, at + (wide ? 32 : 16), { wide, little });
    if (offset !== undefined && length !== undefined && length > 0 && length <= MOST_NOTES) notes.push({ offset, size: length });
  }
  return { little, wide, notes };
};

/** A 32 or 64 bit number; undefined if it is no safe integer. */
const wordAt = (bytes: Buffer, at: number, layout: { readonly wide: boolean; readonly little: boolean }): number | undefined => {
  if (at + (layout.wide ? 8 : 4) > bytes.length) return undefined;
  if (!layout.wide) return layout.little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const value = layout.little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
};

/** The GNU build id in a note segment, in hexadecimal. Entries are padded to 4 bytes, in segments with property notes to 8. Hostile bytes. */
export const buildIdIn = (segment: Buffer, little: boolean): string | undefined => findBuildId(segment, little, 4) ?? findBuildId(segment, little, 8);

const findBuildId = (segment: Buffer, little: boolean, padding: number): string | undefined => {
  const u32 = (at: number): number => (little ? segment.readUInt32LE(at) : segment.readUInt32BE(at));
  const padded = (size: number): number => Math.ceil(size / padding) * padding;
  let at = 0;
  while (at + 12 <= segment.length) {
    const [nameSize, dataSize, type] = [u32(at), u32(at + 4), u32(at + 8)];
    const data = at + 12 + padded(nameSize);
    if (nameSize > segment.length || dataSize > segment.length || data + dataSize > segment.length) return undefined;
    const isGnu = nameSize === 4 && segment.toString('latin1', at + 12, at + 16) === 'GNU\u0000';
    if (type === NT_GNU_BUILD_ID && isGnu && dataSize >= 1 && dataSize <= 64) return segment.toString('hex', data, data + dataSize);
    at = data + padded(dataSize);
  }
  return undefined;
};
