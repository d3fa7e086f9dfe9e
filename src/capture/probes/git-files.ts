import type { NamedFile, TrackedFile } from '#assembly';
import { splitZero } from './git-command.ts';

export type IndexEntry = { readonly path: Buffer; readonly mode: string; readonly object: string; readonly hidden: boolean };

/** Reads git ls-files -v --stage -z: tag, mode, object, stage, name. Of a conflict the first side counts. File names are hostile bytes. */
export const readIndex = (bytes: Buffer): readonly IndexEntry[] => {
  const entries: IndexEntry[] = [];
  let before = '';
  for (const piece of splitZero(bytes)) {
    const tab = piece.indexOf(9);
    const fields = /^([A-Za-z?]) ([0-7]{6}) ([0-9a-f]{40,64}) [0-3]$/.exec(piece.subarray(0, Math.max(0, tab)).toString('latin1'));
    if (tab === -1 || fields === null) continue;
    const path = piece.subarray(tab + 1);
    const name = path.toString('latin1');
    if (name === before) continue;
    before = name;
    // A lower-case tag: git was told to assume that the file has not changed.
    entries.push({ path, mode: fields[2]!, object: fields[3]!, hidden: /^[a-z]$/.test(fields[1]!) });
  }
  return entries;
};

/** Absolute name of a file below a folder; the bytes stand beside it if they are not UTF-8. */
export const namedFile = (root: string, relative: Buffer): NamedFile => {
  const text = relative.toString('utf8');
  const path = `${root === '/' ? '' : root}/${text}`;
  return Buffer.from(text, 'utf8').equals(relative) ? { path } : { path, raw: Buffer.concat([Buffer.from(`${root === '/' ? '' : root}/`), relative]).toString('base64') };
};

export const trackedFile = (root: string, entry: IndexEntry): TrackedFile => ({ ...namedFile(root, entry.path), mode: entry.mode, object: entry.object });
