import { distance } from 'fastest-levenshtein';

/** The known word nearest to a mistyped one, or undefined if none is near (more than a third of the letters differ). */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.round(word.length / 3)) + 1;
  for (const candidate of known) {
    const letters = swapped(word, candidate) ? 1 : distance(word.toLowerCase(), candidate.toLowerCase());
    if (letters < bestDistance) {
      best = candidate;
      bestDistance = letters;
    }
  }
  return best;
};

/** Whether two words differ only by the order of their letters, as when two keys were pressed the wrong way round. */
const swapped = (a: string, b: string): boolean => a.length === b.length && sortedLetters(a) === sortedLetters(b);

const sortedLetters = (word: string): string => word.toLowerCase().split('').sort().join('');
