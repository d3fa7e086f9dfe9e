import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, readJson, TrainlockError } from '#base';
import { readBounded, readBoundedIfThere } from '#files';
import { isLabel, type Job, type JobList, MOST_JOBS, MOST_UNREAD } from './job.ts';
import { JOBS_LIMITS, member } from './kubernetes-jobs.ts';

const META = 'meta.yaml';
const RUN_ID = /^[0-9a-f]{32}$/;
/** The tag with which a program says which of our runs it is. */
const RUN_TAG = 'trainlock.run';

/**
 * Runs of an MLflow store: a folder of its file store (`mlruns`), or a file with what its REST API answers to runs/search. Deleted runs
 * ran too, and are counted. What lies there is hostile: names are matched, files are bounded. Throws TL0002 if the place cannot be read.
 * Source: MLflow, FileStore; REST API, runs/search.
 */
export const mlflowRuns = async (path: string): Promise<JobList> => {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new TrainlockError('TL0002', `cannot read the MLflow store: ${error.code}`, { where: path, cause: error });
  });
  return facts.isDirectory() ? inFolder(path) : inAnswer(await readBounded(path, JOBS_LIMITS.maxBytes));
};

const inFolder = async (root: string): Promise<JobList> => {
  const jobs: Job[] = [];
  const unread: string[] = [];
  const note = (text: string): void => void (unread.length < MOST_UNREAD && unread.push(text));
  for (const experiment of (await namesIn(root)).filter((name) => /^[0-9]{1,20}$|^\.trash$/.test(name))) {
    for (const run of (await namesIn(join(root, experiment))).filter((name) => RUN_ID.test(name))) {
      if (jobs.length === MOST_JOBS) return { jobs, unread: [...unread, `only the first ${MOST_JOBS} runs were read`] };
      const place = join(root, experiment, run);
      const job = await runIn(place, run).catch(() => undefined);
      if (job === undefined) note(`${experiment}/${run}: ${META} is missing or damaged`);
      else jobs.push(job);
    }
  }
  return { jobs, unread };
};

const namesIn = async (folder: string): Promise<readonly string[]> => [...(await readdir(folder).catch(() => [] as string[]))].sort();

/** The description is a flat list of names and values; nothing else is read from it. */
const runIn = async (folder: string, id: string): Promise<Job | undefined> => {
  const text = fromUtf8(await readBounded(join(folder, META), 65_536)) ?? '';
  const value = (name: string): string | undefined => new RegExp(`^${name}: *'?"?([^'"\\n]{1,512})`, 'm').exec(text)?.[1]?.trim();
  if ((value('run_id') ?? value('run_uuid')) !== id) return undefined;
  const [name, start] = [value('run_name'), Number(value('start_time'))];
  const tag = await readBoundedIfThere(join(folder, 'tags', RUN_TAG), 1024);
  const run = tag === undefined ? undefined : fromUtf8(tag)?.trim();
  return {
    system: 'mlflow',
    id,
    ...(isLabel(name) ? { name } : {}),
    ...(Number.isSafeInteger(start) && start > 0 ? { startedMs: start } : {}),
    ...(isLabel(run) ? { runs: [run] } : {}),
  };
};

const inAnswer = (bytes: Uint8Array): JobList => {
  const json = readJson(bytes, JOBS_LIMITS);
  const runs = json.kind === 'accepted' ? member(json.value, 'runs') : undefined;
  if (!Array.isArray(runs)) return { jobs: [], unread: ['this is not what runs/search answers, and no folder of a file store'] };
  const jobs: Job[] = [];
  const unread: string[] = [];
  for (const [at, run] of runs.entries()) {
    const info = member(run, 'info');
    const id = member(info, 'run_id');
    if (typeof id !== 'string' || !RUN_ID.test(id)) {
      if (unread.length < MOST_UNREAD) unread.push(`/runs/${at}: this is not a run`);
      continue;
    }
    const start = Number(member(info, 'start_time'));
    const tags = member(member(run, 'data'), 'tags');
    const tag = Array.isArray(tags) ? tags.find((one) => member(one, 'key') === RUN_TAG) : undefined;
    const ours = member(tag, 'value');
    const name = member(info, 'run_name');
    jobs.push({
      system: 'mlflow',
      id,
      ...(isLabel(name) ? { name } : {}),
      ...(Number.isSafeInteger(start) && start > 0 ? { startedMs: start } : {}),
      ...(isLabel(ours) ? { runs: [ours] } : {}),
    });
  }
  return { jobs, unread };
};
