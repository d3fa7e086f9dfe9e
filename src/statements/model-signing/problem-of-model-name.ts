/** Longest name of a file. Unit: UTF-16 code unit, which is never more than bytes. */
const LONGEST = 4096;

/**
 * What is wrong with the name of a file in a signed model, in words; undefined if nothing is. The name is hostile. It is relative,
 * with `/` between its parts, and cannot lead out of the model, neither on Linux nor on Windows.
 * Source: OpenSSF Model Signing v1.0, names of resources; stricter in backslashes and control characters.
 */
export const problemOfModelName = (name: string): string | undefined => {
  if (name === '') return 'is empty';
  if (name.length > LONGEST) return `is longer than ${LONGEST} letters`;
  if (!name.isWellFormed()) return 'is not well-formed text';
  if (name.includes('\\')) return 'has a backslash, which is a separator on Windows';
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'has a control character';
  if (/^[A-Za-z]:/.test(name)) return 'begins with a drive';
  for (const part of name.split('/')) {
    if (part === '') return 'is absolute or has an empty part';
    if (part === '.' || part === '..') return `has a part ${part}`;
  }
  return undefined;
};

/** The name that the reference implementation gives the one file of a model that is not a folder. Source: sigstore/model-transparency 1.1.1. */
export const SINGLE_FILE = '.';
