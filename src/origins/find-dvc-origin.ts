import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { withoutUndefined } from '#base';
import { readBoundedIfThere, statFiles, walkFolder } from '#files';
import type { ImportedDigest, Origin } from '#snapshot';
import { readDvcListing } from './dvc-listing.ts';
import { type DvcOutput, outputsOfDvcFile, outputsOfLock } from './dvc-outputs.ts';
import { cachedObject, type DvcProject, findDvcProject } from './dvc-project.ts';
import { findGitOrigin } from './find-git-origin.ts';
import { LARGEST_LISTING, MOST_IMPORTED } from './limits.ts';
import { readYaml, type YamlText } from './read-yaml.ts';
import { relativeTo } from './safe-path.ts';

/** An output that holds the path, and the file that names it. */
type Found = { readonly output: DvcOutput; readonly file: string; readonly tracked: string };

/**
 * What DVC recorded of data: the digests, unchecked, the remote, and the commit of the file that records them. Sizes are compared
 * where DVC noted them, so data that was changed since is not taken for what was recorded. undefined if DVC does not track it.
 */
export const findDvcOrigin = async (path: string): Promise<Origin | undefined> => {
  const project = await findDvcProject(dirname(path));
  if (project === undefined) return undefined;
  const found = await findOutput(path, project);
  if (found === undefined || (found.tracked === path && !(await hasSize(path, found.output)))) return undefined;
  const { output, file, tracked } = found;
  const revision = (await findGitOrigin(file))?.revision;
  const imported = await importedDigests(path, found, project);
  if (imported === undefined) return undefined;
  const root: ImportedDigest = { algorithm: output.algorithm, digest: output.digest, path: relative(project.root, tracked) };
  return { kind: 'dvc', ...withoutUndefined({ uri: project.remote(output.remote), revision }), path: relative(project.root, path), imported: [root, ...imported] };
};

/** Looks beside the path and beside each folder above it, up to the project. */
const findOutput = async (path: string, project: DvcProject): Promise<Found | undefined> => {
  for (let tracked = path; tracked !== project.root && tracked !== dirname(tracked); tracked = dirname(tracked)) {
    const folder = dirname(tracked);
    const own = `${tracked}.dvc`;
    const lock = join(folder, 'dvc.lock');
    const candidates = [
      ...(await outputsIn(own, (document) => outputsOfDvcFile(document))),
      ...(existsSync(lock) ? await outputsIn(lock, async (document) => outputsOfLock(document, await yamlIn(join(folder, 'dvc.yaml')))) : []),
    ];
    for (const { output, file } of candidates) {
      const place = join(folder, output.path);
      const inner = relativeTo(place, path);
      if (inner === '' || (inner !== undefined && output.digest.endsWith('.dir'))) return { output, file, tracked: place };
    }
  }
  return undefined;
};

const outputsIn = async (
  file: string,
  read: (document: YamlText) => readonly DvcOutput[] | Promise<readonly DvcOutput[]>,
): Promise<readonly { output: DvcOutput; file: string }[]> => {
  const document = await yamlIn(file);
  return document === undefined ? [] : (await read(document)).map((output) => ({ output, file }));
};

const yamlIn = async (file: string): Promise<YamlText | undefined> => {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const bytes = await readBoundedIfThere(file, 32 * 1024 * 1024).catch(() => undefined);
  const reading = bytes === undefined ? undefined : readYaml(bytes);
  return reading?.kind === 'accepted' ? reading.value : undefined;
};

const hasSize = async (path: string, { sizeBytes, fileCount, digest }: DvcOutput): Promise<boolean> => {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined || facts.isDirectory() !== digest.endsWith('.dir')) return false;
  if (!facts.isDirectory()) return sizeBytes === undefined || facts.size === sizeBytes;
  if (sizeBytes === undefined && fileCount === undefined) return true;
  const { files } = await walkFolder(path);
  if (fileCount !== undefined && files.length !== fileCount) return false;
  if (sizeBytes === undefined) return true;
  const stats = statFiles(files.map((file) => ({ ...file, path: join(path, file.path) })));
  return (await stats).reduce((sum, one) => sum + (one.sizeBytes ?? 0), 0) === sizeBytes;
};

/** The digests of single files of a folder, from its listing in the cache; none if it is not there. undefined if the path is not among them. */
const importedDigests = async (path: string, { output, tracked }: Found, project: DvcProject): Promise<readonly ImportedDigest[] | undefined> => {
  if (!output.digest.endsWith('.dir')) return [];
  const object = cachedObject(project, output.algorithm, output.digest);
  const bytes = object === undefined ? undefined : await readBoundedIfThere(object, LARGEST_LISTING).catch(() => undefined);
  const listing = bytes === undefined ? undefined : readDvcListing(bytes, output.digest);
  if (listing === undefined) return [];
  const inner = relativeTo(tracked, path)!;
  const below = listing.filter((file) => relativeTo(inner, file.path) !== undefined);
  if (below.length === 0 && inner !== '') return undefined;
  if (below.length >= MOST_IMPORTED) return [];
  return below.map((file) => ({ algorithm: output.algorithm, digest: file.digest, path: relative(project.root, join(tracked, file.path)) }));
};
