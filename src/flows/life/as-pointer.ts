import { pointerToken } from '#base';

/** A JSON pointer: people may leave the first slash out and write dots. */
export const asPointer = (text: string): string => {
  if (text === '' || text.startsWith('/')) return text;
  return text.includes('/') ? `/${text}` : `/${text.split('.').map(pointerToken).join('/')}`;
};
