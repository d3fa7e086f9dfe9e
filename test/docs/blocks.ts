/** A fenced block of a page: its language, the file it is to be written to, and its text. */
export type Block = { readonly language: string; readonly file: string | undefined; readonly text: string };

/** The fenced blocks of a page that have a language, in order. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text]) => ({ language: language!, file, text: text! }));
