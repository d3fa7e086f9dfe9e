import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { escapeControl, fromUtf8, nearest, readJson, TrainlockError } from '#base';
import { hashFiles, readBounded } from '#files';
import { MAX_STATEMENT } from './finish-run.ts';
import { loadStatement, type RunRecord, shortId, withReaders } from './run-record.ts';
import { summaryOf } from './run-summary.ts';

/** Fewer letters of an id or digest are too easily met by chance. */
const MIN_PREFIX = 6;

/**
 * The run that a person means: last, last~N (replays are not counted), a name, the first letters of an id or manifest digest, a
 * run folder or a file in it, a statement file, or a file that the run wrote (by its content, so it may have been moved).
 * Throws TL0301 if there is none, TL0302 with the matches if there are several, TL0202 for a statement file of a later schema.
 */
export const findRun = async (runs: readonly RunRecord[], reference: string, workingDirectory: string): Promise<RunRecord> => {
  const last = /^last(?:~([0-9]{1,9}))?$/.exec(reference);
  if (last !== null) return lastRun(runs, Number(last[1] ?? 0), reference);
  const matches = EXACT.test(reference)
    ? byPrefix(runs, reference)
    : (rulesFor(reference)
        .map((rule) => rule(runs, reference))
        .find((found) => found.length > 0) ?? []);
  if (matches.length > 0) return onlyOne(runs, matches, reference);
  const atPath = await byPath(runs, resolve(workingDirectory, reference));
  if (atPath !== undefined) return atPath;
  // A name like that of a branch, which no file here has.
  const named = byName(runs, reference);
  return named.length > 0 ? onlyOne(runs, named, reference) : notFound(runs, reference);
};

/** A whole id or digest names one record, and no name that somebody gave to another one can take its place. */
const EXACT = /^(?:sha256:)?[0-9a-f]{64}$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What looks like a path is first taken for one. First letters of an id and a name that is the same count together, so that neither hides the other. */
const rulesFor = (reference: string): readonly ((runs: readonly RunRecord[], reference: string) => readonly RunRecord[])[] =>
  reference.includes('/') ? [] : [byNameOrPrefix, byFolder];

const byNameOrPrefix = (runs: readonly RunRecord[], reference: string): readonly RunRecord[] => [...new Set([...byName(runs, reference), ...byPrefix(runs, reference)])];

const lastRun = (runs: readonly RunRecord[], back: number, reference: string): RunRecord => {
  const counted = runs.filter((run) => run.kind === 'run');
  const run = counted.at(-1 - back);
  if (run !== undefined) return run;
  const notes =
    counted.length === 0
      ? ['no run was recorded in this project']
      : [counted.length === 1 ? 'there is one run: last' : `there are ${counted.length} runs: last is the newest, last~${counted.length - 1} the oldest`];
  throw new TrainlockError('TL0301', `there is no run ${reference}`, { notes, fix: counted.length === 0 ? 'trainlock run --why "baseline" -- python train.py' : 'trainlock list' });
};

const byName = (runs: readonly RunRecord[], reference: string): readonly RunRecord[] => runs.filter((run) => run.name === reference);

const byFolder = (runs: readonly RunRecord[], reference: string): readonly RunRecord[] => runs.filter((run) => run.folder.name === reference);

const byPrefix = (runs: readonly RunRecord[], reference: string): readonly RunRecord[] => {
  const prefix = reference.replace(/^sha256:/, '').toLowerCase();
  if (prefix.length < MIN_PREFIX || !/^[0-9a-f-]+$/.test(prefix)) return [];
  return runs.filter((run) => run.id.startsWith(prefix) || run.id.replaceAll('-', '').startsWith(prefix) || run.manifestSha256?.startsWith(prefix) === true);
};

const onlyOne = (runs: readonly RunRecord[], matches: readonly RunRecord[], reference: string): RunRecord => {
  if (matches.length === 1) return matches[0]!;
  const shown = matches.slice(-10).reverse();
  const idOf = ({ id }: RunRecord): string => (byNameOrPrefix(runs, shortId(id)).length === 1 ? shortId(id) : id);
  throw new TrainlockError('TL0302', `${escapeControl(reference)} fits ${matches.length} runs`, {
    notes: [
      ...shown.map((run) => `${idOf(run)}  ${run.startedAt}  ${run.state}${run.name === undefined ? '' : `  ${escapeControl(run.name)}`}`),
      ...(matches.length > shown.length ? [`and ${matches.length - shown.length} older ones`] : []),
    ],
    fix: `use the id, for example ${idOf(shown[0]!)}`,
  });
};

const notFound = (runs: readonly RunRecord[], reference: string): never => {
  const names = runs.flatMap((run) => (run.name === undefined ? [] : [run.name]));
  const near = nearest(reference, [...new Set([...names, ...runs.map((run) => shortId(run.id)), 'last'])]);
  const isShort = /^[0-9a-f]{1,5}$/.test(reference);
  throw new TrainlockError('TL0301', `no run is called ${escapeControl(reference)}`, {
    notes: [...(isShort ? [`a prefix of an id needs at least ${MIN_PREFIX} letters`] : []), ...(near === undefined ? [] : [`did you mean ${escapeControl(near)}?`])],
    fix: 'trainlock list',
  });
};

/** A path is hostile in one way only: what lies there may be anything. It is never followed into a parse beyond our limits. */
const byPath = async (runs: readonly RunRecord[], path: string): Promise<RunRecord | undefined> => {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  const real = realpathSync(path);
  const inside = runs.find(
    (run) => [real, dirname(real)].includes(realOf(run.folder.path)) && run.folder.name === (facts.isDirectory() ? basename(real) : basename(dirname(real))),
  );
  if (inside !== undefined) return inside;
  if (!facts.isFile()) return undefined;
  return (await byDocument(runs, real)) ?? byOutput(runs, real);
};

const realOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** A statement or manifest file, wherever it lies. One that this store does not know is a record of its own. Throws TL0202 for one of a later schema. */
const byDocument = async (runs: readonly RunRecord[], path: string): Promise<RunRecord | undefined> => {
  if (!path.endsWith('.json') || statSync(path).size > MAX_STATEMENT) return undefined;
  const loaded = await loadStatement(path);
  if (loaded.kind === 'readable') return runs.find((run) => run.manifestSha256 === loaded.sha256) ?? recordOfFile(path, loaded);
  const id = await idOfManifest(path);
  const known = id === undefined ? undefined : runs.find((run) => run.id === id);
  if (known !== undefined || loaded.kind === 'damaged') return known;
  // A file that a run wrote may look like anything.
  const writer = await byOutput(runs, path);
  if (writer !== undefined) return writer;
  throw loaded.problem;
};

const recordOfFile = (path: string, loaded: Extract<Awaited<ReturnType<typeof loadStatement>>, { kind: 'readable' }>): RunRecord =>
  withReaders({
    ...summaryOf(loaded.manifest),
    folder: { path: dirname(path), name: basename(path) },
    state: 'finished',
    kept: false,
    manifestSha256: loaded.sha256,
    statementPath: path,
    marks: [],
  });

const idOfManifest = async (path: string): Promise<string | undefined> => {
  const bytes = await readBounded(path, MAX_STATEMENT).catch(() => new Uint8Array());
  if (fromUtf8(bytes)?.includes('"schemaVersion"') !== true) return undefined;
  const reading = readJson(bytes);
  if (reading.kind === 'rejected') return undefined;
  const id = (reading.value as { readonly run?: { readonly id?: unknown } } | null)?.run?.id;
  return typeof id === 'string' ? id : undefined;
};

/**
 * A file by its content. Runs that wrote the same bytes are told apart by the path they wrote to; of those the newest wrote last.
 * A replay is never meant: it repeats what its run wrote.
 */
const byOutput = async (runs: readonly RunRecord[], path: string): Promise<RunRecord | undefined> => {
  const [facts] = await hashFiles([{ path }], { jobs: 1 });
  return facts?.sha256 === undefined ? undefined : findWriter(runs, path, facts.sha256);
};

/** The run that wrote these bytes; as byOutput, for a file that was hashed already. Throws TL0302 where more than one may have. */
export const findWriter = async (runs: readonly RunRecord[], path: string, sha256: string): Promise<RunRecord | undefined> => {
  const writers: { run: RunRecord; paths: readonly string[] }[] = [];
  for (const run of runs.filter((one) => one.state === 'finished' && one.kind === 'run')) {
    const paths = (await outputsOf(run)).filter(([, written]) => written === sha256).map(([name]) => name);
    if (paths.length > 0) writers.push({ run, paths });
  }
  const sameName = writers.filter(({ paths }) => paths.some((name) => path.endsWith(name.replace(/^\$\{[^}]*\}/, ''))));
  if (sameName.length > 0) return sameName.at(-1)!.run;
  return writers.length === 0
    ? undefined
    : onlyOne(
        runs,
        writers.map(({ run }) => run),
        path,
      );
};

/** A summary has only the first outputs of a run with many. */
const outputsOf = async (run: RunRecord): Promise<RunRecord['outputs']> => {
  if (run.outputCount <= run.outputs.length) return run.outputs;
  const manifest = await run.manifest().catch(() => undefined);
  return (manifest?.outputs ?? []).flatMap((output) => (output.sha256 === undefined ? [] : [[output.path, output.sha256] as const]));
};
