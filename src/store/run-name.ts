import { isRunName } from './store-layout.ts';

/** Why nobody could refer to a run by this name; nothing for a good name. What references mean: see findRun. */
export const faultOfRunName = (name: string): string | undefined => {
  if (name.trim() === '') return 'it is empty';
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) return 'it holds control characters';
  if (/^last(?:~[0-9]*)?$/.test(name)) return 'last means the newest run';
  if (name === 'none') return 'none means no run';
  if (name.includes('/')) return 'what has a / is taken for a path';
  if (name.startsWith('-')) return 'what begins with - is taken for a flag';
  if (isRunName(name)) return 'it reads as the folder of a run';
  return readsAsId(name) ? 'it reads as the id of a run, or as its first letters' : undefined;
};

const FIRST_LETTERS = /^(?:[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){0,3}-[0-9a-f]{0,12})$/i;

/** Short digits are a date more often than an id. */
const readsAsId = (name: string): boolean => FIRST_LETTERS.test(name.replace(/^sha256:/, '')) && !(name.length < 32 && /^[0-9-]+$/.test(name));
