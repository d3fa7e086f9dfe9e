import { isRunName } from './store-layout.ts';

/** Why nobody could refer to a run by this name; nothing for a good name. What references mean: see findRun. */
export const faultOfRunName = (name: string): string | undefined => {
  if (name.trim() === '') return 'it is empty';
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) return 'it holds control characters';
  if (/^last(?:~[0-9]*)?$/.test(name)) return 'last means the newest run';
  if (name === 'none') return 'none means no run';
  if (name.startsWith('-')) return 'what begins with - is taken for a flag';
  if (isRunName(name)) return 'it reads as the folder of a run';
  return ID_OR_DIGEST.test(name) ? 'it reads as the id of a run, or as a digest' : undefined;
};

/** Whole ones: the commit that CI names a run by, in whatever length, is a good name. */
const ID_OR_DIGEST = /^(?:(?:sha256:)?[0-9a-f]{64}|sha256:.*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Whether a name is the beginning of the id or digest of another run: then neither could be referred to by it. */
export const isBeginningOf = (name: string, { id, manifestSha256 = '' }: { readonly id: string; readonly manifestSha256?: string }): boolean =>
  [id, manifestSha256].some((text) => text.startsWith(name.toLowerCase()));
