import { fromUtf8, type JsonLimits, readJson, utf8 } from '#base';
import type { TraceEvent } from './generated/event-types.ts';
import { schemaErrors } from './generated/event-validator.ts';

/** The events of one process, as far as its log can be read. */
export type ProcessEvents = {
  /** Name of the file. */
  readonly file: string;
  readonly events: readonly TraceEvent[];
  /** Number of complete lines. */
  readonly lines: number;
  /** False if the last line was cut, a line is unreadable or unknown, or a number is missing. */
  readonly complete: boolean;
};

const LINE_LIMITS: JsonLimits = { maxBytes: 8 * 1024 * 1024, maxDepth: 16, maxKeys: 200_000 };

/**
 * Reads the log of one process. The bytes are hostile: the program may write into the file. Lines that are cut, unreadable or of
 * an unknown kind are left out and make the log incomplete; the rest is kept. Never throws.
 */
export const readEvents = (file: string, bytes: Uint8Array): ProcessEvents => {
  const events: TraceEvent[] = [];
  let complete = true;
  let lines = 0;
  let start = 0;
  for (let end = bytes.indexOf(0x0a, start); end !== -1; end = bytes.indexOf(0x0a, start)) {
    const event = readEvent(bytes.subarray(start, end));
    start = end + 1;
    lines += 1;
    if (event === undefined || event.seq !== lines - 1) complete = false;
    if (event !== undefined) events.push(event);
  }
  return { file, events, lines, complete: complete && start === bytes.length };
};

const readEvent = (line: Uint8Array): TraceEvent | undefined => {
  // Refusing costs more than reading: what cannot be an event is not read at all.
  if (line[0] !== 0x7b) return undefined;
  const json = readJson(line, LINE_LIMITS);
  if (json.kind === 'rejected') return undefined;
  return schemaErrors(json.value).length === 0 ? (json.value as unknown as TraceEvent) : undefined;
};

/** Events of one kind, in order. */
export const eventsOf = <K extends TraceEvent['kind']>(events: readonly TraceEvent[], kind: K): readonly Extract<TraceEvent, { kind: K }>[] =>
  events.filter((event): event is Extract<TraceEvent, { kind: K }> => event.kind === kind);

/** Text cut to a number of UTF-8 bytes without breaking a character. */
export const cutText = (text: string, maxBytes: number): string => {
  const bytes = utf8(text);
  if (bytes.length <= maxBytes) return text;
  for (let end = maxBytes; end > maxBytes - 4; end -= 1) {
    const cut = fromUtf8(bytes.subarray(0, end));
    if (cut !== undefined) return `${cut}…`;
  }
  return '';
};
