import { linesOf } from './lines-of.ts';
import type { Problem } from './reading.ts';

/** The same reading with the lines of its problems in the text it came from, in the order of that text. `below` is the place of the document in that text. */
export const withLines = <R extends { readonly kind: string; readonly problems?: readonly Problem[] }>(reading: R, bytes: Uint8Array, below: string = ''): R => {
  const { problems } = reading;
  if (problems === undefined) return reading;
  const lines = linesOf(bytes, new Set(problems.map((problem) => `${below}${problem.pointer}`)));
  const placed = problems.map((problem) => withLine(problem, lines.get(`${below}${problem.pointer}`)));
  return { ...reading, problems: placed.toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0) };
};

const withLine = (problem: Problem, line: number | undefined): Problem => (line === undefined || problem.line !== undefined ? problem : { ...problem, line });
