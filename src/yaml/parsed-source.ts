import type { JsonValue, Problem } from '#base';

/** What people wrote, as its source says it, before anything is known of its meaning. Places are JSON pointers. */
export type ParsedSource = {
  readonly value: JsonValue;
  /** Numbers exactly as they are written, by place. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Line, from 1, of a place; of what holds it where the place itself has none. */
  readonly lineOf: (pointer: string) => number | undefined;
};

/** Largest file that people write. Unit: byte. */
export const MAX_PLAIN_BYTES = 1024 * 1024;

/** Keys that would poison prototypes of objects made from them. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The line of the place, or of the nearest place above it that has one. */
export const nearestLine = (lines: ReadonlyMap<string, number>, pointer: string): number | undefined => {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const line = lines.get(at);
    if (line !== undefined || at === '') return line;
  }
};

/** Puts the line of its place to a problem. */
export const placedIn =
  ({ lineOf }: ParsedSource) =>
  (problem: Problem): Problem => {
    const line = lineOf(problem.pointer);
    return line === undefined ? problem : { ...problem, line };
  };
