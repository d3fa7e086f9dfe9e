import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { makeOwnFolder, readBoundedIfThere, writeOnce, nodeCrypto } from '#files';
import { toHex } from '#base';
import { MAX_SIGNED } from '../signed-documents/document-files.ts';
import type { LostStatement } from './lost-statements.ts';
import type { NotMade } from './replace-file.ts';

/** Writes the files of a statement that was gone. Nothing that is there is replaced, and no link is followed. Throws TL0003. */
export const bringBackStatement = async (files: LostStatement, projectRoot: string): Promise<NotMade> => {
  for (const { path, sha256, bytes } of files) {
    const target = join(projectRoot, path);
    if (await hasLink(projectRoot, dirname(target))) return `${dirname(path)} is a link, and leads to files of others`;
    await makeOwnFolder(dirname(target), 0o755);
    await writeOnce(target, bytes);
    const there = await readBoundedIfThere(target, MAX_SIGNED);
    if (there === undefined || toHex(nodeCrypto.sha256(there)) !== sha256) return `${path} was there all at once, and is another one`;
  }
  return undefined;
};

const hasLink = async (root: string, folder: string): Promise<boolean> => {
  let path = root;
  for (const part of relative(root, folder).split(sep)) {
    path = join(path, part);
    if ((await lstat(path).catch(() => undefined))?.isSymbolicLink() === true) return true;
  }
  return false;
};
