import { nearest, TrainlockError } from '#base';
import { checkKeyName } from './key-name.ts';
import type { KeyEntry, LocalKey } from './list-keys.ts';

/** The key of exactly this name, in any state. Throws TL0001 for what is no name, TL1101 if there is none, TL1102 if it is unfinished or damaged. */
export const findKey = (entries: readonly KeyEntry[], name: string): LocalKey => {
  checkKeyName(name);
  const entry = entries.find((other) => nameOf(other) === name);
  if (entry === undefined) {
    const near = nearest(name, entries.map(nameOf));
    throw new TrainlockError('TL1101', `there is no key with the name ${name}`, {
      notes: [...(near === undefined ? [] : [`did you mean ${near}?`]), `a file is named with its path: ./${name}`],
      fix: 'trainlock keys list',
    });
  }
  switch (entry.kind) {
    case 'key':
      return entry.key;
    case 'unfinished':
      throw new TrainlockError('TL1102', `the key ${name} is not finished`, {
        where: entry.paths.privateKey,
        notes: [
          'it has no description beside it: the process that makes it is at work or was ended, or the file was put there by hand',
          'a file of your own is brought in with: trainlock keys import',
        ],
        fix: entry.fix,
      });
    case 'damaged':
      throw new TrainlockError('TL1102', `the key ${name} is damaged: ${entry.because}`, { where: entry.paths.description, fix: entry.fix });
  }
};

/** The newest key under a name: the one at the end of its replacements, in any state. Throws like findKey. */
export const findNewestKey = (entries: readonly KeyEntry[], name: string): LocalKey => {
  const seen = new Set<string>();
  let key = findKey(entries, name);
  // Files that people have changed may go round in a circle.
  while (key.replacedBy !== undefined && !seen.has(key.name)) {
    seen.add(key.name);
    key = findKey(entries, key.replacedBy);
  }
  return key;
};

/** Throws unless the key signs: TL1102 if it was replaced, TL1106 if it is revoked. */
export const checkSigns = (key: LocalKey): void => {
  if (key.state !== 'active') throw signsNoMore(key);
};

const signsNoMore = (key: LocalKey): TrainlockError =>
  new TrainlockError(
    key.state === 'retired' ? 'TL1102' : 'TL1106',
    key.state === 'retired' ? `the key ${key.name} was replaced by ${key.replacedBy} and signs no more` : `the key ${key.name} is revoked and signs no more`,
    {
      where: key.paths.privateKey,
      notes: key.revoked === undefined ? [] : [`since ${key.revoked.at}: ${key.revoked.reason}`],
      // The successor of a root is decided by the other roots.
      fix: key.replacedBy !== undefined ? `sign with ${key.replacedBy}` : key.purpose === 'root' ? 'trainlock trust rotate-roots --help' : `trainlock keys rotate ${key.name}`,
    },
  );

const nameOf = (entry: KeyEntry): string => (entry.kind === 'key' ? entry.key.name : entry.name);
