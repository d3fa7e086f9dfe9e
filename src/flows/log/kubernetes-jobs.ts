import { type JsonValue, readJson } from '#base';
import { isLabel, type Job, type JobList, MOST_UNREAD, timeMs } from './job.ts';

/** Bounds of what `kubectl get` answers for a large cluster. */
export const JOBS_LIMITS = { maxBytes: 256 * 1024 * 1024, maxDepth: 64, maxKeys: 50_000_000 };

/** Jobs in the answer of `kubectl get jobs -o json`. The bytes are hostile. Never throws. Source: Kubernetes API, batch/v1 Job. */
export const kubernetesJobs = (bytes: Uint8Array): JobList => {
  const json = readJson(bytes, JOBS_LIMITS);
  if (json.kind === 'rejected') return { jobs: [], unread: [`this is not JSON: ${json.problems[0]!.message}`] };
  const items = member(json.value, 'items');
  if (!Array.isArray(items)) return { jobs: [], unread: ['there are no items: kubectl get jobs -o json'] };
  const jobs: Job[] = [];
  const unread: string[] = [];
  for (const [at, item] of items.entries()) {
    const name = member(member(item, 'metadata'), 'name');
    const status = member(item, 'status');
    if (!isLabel(name)) {
      if (unread.length < MOST_UNREAD) unread.push(`/items/${at}: this is not a job`);
      continue;
    }
    const start = member(status, 'startTime');
    const started = typeof start === 'string' ? timeMs(start) : undefined;
    // A job that is suspended or waits has no start.
    if (started === undefined) continue;
    const state = member(status, 'succeeded') !== undefined ? 'succeeded' : member(status, 'failed') !== undefined ? 'failed' : 'active';
    jobs.push({ system: 'kubernetes', id: name, startedMs: started, state });
  }
  return { jobs, unread };
};

/** A member of an object; undefined for anything else. */
export const member = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key) ? (value as { readonly [name: string]: JsonValue })[key] : undefined;
