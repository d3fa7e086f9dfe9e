/**
 * What a report says, without how it looks. Text in it is recorded text as it is: the renderers escape it, once and everywhere.
 * good, bad and open may be coloured; the words themselves carry the meaning.
 */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'open';

export type Span = string | { readonly text: string; readonly tone: Tone };

/** One line of text. */
export type Line = readonly Span[];

/** An item of a list, with lines that belong below it. */
export type Item = { readonly line: Line; readonly inner?: readonly Line[] };

export type Row = { readonly label: string; readonly lines: readonly Line[] };

/** good: yes; bad: a definite no; open: something is missing; faint: nobody looked, or it does not apply. */
export type AnswerLine = {
  readonly question: string;
  readonly tone: 'good' | 'bad' | 'open' | 'faint';
  readonly word: string;
  readonly line: Line;
  readonly inner?: readonly Line[];
};

export type Block =
  | { readonly kind: 'heading'; readonly line: Line }
  /** Labels at the left, lines at the right. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] }
  /** Questions with a word for an answer; the word carries the meaning. */
  | { readonly kind: 'answers'; readonly answers: readonly AnswerLine[] }
  /** Text that keeps its lines: a diff. */
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'paragraph'; readonly line: Line; /** An empty line stands before it. */ readonly apart?: boolean };

export type Page = readonly Block[];

export const strong = (text: string): Span => ({ text, tone: 'strong' });
export const faint = (text: string): Span => ({ text, tone: 'faint' });
export const good = (text: string): Span => ({ text, tone: 'good' });
export const bad = (text: string): Span => ({ text, tone: 'bad' });
export const open = (text: string): Span => ({ text, tone: 'open' });

/** Spans as one paragraph. */
export const paragraph = (...line: Line): Block => ({ kind: 'paragraph', line });

/** A row with one line, or none if there is nothing to say. */
export const row = (label: string, ...spans: readonly Span[]): readonly Row[] => (spans.length === 0 ? [] : [{ label, lines: [spans] }]);

/** A row with several lines; none if there are none. */
export const rows = (label: string, lines: readonly Line[]): readonly Row[] => (lines.length === 0 ? [] : [{ label, lines }]);

/** The first lines, and how many more there are. */
export const atMost = (lines: readonly Line[], most: number, what: string): readonly Line[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), [faint(`… and ${lines.length - most} more ${what}`)]];
