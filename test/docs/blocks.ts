/** A fenced block of a page: its language, the file it is to be written to, and its text. */
export type Block = { readonly language: string; readonly file: string | undefined; readonly text: string };

/** The fenced blocks of a page that have a language, in order. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text]) => ({ language: language!, file, text: text! }));

export type Section = { readonly title: string; readonly text: string; readonly blocks: readonly Block[] };

/** The parts of a page below its headings of the second level. */
export const sectionsOf = (markdown: string): readonly Section[] =>
  markdown
    .split(/^## /m)
    .slice(1)
    .map((text) => ({ title: text.slice(0, text.indexOf('\n')), text, blocks: blocksOf(text) }));

type Command = { readonly command: string; readonly output: readonly string[] };

/** Commands of a console. Lines behind a command are what it prints. */
export const commandsOf = (text: string): readonly Command[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => part.split('\n'))
    .map(([command, ...lines]) => ({ command: command!, output: lines.filter((line) => line !== '') }));

/** Shown lines that are not printed, in their order; … stands for anything. */
export const missingLines = (printed: string, shown: readonly string[]): readonly string[] => {
  const lines = printed.split('\n');
  return shown.filter((line) => {
    const pattern = new RegExp(
      `^${line
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    );
    const at = lines.findIndex((one) => pattern.test(one));
    if (at !== -1) lines.splice(0, at + 1);
    return at === -1;
  });
};
