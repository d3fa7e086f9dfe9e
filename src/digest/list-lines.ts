const LINE_FEED = 0x0a;

/** The lines of bytes, without their line feeds; what follows the last line feed is not a line. */
export function* linesOfList(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** Whether every byte belongs to a line that is ended by a line feed. */
export const isWhole = (bytes: Uint8Array): boolean => bytes.length === 0 || bytes.at(-1) === LINE_FEED;
