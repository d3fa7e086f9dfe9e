/** What was not accepted: a word for programs and a sentence for people. */
export type Refused<Word extends string> = { readonly kind: 'refused'; readonly refusal: Word; readonly because: string };

export const refused = <Word extends string>(refusal: Word, because: string): Refused<Word> => ({ kind: 'refused', refusal, because });
