import { TrainlockError } from '#base';
import { type OpenBytes, withBytes } from '../open-bytes.ts';
import { type ArrayBytes, readArray } from './read-array.ts';
import type { RowReader } from './row-reader.ts';
import { memberOffset, memberPieces, type ZipMember, zipMembers } from './zip-members.ts';

/** Up to this size an array is unpacked into memory. Unit: byte. */
const MOST_WHOLE_BYTES = 256 * 1024 ** 2;

/** Arrays in a ZIP archive: each is a table. */
export const readNpz: RowReader = {
  list: (source) => withBytes(source.files[0]!.path, async (file) => (await arraysOf(file)).map((member) => nameOf(member))),
  read: (source, sink) =>
    withBytes(source.files[0]!.path, async (file) => {
      const member = (await arraysOf(file)).find((one) => nameOf(one) === source.inner);
      if (member === undefined) throw new TrainlockError('TL0002', 'the array is not there any more');
      return readArray(await bytesOf(file, member), sink);
    }),
};

const arraysOf = async (file: OpenBytes): Promise<readonly ZipMember[]> => (await zipMembers(file)).filter((member) => member.name.endsWith('.npy'));

const nameOf = (member: ZipMember): string => member.name.slice(0, -'.npy'.length);

const bytesOf = async (file: OpenBytes, member: ZipMember): Promise<ArrayBytes> => {
  if (member.sizeBytes <= MOST_WHOLE_BYTES) return wholeBytes(file, member);
  // Values are told only of an array that is whole: it is read through once before.
  for await (const _piece of memberPieces(file, member));
  if (member.stored) {
    const start = await memberOffset(file, member);
    return { sizeBytes: member.packedBytes, anyOrder: true, read: (offset, length) => file.read(start + offset, length) };
  }
  return forwardBytes(file, member);
};

const cutOff = (): TrainlockError => new TrainlockError('TL0002', 'the array is cut off');

const wholeBytes = async (file: OpenBytes, member: ZipMember): Promise<ArrayBytes> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of memberPieces(file, member)) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (offset + length > whole.length) throw cutOff();
    return whole.subarray(offset, offset + length);
  };
  return { sizeBytes: whole.length, anyOrder: true, read };
};

/** Unpacks as it is read; what lies before the last offset is forgotten. */
const forwardBytes = (file: OpenBytes, member: ZipMember): ArrayBytes => {
  const pieces = memberPieces(file, member);
  let held = Buffer.alloc(0);
  let heldAt = 0;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    held = held.subarray(offset - heldAt);
    heldAt = offset;
    const parts = [held];
    for (let size = held.length; size < length;) {
      const next = await pieces.next();
      if (next.done === true) throw cutOff();
      parts.push(Buffer.from(next.value));
      size += next.value.length;
    }
    held = Buffer.concat(parts);
    return held.subarray(0, length);
  };
  return { sizeBytes: member.sizeBytes, anyOrder: false, read };
};
