import { readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isBelow } from '#assembly';
import { namespaceFlags } from './isolation.ts';

/** Something that lies at `outside` and is seen at `inside`. */
export type Bind = { readonly outside: string; readonly inside: string };

/** A folder in which new files may be made: they go to scratch, what is there already is seen and cannot be changed. */
export type Shadow = {
  readonly inside: string;
  readonly scratch: string;
  /** Links lie in the scratch already: a second program in the same shadow would find them made. */
  readonly entries: readonly { readonly name: string; readonly isLink: boolean }[];
};

export type Mounts = {
  readonly openNetwork: boolean;
  readonly shadows: readonly Shadow[];
  /** The folder of the replay, seen where the recorded run saw its project. */
  readonly work: Bind;
  readonly readOnly: readonly Bind[];
  readonly writable: readonly Bind[];
  /** As the program sees it. */
  readonly workingDirectory: string;
};

/**
 * The command line of bubblewrap. The whole machine is seen and cannot be changed; over it lie, from the outside inwards, the
 * shadowed folders, the work folder, what is shown inside it, and what must be written.
 */
export const bubblewrapWords = (mounts: Mounts): readonly string[] => [
  'bwrap',
  ...namespaceFlags(mounts.openNetwork),
  ...WHOLE_MACHINE,
  ...byDepth(mounts.shadows).flatMap((shadow) => shadowWords(shadow, mounts.shadows)),
  ...bound(mounts.work),
  ...byDepth(mounts.readOnly).flatMap((bind) => ['--ro-bind', bind.outside, bind.inside]),
  ...byDepth(mounts.writable).flatMap(bound),
  '--chdir',
  mounts.workingDirectory,
  '--',
];

const WHOLE_MACHINE: readonly string[] = ['--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', '--tmpfs', '/dev/shm'];

const bound = (bind: Bind): readonly string[] => ['--bind', bind.outside, bind.inside];

const byDepth = <T extends { readonly inside: string }>(items: readonly T[]): readonly T[] => [...items].sort((a, b) => a.inside.split('/').length - b.inside.split('/').length);

const shadowWords = (shadow: Shadow, all: readonly Shadow[]): readonly string[] => [
  '--bind',
  shadow.scratch,
  shadow.inside,
  ...shadow.entries.flatMap((entry) => {
    const path = join(shadow.inside, entry.name);
    return entry.isLink || all.some((other) => other.inside === path) ? [] : ['--ro-bind-try', path, path];
  }),
];

/** Folders with more entries are left as they are: each entry is a mount. */
const MOST_ENTRIES = 1000;

/**
 * A shadow of a folder, or why there is none. Its links are made in the scratch. `hidden` are paths that the recorded run wrote: they are not shown, so that the replay
 * makes them anew.
 */
export const shadowOf = async (inside: string, scratch: string, hidden: readonly string[]): Promise<Shadow | string> => {
  const entries = await readdir(inside, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return `${inside} is not readable`;
  if (entries.length > MOST_ENTRIES) return `${inside} has more than ${MOST_ENTRIES} entries`;
  const shown = entries.filter((entry) => !hidden.some((path) => path === join(inside, entry.name)));
  return {
    inside,
    scratch,
    entries: await Promise.all(
      shown.map(async (entry) => {
        const link = entry.isSymbolicLink() ? await readlink(join(inside, entry.name)).catch(() => undefined) : undefined;
        const isLink = link !== undefined && (await symlink(link, join(scratch, entry.name)).then(() => true, isThere));
        return { name: entry.name, isLink };
      }),
    ),
  };
};

const isThere = (error: NodeJS.ErrnoException): boolean => error.code === 'EEXIST';

/** Where a path that the program sees lies for everybody else; the innermost mount decides. */
export const outsidePath = (path: string, binds: readonly Bind[]): string => {
  const bind = [...binds].sort((a, b) => b.inside.length - a.inside.length).find((one) => isBelow(path, one.inside));
  return bind === undefined ? path : bind.outside + path.slice(bind.inside.length);
};
