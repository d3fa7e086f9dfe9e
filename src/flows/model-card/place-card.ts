import { accepted, type JsonValue, type Reading, rejected, utf8 } from '#base';
import { composeYaml } from '#yaml';
import { OWN_KEYS, type OwnKey } from './card-metadata.ts';

export type CardParts = {
  /** Lines of YAML by key. */
  readonly metadata: ReadonlyMap<OwnKey, readonly string[]>;
  /** Markdown, without a last line feed. */
  readonly body: string;
};

export type PlacedCard = {
  readonly text: string;
  /** Keys that somebody else has written: they stay as they are. */
  readonly left: readonly OwnKey[];
};

const BEGIN = { front: '# trainlock:begin', body: '<!-- trainlock:begin -->' } as const;
const END = { front: '# trainlock:end', body: '<!-- trainlock:end -->' } as const;
const BOUNDS = { maxBytes: 1024 * 1024, maxDepth: 64, maxParts: 100_000 };

/**
 * Puts what is ours into a model card: between our marks, in the front matter and in the text. Everything else stays byte for byte, and
 * a second time changes nothing. `existing` is untrusted text of a card, empty if there is none. Rejected, where that cannot be: marks
 * that are damaged or doubled, a front matter that is not closed or is not a YAML map. Never throws.
 */
export const placeCard = (existing: string, { metadata, body }: CardParts): Reading<PlacedCard> => {
  const newline = /\r?\n/.exec(existing)?.[0] ?? '\n';
  const split = splitCard(existing);
  if (split.kind === 'rejected') return split;
  const { open, front, close, rest } = split.value;
  const own = regionOf(front, 'front');
  if (own.kind === 'rejected') return own;
  const theirs = keysOfYaml(own.value === undefined ? front : `${own.value.before}${own.value.after}`);
  if (theirs.kind === 'rejected') return theirs;
  const left = OWN_KEYS.filter((key) => metadata.has(key) && theirs.value.keys.includes(key));
  const lines = OWN_KEYS.flatMap((key) => (left.includes(key) ? [] : (metadata.get(key) ?? [])));
  const newFront = placed(front, { region: own.value, lines, newline, use: 'front' });
  const check = keysOfYaml(newFront);
  if (check.kind === 'rejected' || !isSameValue(withoutOwn(check.value.value, left), withoutOwn(theirs.value.value, left)))
    return refused('the front matter would say something else with our part in it: write it as a map in block style, one key a line');
  const text = regionOf(rest, 'body');
  if (text.kind === 'rejected') return text;
  const newRest = placed(rest, { region: text.value, lines: body.split('\n'), newline, use: 'body' });
  if (regionOf(newRest, 'body').kind === 'rejected') return refused('a recorded name would stand there like a mark of trainlock');
  const dashes = newFront === '' || close !== '' ? '' : `---${newline}`;
  // Where the card ended with its front matter, what follows needs a line of its own.
  const gap = close === '' || close.endsWith('\n') ? '' : newline;
  return accepted({ text: `${open}${dashes}${newFront}${dashes}${close}${gap}${newRest}`, left });
};

const refused = (message: string): Reading<never> => rejected({ pointer: '', message });

type Split = {
  /** What stands before the front matter, its first line of dashes included; a byte-order mark alone where there is none. */
  readonly open: string;
  readonly front: string;
  /** The line that closes it; empty where there is none. */
  readonly close: string;
  readonly rest: string;
};

/** Source: huggingface_hub, REGEX_YAML_BLOCK: white space may stand before the front matter. */
const splitCard = (text: string): Reading<Split> => {
  const open = /^\ufeff?\s*---[ \t]*\r?\n/.exec(text)?.[0];
  if (open === undefined) {
    const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
    return accepted({ open: mark, front: '', close: '', rest: text.slice(mark.length) });
  }
  const behind = text.slice(open.length);
  const close = /^---[ \t]*(?:\r?\n|$)/m.exec(behind);
  if (close === null) return refused('the front matter is not closed: a line --- is missing');
  return accepted({ open, front: behind.slice(0, close.index), close: close[0], rest: behind.slice(close.index + close[0].length) });
};

type Region = { /** Up to our first mark. */ readonly before: string; /** From behind our last one. */ readonly after: string };

const ANY_MARK = { front: /^[ \t]*#\s*trainlock:\s*(?:begin|end)\b/gim, body: /<!--\s*trainlock:\s*(?:begin|end)\b/gi } as const;

/** The part between our marks; undefined without any. */
const regionOf = (text: string, use: 'front' | 'body'): Reading<Region | undefined> => {
  const lines = text.split(/(?<=\n)/);
  const at = (mark: string): readonly number[] => lines.flatMap((line, i) => (line.trimEnd() === mark ? [i] : []));
  const [begins, ends] = [at(BEGIN[use]), at(END[use])];
  const where = use === 'front' ? 'in the front matter' : 'in the text';
  if ((text.match(ANY_MARK[use]) ?? []).length !== begins.length + ends.length)
    return refused(`a mark of trainlock ${where} is damaged: each stands alone on a line, as ${BEGIN[use]} and ${END[use]}`);
  if (begins.length === 0 && ends.length === 0) return accepted(undefined);
  const [begin, end] = [begins[0], ends[0]];
  if (begins.length > 1 || ends.length > 1) return refused(`the marks of trainlock ${where} stand there more than once`);
  if (begin === undefined || end === undefined || end < begin) return refused(`a mark of trainlock ${where} is missing, or the two are in the wrong order`);
  return accepted({ before: lines.slice(0, begin).join(''), after: lines.slice(end + 1).join('') });
};

type Placing = { readonly region: Region | undefined; readonly lines: readonly string[]; readonly newline: string; readonly use: 'front' | 'body' };

/** The text with our lines in their place, or at its end. */
const placed = (text: string, { region, lines, newline, use }: Placing): string => {
  if (region === undefined && lines.length === 0) return text;
  const block = [BEGIN[use], ...lines, END[use], ''].join(newline);
  if (region !== undefined) return `${region.before}${block}${region.after}`;
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  const apart = use === 'body' && text.trim() !== '' ? newline : '';
  return `${text}${gap}${apart}${block}`;
};

type Keys = { readonly keys: readonly string[]; readonly value: JsonValue };

const keysOfYaml = (text: string): Reading<Keys> => {
  const composed = composeYaml(utf8(text), 'core', BOUNDS);
  if (composed.kind === 'rejected') return rejected(...composed.problems.map((problem) => ({ ...problem, message: `the front matter: ${problem.message}` })));
  const { document } = composed.value;
  const [fault] = document.errors;
  if (fault !== undefined) return refused('the front matter is not YAML');
  if (document.contents === null) return accepted({ keys: [], value: {} });
  const value = plainValue(document);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('the front matter is not a YAML map');
  return accepted({ keys: Object.keys(value), value });
};

/** Aliases can grow without end: a card with many is told apart, and is not read. */
const plainValue = (document: { readonly toJS: (options: { readonly maxAliasCount: number }) => unknown }): JsonValue => {
  try {
    return document.toJS({ maxAliasCount: 100 }) as JsonValue;
  } catch {
    return null;
  }
};

const withoutOwn = (value: JsonValue, left: readonly OwnKey[]): JsonValue =>
  Object.fromEntries(Object.entries(value as { readonly [key: string]: JsonValue }).filter(([key]) => !OWN_KEYS.some((own) => own === key) || left.some((own) => own === key)));

const isSameValue = (a: JsonValue, b: JsonValue): boolean => JSON.stringify(a) === JSON.stringify(b);
