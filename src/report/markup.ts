import { escapeControl } from '#base';

/** Text that is HTML already. Only `html` makes it, so that nothing else reaches a page unescaped. */
export type Markup = { readonly markup: string };

type Piece = string | number | Markup | readonly Markup[];

/** HTML from a template. Texts and numbers are escaped, for elements and for quoted attributes; markup is taken as it is. */
export const html = (template: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  markup: template.map((part, i) => (i === 0 ? part : markupOf(pieces[i - 1]!) + part)).join(''),
});

/** Nothing. */
export const nothing: Markup = { markup: '' };

const markupOf = (piece: Piece): string => {
  if (typeof piece === 'string' || typeof piece === 'number') return escapedHtml(String(piece));
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('');
};

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Recorded text cannot become an element, an attribute or a reference, nor move or disguise what stands beside it. The references are those that XML has too. */
export const escapedHtml = (text: string): string =>
  escapeControl(text)
    .toWellFormed()
    .replace(/[&<>"']/g, (letter) => REFERENCES[letter]!);
