import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { escapeControl, shellWord, TrainlockError } from '#base';

/** What to say of records that lie further up, and the command that goes there. */
export type StoreAbove = { readonly note: string; readonly fix: string };

/** The nearest store above an empty one: somebody stands in a subfolder of a project that nothing marks. Never throws. */
export const storeAbove = async (root: string): Promise<StoreAbove | undefined> => {
  const own = dirname(root);
  if (basename(root) !== '.trainlock' || (await isThere(join(own, 'trainlock.yaml')))) return undefined;
  let levels = 1;
  for (let folder = dirname(own); ; folder = dirname(folder), levels += 1) {
    if (await isThere(join(folder, '.trainlock', 'runs'))) {
      const place = escapeControl(join(folder, '.trainlock'));
      const far = levels === 1 ? 'one folder' : `${levels} folders`;
      return { note: `${place} is ${far} up; with a trainlock.yaml there (trainlock init) it is found from here too`, fix: `cd ${escapeControl(shellWord(folder))}` };
    }
    if (folder === dirname(folder)) return undefined;
  }
};

/** A run that an empty store does not have may lie in the store above. */
export const toldOfAbove = async (error: unknown, root: string): Promise<unknown> => {
  const above = error instanceof TrainlockError && error.code === 'TL0301' ? await storeAbove(root) : undefined;
  if (above === undefined || !(error instanceof TrainlockError)) return error;
  const { code, message, where, notes } = error;
  return new TrainlockError(code, message, { ...(where === undefined ? {} : { where }), notes: [...notes, above.note], fix: above.fix, cause: error });
};

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
