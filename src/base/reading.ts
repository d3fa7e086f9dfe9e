/** One thing that is wrong with untrusted input. */
export type Problem = {
  /** JSON pointer of the place, empty for the whole. Source: RFC 6901. */
  readonly pointer: string;
  /** Line, from 1, where the place is known. */
  readonly line?: number;
  /** What is wrong, without the place. */
  readonly message: string;
  /** How to mend it, for example the nearest known key. */
  readonly hint?: string;
};

/** A problem with its place, in one line. */
export const problemLine = ({ line, pointer, message, hint }: Problem): string =>
  [line === undefined ? '' : `line ${line}: `, pointer === '' ? '' : `${pointer}: `, message, hint === undefined ? '' : ` (${hint})`].join('');

/** Untrusted bytes became a value, or they are rejected with every problem that was found (at least one). */
export type Reading<T> = { readonly kind: 'accepted'; readonly value: T } | { readonly kind: 'rejected'; readonly problems: readonly Problem[] };

export const accepted = <T>(value: T): Reading<T> => ({ kind: 'accepted', value });

export const rejected = (...problems: readonly Problem[]): Reading<never> => ({ kind: 'rejected', problems });
