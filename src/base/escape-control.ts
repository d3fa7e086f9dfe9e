/**
 * Text that is safe to print: control characters, ANSI escapes, bidirectional overrides and zero-width characters of recorded
 * text are shown as \xNN or \u{NNNN}, so that a record cannot move the cursor or disguise itself. Line feeds and tabs stay if asked.
 */
export const escapeControl = (text: string, keepLines: boolean = false): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (letter) => {
    if (keepLines && (letter === '\n' || letter === '\t')) return letter;
    const code = letter.codePointAt(0)!;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
