import { join } from 'node:path';
import { type FilePlan, type Gap, outsidePath, pathNames, seenProject, type SeenFile, type StartFacts } from '#assembly';
import { statFiles, walkFolder } from '#files';
import type { RunRecord, Store } from '#store';

/** A project with more files than this is not swept. */
const MOST_FILES = 20_000;
/** Folders that hold software or records, never outputs. */
const NOT_SWEPT = /(^|\/)(\.git|\.hg|\.venv|venv|env|node_modules|__pycache__|\.mypy_cache|\.pytest_cache|\.ipynb_checkpoints|site-packages|\.local\/state)$/;

export type Sweep = { readonly files: readonly SeenFile[]; readonly gaps: readonly Gap[] };

/**
 * Files of the project that changed while the run went on and that no hook saw being written: native code wrote them, or another
 * program did. They count as outputs only if no other run of the store was going on at the same time; else they are told as a gap.
 */
export const sweepProject = async (store: Store, start: StartFacts, plan: FilePlan): Promise<Sweep> => {
  const mounts = start.mounts ?? [];
  const seen = seenProject(start);
  const walk = await walkFolder(start.projectRoot, { ignore: (relative) => join(seen, relative) === store.root || NOT_SWEPT.test(relative), maxFiles: MOST_FILES });
  if (walk.findings.some((finding) => finding.kind === 'limit'))
    return { files: [], gaps: [{ about: '/outputs', reason: `the project has more than ${MOST_FILES} files; it was not searched for files that native code wrote` }] };
  const known = new Set([...[...plan.outputs, ...plan.code, ...plan.inputs].map((file) => file.path), ...Object.values(start.logFiles ?? {}).map((file) => file.path)]);
  // A mount leaves an empty file behind where something was shown to the program.
  const ownFiles = walk.files.filter((file) => file.raw === undefined && outsidePath(join(seen, file.path), mounts) === join(start.projectRoot, file.path));
  const unknown = ownFiles.map((file) => join(start.projectRoot, file.path)).filter((path) => !known.has(path));
  const since = BigInt(Date.parse(start.run.startedAt)) * 1_000_000n;
  const changed = (await statFiles(unknown.map((path) => ({ path })))).filter((facts) => facts.kind === 'file' && facts.mtimeNs !== undefined && BigInt(facts.mtimeNs) >= since);
  if (changed.length === 0) return { files: [], gaps: [] };
  const paths = changed.map((facts) => facts.path);
  const { nameOf } = pathNames(start.roots, start.pathMap);
  const list = shortList(paths.map(nameOf));
  // A replay has a folder of its own.
  if (start.pathMap === undefined && (await anotherRan(store, start)))
    return {
      files: [],
      gaps: [{ about: '/outputs', reason: `changed during the run, but another run went on at the same time, so it is not known which one wrote them: ${list}` }],
    };
  return {
    files: paths.map((path) => ({ path, written: true, reader: 'sweep' as const })),
    gaps: [{ about: '/outputs', reason: `written by native code or another program, seen only by their times: ${list}` }],
  };
};

const shortList = (paths: readonly string[]): string => `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;

/** Whether a run of the same store was going on at any moment since this one started. */
const anotherRan = async (store: Store, start: StartFacts): Promise<boolean> => {
  const others = (await store.runs()).filter((run) => run.id !== start.run.id);
  return others.some((run) => run.state === 'running' || endOf(run) >= Date.parse(start.run.startedAt));
};

const endOf = (run: RunRecord): number => (run.finishedAt === undefined ? 0 : Date.parse(run.finishedAt));
