/** One line of a test script. */
export type Step = {
  /** From 1. */
  readonly line: number;
  /** must: succeeds; mustNot: fails; may: either. */
  readonly expects: 'must' | 'mustNot' | 'may';
  readonly words: readonly Word[];
};

/** A word; in single quotes it is taken as it is, else $NAME in it is replaced. */
export type Word = { readonly text: string; readonly quoted: boolean };

export type Script = { readonly steps: readonly Step[]; /** Files by path, with their text. */ readonly files: ReadonlyMap<string, string> };

/**
 * Reads a test script: commands and assertions line by line, then files, each behind a line `-- path --`.
 * Throws with the line number. Source of the form: rsc.io/script, txtar.
 */
export const readScript = (text: string): Script => {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => fileName(line) !== undefined);
  const commands = start === -1 ? lines : lines.slice(0, start);
  const steps = commands.flatMap((line, index) => stepOf(line, index + 1));
  return { steps, files: filesIn(start === -1 ? [] : lines.slice(start)) };
};

const fileName = (line: string): string | undefined => /^-- (.+) --$/.exec(line)?.[1];

const filesIn = (lines: readonly string[]): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  let name = '';
  for (const line of lines) {
    const next = fileName(line);
    if (next === undefined) files.set(name, `${files.get(name)!}${line}\n`);
    else files.set((name = next), '');
  }
  return new Map([...files].map(([path, content]) => [path, content.replace(/\n\n$/, '\n')]));
};

const stepOf = (line: string, number: number): readonly Step[] => {
  const words = wordsOf(line, number);
  if (words.length === 0) return [];
  const [first] = words;
  if (first!.quoted || (first!.text !== '!' && first!.text !== '?')) return [{ line: number, expects: 'must', words }];
  return [{ line: number, expects: first!.text === '!' ? 'mustNot' : 'may', words: words.slice(1) }];
};

const wordsOf = (line: string, number: number): readonly Word[] => {
  const words: Word[] = [];
  let rest = line.trimStart();
  while (rest !== '' && !rest.startsWith('#')) {
    const match = /^(?:'((?:[^']|'')*)'|([^\s'][^\s]*))(?:\s+|$)/.exec(rest);
    if (match === null) throw new Error(`line ${number}: a quote is not closed, or something follows it`);
    words.push(match[1] === undefined ? { text: match[2]!, quoted: false } : { text: match[1].replaceAll("''", "'"), quoted: true });
    rest = rest.slice(match[0].length);
  }
  return words;
};
