import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export type ProjectEntry = {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** 1 for what lies in the project itself. */
  readonly depth: number;
};

const NOT_THE_PROJECT = new Set(['node_modules', '__pycache__', 'site-packages', 'venv', 'env', 'build', 'dist', 'wandb', 'mlruns', 'lightning_logs']);

const MAX_DEPTH = 3;
const MAX_ENTRIES = 5000;

/**
 * Files and folders near the top of a project, level by level, sorted; hidden ones, environments and links are left out. It stops
 * at 5,000 entries, so that a data folder with a million files costs one listing at most. Folders that cannot be read are left out.
 */
export const listProject = async (root: string): Promise<readonly ProjectEntry[]> => {
  const entries: ProjectEntry[] = [];
  let folders = [''];
  for (let depth = 1; depth <= MAX_DEPTH && entries.length < MAX_ENTRIES; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) {
      for (const entry of await entriesOf(root, folder, depth)) {
        if (entries.length >= MAX_ENTRIES) break;
        entries.push(entry);
        if (entry.kind === 'folder') below.push(entry.path);
      }
    }
    folders = below;
  }
  return entries;
};

const entriesOf = async (root: string, folder: string, depth: number): Promise<readonly ProjectEntry[]> => {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && !entry.name.startsWith('.') && !NOT_THE_PROJECT.has(entry.name) && !entry.name.includes('\ufffd'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => ({ path: folder === '' ? entry.name : `${folder}/${entry.name}`, kind: entry.isFile() ? ('file' as const) : ('folder' as const), depth }));
};
