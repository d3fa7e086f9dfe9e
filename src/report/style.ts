import type { Tone } from './page.ts';

/** How a tone looks on a terminal that takes colour. Source: ECMA-48, select graphic rendition. */
const CODES: Readonly<Record<Tone, readonly [number, number] | undefined>> = {
  plain: undefined,
  strong: [1, 22],
  faint: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  open: [33, 39],
};

/** Text in a tone; without colour the text alone. */
export const styled = (text: string, tone: Tone, colour: boolean): string => {
  const codes = CODES[tone];
  return !colour || codes === undefined || text === '' ? text : `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
};
