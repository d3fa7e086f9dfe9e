import { escapeControl, TrainlockError } from '#base';

/** Only letters that mean nothing to a shell, a path or a file system that does not tell capital letters from small ones. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** The key that is made on first use. */
export const DEFAULT_KEY = 'default';

/** Whether text can be the name of a key; anything with a dot or a slash is a path instead. */
export const isKeyName = (text: string): boolean => NAME.test(text);

/** Throws TL0001 for what cannot be the name of a key. */
export const checkKeyName = (name: string): void => {
  if (isKeyName(name)) return;
  const shown = JSON.stringify(escapeControl(name.length > 60 ? `${name.slice(0, 57)}…` : name));
  throw new TrainlockError('TL0001', `${shown} cannot be the name of a key`, {
    notes: ['a name has 1 to 64 small letters a to z, digits, - and _, and begins with a letter or digit'],
    fix: 'trainlock keys new release',
  });
};

/** Name of the key that follows: release, release-2, release-3. */
export const nextKeyName = (name: string): string => {
  const numbered = /^(.*)-([1-9][0-9]{0,5})$/.exec(name);
  const [stem, number] = numbered === null ? [name, 1] : [numbered[1]!, Number(numbered[2])];
  return `${stem}-${number + 1}`;
};
