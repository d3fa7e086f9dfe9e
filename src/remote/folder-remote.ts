import { hash } from 'node:crypto';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutUndefined } from '#base';
import { lookAtFile, readBoundedIfThere } from '#files';
import { downloadTo } from './download-to.ts';
import { folderFailure, folderSource } from './folder-source.ts';
import { asObjectName, isObjectName } from './object-name.ts';
import { differs, notThere, sizeReason, unavailable } from './remote-errors.ts';
import type { ObjectFacts, Remote, RemoteObject, RemoteOptions } from './remote.ts';
import { Interrupted } from './retry.ts';

/** Up to this size an object that is there already is read before it is believed. Unit: byte. */
const RECHECKED_BYTES = 1024 * 1024;

/** Nobody changes an object, not even by mistake. */
const OBJECT_MODE = 0o444;

/** A folder, for example on a network file system, as a remote. Throws TL0803 if it is not there: an empty mount point must not be filled. */
export const openFolderRemote = async (root: string, options: RemoteOptions): Promise<Remote> => {
  const facts = await stat(root).catch((error: unknown) => {
    throw inWords(root, folderFailure(root, error));
  });
  if (!facts.isDirectory()) throw notThere(`${root}/`, 'name a folder, or make it: mkdir -p FOLDER');
  const pathOf = (name: string): string => join(root, asObjectName(name));
  return {
    address: root,
    has: async (name) => (await sizeOf(pathOf(name))) !== undefined,
    size: (name) => sizeOf(pathOf(name)),
    putFile: async (name, path, { signal, onProgress, ...facts }) => {
      const target = pathOf(name);
      if (await isThere(target, facts)) return 'present';
      const { placed } = await downloadTo(target, folderSource(path), { ...options, ...withoutUndefined({ signal, onProgress }), expect: facts, once: true, mode: OBJECT_MODE });
      if (!placed) await isThere(target, facts);
      return placed ? 'sent' : 'present';
    },
    getFile: async (name, path, { signal, onProgress, ...facts }) => {
      await downloadTo(path, folderSource(pathOf(name)), { ...options, ...withoutUndefined({ signal, onProgress }), expect: facts });
    },
    list: (prefix) => walk(root, prefix),
    close: () => undefined,
  };
};

const inWords = (path: string, error: Error): Error => (error instanceof Interrupted ? unavailable(path, error.message) : error);

const sizeOf = async (path: string): Promise<number | undefined> => {
  try {
    const facts = await stat(path);
    return facts.isFile() ? facts.size : undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw inWords(path, folderFailure(path, error));
  }
};

/** Whether the object is there. Throws TL0804 if other bytes have its name: they are never replaced. */
const isThere = async (path: string, facts: ObjectFacts): Promise<boolean> => {
  const found = await sizeOf(path);
  if (found === undefined) return false;
  const fix = 'look at the file, remove it if it is damaged, and send again';
  if (found !== facts.sizeBytes) throw differs(path, sizeReason(found, facts.sizeBytes), fix);
  if (found > RECHECKED_BYTES) return true;
  const sha256 = hash('sha256', (await readBoundedIfThere(path, RECHECKED_BYTES)) ?? '', 'hex');
  if (sha256 !== facts.sha256) throw differs(path, `SHA-256 ${sha256} instead of ${facts.sha256}`, fix);
  return true;
};

/** Folders are read one after the other, and only those that may hold the prefix. The names are hostile. */
async function* walk(root: string, prefix: string): AsyncGenerator<RemoteObject> {
  const open: string[] = [''];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const folder = await opendir(join(root, below)).catch((error: unknown) => {
      throw inWords(join(root, below!), folderFailure(join(root, below!), error));
    });
    for await (const entry of folder) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (!isObjectName(name)) continue;
      if (entry.isDirectory() && (`${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`))) open.push(name);
      if (!entry.isFile() || !name.startsWith(prefix)) continue;
      const facts = lookAtFile({ path: join(root, name) });
      if (facts.kind === 'file') yield { name, sizeBytes: facts.sizeBytes! };
    }
  }
}
