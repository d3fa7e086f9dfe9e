import { accepted, type Reading, rejected, toBase64 } from '#base';
import { HASH_BYTES } from '#digest';
import { readHashLine } from './hash-line.ts';
import { readDecimal } from './read-decimal.ts';

/** The state of a log: how many leaves it has, and the root over them. */
export type Checkpoint = {
  /** Unique name of the log. */
  readonly origin: string;
  /** Number of leaves, at most 2^53-1. */
  readonly size: number;
  /** Root of the tree: 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines of the log. They are kept and shown, and mean nothing to us. */
  readonly extensions: readonly string[];
};

/**
 * Reads the text of a checkpoint, which is the body of a note. The text is hostile until the note is opened. Never throws.
 * Source: C2SP tlog-checkpoint v1, "Note text".
 */
export const readCheckpoint = (body: string): Reading<Checkpoint> => {
  if (!body.endsWith('\n')) return wrong('the checkpoint does not end with a line feed');
  const [origin = '', sizeText, rootText, ...extensions] = body.slice(0, -1).split('\n');
  if (origin === '') return wrong('the checkpoint names no origin');
  if (sizeText === undefined || rootText === undefined) return wrong('the checkpoint has fewer than three lines');
  const size = readDecimal(sizeText);
  if (size === undefined) return wrong('the size of the checkpoint is not a decimal number without leading zeros, at most 9007199254740991');
  const root = readHashLine(rootText);
  if (root === undefined) return wrong('the root of the checkpoint is not 32 bytes in standard base64');
  return extensions.includes('') ? wrong('the checkpoint has an empty line') : accepted({ origin, size, root, extensions });
};

/** The text of a checkpoint, to be signed. Throws TypeError for what `readCheckpoint` would not read back: a fault of the caller. */
export const writeCheckpoint = ({ origin, size, root, extensions }: Checkpoint): string => {
  if (!Number.isSafeInteger(size) || size < 0) throw new TypeError(`${size} is not the size of a log`);
  if (root.length !== HASH_BYTES) throw new TypeError(`a root has ${HASH_BYTES} bytes, not ${root.length}`);
  const lines = [origin, ...extensions];
  if (lines.some((line) => line === '' || !line.isWellFormed() || /[\u0000-\u001f]/.test(line))) throw new TypeError('a line of the checkpoint is empty or has control characters');
  return `${[origin, String(size), toBase64(root), ...extensions].join('\n')}\n`;
};

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });
