import { chmod, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFiles, markTemporary, notWritable, syncFolder, temporaryName } from '#files';
import type { RemedyFile } from '#gate';
import type { Store } from '#store';
import type { FileSource } from './file-sources.ts';

export type Replacing = { readonly target: string; readonly file: RemedyFile; readonly source: FileSource; readonly store: Store };

/** Why it was not made; undefined where it was, and was seen afterwards by its digest. */
export type NotMade = string | undefined;

/**
 * Gives a file its recorded bytes: what lies there is kept in the store first, the new bytes are hashed before they get the name, and the
 * name afterwards. At every moment there is the old file or the new one. Throws TL0003.
 */
export const replaceFile = async ({ target, file, source, store }: Replacing): Promise<NotMade> => {
  const mode = await modeOf(target);
  if (file.before !== undefined) {
    const kept = await store.putObjectFile({ path: target }, { expected: file.before });
    if (kept.kind !== 'kept') return kept.kind === 'changed' ? 'it has become another one since the plan was made' : `what is there cannot be kept: ${kept.reason}`;
  } else if (mode !== undefined) return 'something is there now that was not there when the plan was made';
  const temporary = join(dirname(target), temporaryName());
  const forget = markTemporary(temporary);
  try {
    await source.writeTo(temporary);
    if ((await digestOf(temporary)) !== file.sha256) return `what ${source.from} gave are other bytes than were recorded`;
    await chmod(temporary, mode ?? 0o644);
    await sync(temporary);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    throw notWritable(target, error);
  } finally {
    await unlink(temporary).catch(() => undefined);
    forget();
  }
  return (await digestOf(target)) === file.sha256 ? undefined : 'it has become another one at once';
};

const modeOf = (path: string): Promise<number | undefined> =>
  lstat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );

const digestOf = async (path: string): Promise<string | undefined> => {
  const [facts] = await hashFiles([{ path }], { jobs: 1 });
  return facts?.changed === true ? undefined : facts?.sha256;
};

const sync = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};
