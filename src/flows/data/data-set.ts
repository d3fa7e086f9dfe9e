/** A data set of a recorded run: its files as entries of a list, and where it lies now. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { absoluteRoots, isBelow, pathOfName } from '#assembly';
import { toHex } from '#base';
import { type FileEntryInput, fileListOf, type FileName, lastPartOf, nameBelow } from '#digest';
import { nodeCrypto } from '#files';
import type { DataSet, Manifest } from '#manifest';
import { isRunName, RUN_FILES, type RunRecord } from '#store';

type Roots = Readonly<Record<string, string>>;

/** The files that a manifest names one by one, each by its name below the root of the set; of a set that is one file, by its own name. */
export const entriesOfSet = ({ path, files = [] }: DataSet, { run }: Pick<Manifest, 'run'>): readonly FileEntryInput[] => {
  const roots = absoluteRoots(run.roots);
  const place = (name: string): string => pathOfName(name, roots) ?? name;
  return files.flatMap(({ path: name, rawName, sha256, sizeBytes, mode, link }) => {
    if (sha256 === undefined) return [];
    const full: FileName = rawName === undefined ? { path: place(name) } : { path: place(name), raw: rawName };
    return [
      {
        ...((path === undefined ? undefined : nameBelow(full, { path: place(path) })) ?? lastPartOf(full)),
        sha256,
        size: sizeBytes ?? 0,
        ...(mode === undefined ? {} : { mode }),
        // A list tells the text of a link, a manifest the name of the place that it leads to.
        ...(link === undefined ? {} : { link: place(link) }),
      },
    ];
  });
};

/** The file list of a data set that a manifest names file by file. */
export const listOfFiles = (set: DataSet, manifest: Pick<Manifest, 'run'>): Uint8Array => fileListOf(entriesOfSet(set, manifest));

/** SHA-256 of the file list of a data set, also of one that a manifest names file by file. */
export const listDigestOf = (set: DataSet, manifest: Pick<Manifest, 'run'>): string => set.list?.sha256 ?? toHex(nodeCrypto.sha256(listOfFiles(set, manifest)));

/** The folder of a run in a store, by its place or by what lies in it; undefined for a record that lies elsewhere. */
export const runFolderOf = async (run: RunRecord | undefined): Promise<string | undefined> => {
  if (run === undefined) return undefined;
  // By its place too: whoever removes a file from a run folder must not make it count for less.
  if (basename(dirname(run.folder.path)) === 'runs' && isRunName(basename(run.folder.path))) return run.folder.path;
  const isThere = await stat(join(run.folder.path, RUN_FILES.started)).then(
    (facts) => facts.isFile(),
    () => false,
  );
  return isThere ? run.folder.path : undefined;
};

/**
 * Where the places of a recorded run lie now: those of its project in the copy in which its record lies, all others where they were. A
 * replay or an upgrade had a folder of its own. With `orHere` a project that is gone is taken to be that of the person who asks: a verdict must not
 * rest on that.
 */
export const rootsNow = async (
  run: RunRecord | undefined,
  manifest: Pick<Manifest, 'run'>,
  { projectRoot, orHere = false }: { readonly projectRoot: string; readonly orHere?: boolean },
): Promise<Roots> => {
  const { roots, parents = [] } = manifest.run;
  const folder = await runFolderOf(run);
  const moved = movedTo(folder, roots);
  const isCopy = parents.some(({ kind }) => kind === 'replay' || kind === 'upgrade');
  const isKeptHere = run?.kept === true && folder === undefined && isBelow(run.folder.path, projectRoot);
  const isGone = (path: string | undefined): boolean => path === undefined || !existsSync(path);
  const here = moved.project === undefined && !isCopy && (isKeptHere || (orHere && isGone(absoluteRoots(roots)['project']))) ? { project: projectRoot } : {};
  return absoluteRoots({ ...roots, ...here, ...moved });
};

/**
 * The project, if it was moved or copied with its store: the run folder lies in it as it lay in the recorded one. Nothing for a store
 * that lay elsewhere, as that of a replay does.
 */
const movedTo = (folder: string | undefined, roots: Roots): { readonly project?: string } => {
  const { project, store } = absoluteRoots(roots);
  if (folder === undefined || project === undefined || store?.startsWith(`${project}/`) !== true) return {};
  const inside = `${store.slice(project.length)}/runs/${basename(folder)}`;
  return folder.endsWith(inside) ? { project: folder.slice(0, -inside.length) } : {};
};
