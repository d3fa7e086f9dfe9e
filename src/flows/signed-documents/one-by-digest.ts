import { escapeControl, TrainlockError } from '#base';

/** The one of these whose digest begins with what a person wrote, 6 letters or more. Throws TL0001 where there is none, or more than one. */
export const oneByDigest = <T extends { readonly sha256: string }>(all: readonly T[], letters: string, { what, fix }: { readonly what: string; readonly fix: string }): T => {
  const isDigest = /^[0-9a-f]{6,64}$/.test(letters);
  const [one, ...more] = all.filter(({ sha256 }) => isDigest && sha256.startsWith(letters));
  if (one === undefined || more.length > 0)
    throw new TrainlockError('TL0001', one === undefined ? `there is no ${what} ${escapeControl(letters)}` : `more than one ${what} begins with ${letters}`, { fix });
  return one;
};
