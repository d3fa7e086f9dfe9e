import { readdirSync, realpathSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type FileName, nameInside, nameOfBytes } from '#digest';
import type { FilePath } from './file-facts.ts';
import { failureFacts, realName, systemPath } from './look-at-file.ts';

/** What a walk met that is not a file. */
export type WalkFinding = FileName & {
  /**
   * unreadable: a folder that could not be listed; special: a device, pipe or socket; dangling: a link to nothing; loop: a link
   * to a folder that was walked already or is being walked; outside: a link that leaves the root, which was followed; limit: the
   * walk stopped here.
   */
  readonly kind: 'unreadable' | 'special' | 'dangling' | 'loop' | 'outside' | 'limit';
  readonly reason?: string;
};

/** What lies below a folder. */
export type Walk = {
  readonly root: string;
  /** Files relative to the root, sorted by the bytes of their names folder by folder. Links to files are among them. */
  readonly files: readonly FilePath[];
  readonly findings: readonly WalkFinding[];
};

export type WalkOptions = {
  /** Told the path relative to the root; a folder that is ignored is not entered. */
  readonly ignore?: (relative: string) => boolean;
  /** More files than this end the walk with a finding. */
  readonly maxFiles?: number;
  readonly signal?: AbortSignal;
};

const MAX_FILES = 10_000_000;

/** Deepest nesting that is followed. */
const MAX_DEPTH = 200;

/** How long the main thread works before others get their turn. Unit: ms. */
const SLICE_MS = 10;

type State = {
  readonly root: string;
  readonly realRoot: string;
  readonly options: WalkOptions;
  readonly files: FilePath[];
  readonly findings: WalkFinding[];
  /** Real paths of folders that a link led to: each is entered once. */
  readonly linked: Set<string>;
  sliceStart: number;
};

type Folder = {
  /** Relative to the root; undefined for the root itself. */
  readonly name: FileName | undefined;
  readonly depth: number;
};

/**
 * Every file below a folder, whatever its name. Links to folders are followed, each target once, so that a data set behind a link
 * is seen whole and a loop ends. Nothing is opened. A root that is a file gives that file alone, under its own name. Rejects only
 * when the signal aborts; a root that is not there is a finding.
 */
export const walkFolder = async (root: string, options: WalkOptions = {}): Promise<Walk> => {
  const state: State = { root, realRoot: realOf(root) ?? root, options, files: [], findings: [], linked: new Set(), sliceStart: performance.now() };
  const folders: Folder[] = [{ name: undefined, depth: 0 }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (performance.now() - state.sliceStart > SLICE_MS) {
      await setImmediate();
      state.sliceStart = performance.now();
    }
    options.signal?.throwIfAborted();
    if (state.files.length > (options.maxFiles ?? MAX_FILES)) {
      state.findings.push({ kind: 'limit', ...(folder.name ?? { path: '' }), reason: `more than ${options.maxFiles ?? MAX_FILES} files` });
      break;
    }
    // Reversed, because the last one pushed is walked first.
    folders.push(...listFolder(folder, state).reverse());
  }
  return { root, files: state.files, findings: state.findings };
};

/** Sorts the entries of one folder into files and findings; the folders in it are returned. */
const listFolder = (folder: Folder, state: State): Folder[] => {
  const path = absolute(state.root, folder.name);
  let entries;
  try {
    entries = readdirSync(systemPath(path), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    return notListed(error, folder, state);
  }
  const inside: Folder[] = [];
  for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
    const own = nameOfBytes(entry.name);
    const name = folder.name === undefined ? own : nameInside(folder.name, own);
    if (state.options.ignore?.(name.path) === true) continue;
    if (entry.isFile()) state.files.push(name);
    else if (entry.isDirectory()) inside.push({ name, depth: folder.depth + 1 });
    else inside.push(...followed(name, entry.isSymbolicLink(), folder.depth, state));
  }
  if (folder.depth < MAX_DEPTH) return inside;
  for (const deep of inside) state.findings.push({ kind: 'limit', ...deep.name!, reason: `more than ${MAX_DEPTH} folders deep` });
  return [];
};

const notListed = (error: unknown, folder: Folder, state: State): Folder[] => {
  if ((error as NodeJS.ErrnoException).code === 'ENOTDIR' && folder.name === undefined) state.files.push({ path: state.root.slice(state.root.lastIndexOf('/') + 1) });
  else state.findings.push({ kind: 'unreadable', ...(folder.name ?? { path: '' }), reason: failureFacts(error).reason ?? 'it is not there' });
  return [];
};

/** A link or a special file. Some file systems do not tell the type of an entry: it is asked for. */
const followed = (name: FileName, isLink: boolean, depth: number, state: State): Folder[] => {
  const path = systemPath(absolute(state.root, name));
  try {
    const target = statSync(path, { throwIfNoEntry: false });
    if (target === undefined) state.findings.push({ kind: 'dangling', ...name });
    else if (!target.isFile() && !target.isDirectory()) state.findings.push({ kind: 'special', ...name });
    else {
      const real = realName(absolute(state.root, name)).path;
      if (isLink && real !== state.realRoot && !real.startsWith(`${state.realRoot}/`)) state.findings.push({ kind: 'outside', ...name, reason: real });
      if (target.isFile()) state.files.push(name);
      else if (isLink && isLoop(real, state)) state.findings.push({ kind: 'loop', ...name });
      else return [{ name, depth: depth + 1 }];
    }
  } catch (error) {
    state.findings.push({ kind: 'unreadable', ...name, reason: failureFacts(error).reason ?? 'it is not there' });
  }
  return [];
};

/** Folders below the root are walked anyway; a folder above it would come back to the root. */
const isLoop = (real: string, state: State): boolean => {
  if (state.realRoot === real || state.realRoot.startsWith(`${real}/`) || state.linked.has(real)) return true;
  state.linked.add(real);
  return real.startsWith(`${state.realRoot}/`);
};

const realOf = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

const absolute = (root: string, name: FileName | undefined): FilePath => (name === undefined ? { path: root } : nameInside({ path: root }, name));
