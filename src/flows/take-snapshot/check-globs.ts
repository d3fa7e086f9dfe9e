import picomatch from 'picomatch';
import { escapeControl, TrainlockError } from '#base';

/** Globs must be such that they can match: one whose bracket is not closed would be taken for a name, or match nothing. Throws TL0001 for the first that is broken. */
export const checkGlobs = (globs: readonly string[]): void => {
  for (const glob of globs) {
    const wrong = glob === '' ? 'it is empty' : problemOf(glob);
    if (wrong === undefined) continue;
    throw new TrainlockError('TL0001', `the glob ${escapeControl(glob)} of what is left out is broken: ${wrong}`, { fix: fixOf(glob) });
  }
};

/** Why a glob is broken; undefined if it is not. A closing bracket alone is that character, as in a shell. */
const problemOf = (glob: string): string | undefined => {
  const unclosed = /^Missing closing: "(.)"/.exec(reasonOf(glob, { strictBrackets: true }) ?? '')?.[1];
  if (unclosed !== undefined) return `a ${unclosed} is missing`;
  return reasonOf(glob, { debug: true }) === undefined ? undefined : 'no name can match it';
};

const reasonOf = (glob: string, options: picomatch.PicomatchOptions): string | undefined => {
  try {
    picomatch.makeRe(glob, { dot: true, ...options });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

const fixOf = (glob: string): string =>
  /[[({]/.test(glob)
    ? `close the bracket, or write a backslash before it if it belongs to the name: --ignore '${escapeControl(glob.replace(/(?<!\\)[[({]/g, String.raw`\$&`))}'`
    : 'trainlock help snapshot';
