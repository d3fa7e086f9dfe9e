import { countOf, TrainlockError } from '#base';
import { countEvaluations, type EvaluationCount, type LookingRecord } from '#evidence';
import type { Manifest } from '#manifest';
import { isUnfinished, isUnread, type RunRecord, type Store } from '#store';
import { listPopulation, type PopulationOptions } from '../list-population.ts';
import { exactRecord } from '../policy/exact-record.ts';
import { knownData, namedDigests } from './known-data.ts';

/** The log that is asked which runs there were. */
export type AskedLog = Pick<PopulationOptions, 'env' | 'projectRoot' | 'storeFolder' | 'workingDirectory'>;

/**
 * How often runs were measured on the test sets of a record, as far as records are in the store or kept in git. With a log, runs that it
 * knows and that have no record here make the count a lower bound; without one nobody can tell whether there were others. Never throws
 * for what records are.
 */
export const evaluationsHere = async (
  store: Store,
  { manifest, sha256 }: { readonly manifest: Manifest; readonly sha256: string },
  log?: AskedLog,
): Promise<readonly EvaluationCount[]> => {
  const tests = manifest.data.filter(({ role }) => role === 'test');
  if (tests.length === 0) return [];
  const digests = tests.flatMap(namedDigests);
  const runs = await store.runs();
  const others: LookingRecord[] = [];
  const unread: RunRecord[] = [];
  for (const run of runs) {
    if (run.id === manifest.run.id || run.state !== 'finished') continue;
    const found = await lookingRecord(run, digests);
    if (found === 'unread') unread.push(run);
    else if (found !== undefined) others.push(found);
  }
  const unseen = [
    ...told(unread.length + runs.filter(({ state }) => isUnread(state)).length, 'record cannot be read', 'records cannot be read'),
    ...told(runs.filter(({ state, id }) => isUnfinished(state) && id !== manifest.run.id).length, 'run has no finished record', 'runs have no finished record'),
    ...(log === undefined ? [] : await unseenInLog(runs, log)),
  ];
  return countEvaluations({ of: { manifestSha256: sha256, manifest, data: knownData(manifest) }, others, unseen });
};

const told = (count: number, one: string, more: string): readonly string[] => (count === 0 ? [] : [countOf(count, one, more)]);

/** The role test, as the canonical form writes it. */
const TEST_ROLE = Buffer.from('"role":"test"');

/** Undefined for one that can be none: neither bytes nor role of a test set stand in it. So most records need not be understood. */
const lookingRecord = async (run: RunRecord, digests: readonly string[]): Promise<LookingRecord | 'unread' | undefined> => {
  const bytes = await run
    .statement()
    .then((statement) => Buffer.from(statement.buffer, statement.byteOffset, statement.length))
    .catch(() => undefined);
  if (bytes === undefined) return 'unread';
  if (!bytes.includes(TEST_ROLE) && !digests.some((digest) => bytes.includes(digest))) return undefined;
  const record = await exactRecord(run).catch(() => undefined);
  return record === undefined ? 'unread' : { manifestSha256: record.sha256, manifest: record.manifest, data: knownData(record.manifest) };
};

/** What the log knows and is not here; a log that cannot say it may know of any number. */
const unseenInLog = async (runs: readonly RunRecord[], { env, projectRoot, storeFolder, workingDirectory }: AskedLog): Promise<readonly string[]> => {
  try {
    const population = await listPopulation({ env, projectRoot, storeFolder, workingDirectory, kinds: ['run-recorded', 'run-signed'] });
    if (population.kind !== 'complete') return ['the log cannot say which runs there were'];
    const here = new Set(runs.map(({ id }) => id));
    const logged = new Set(population.events.map(({ leaf }) => leaf.object.id));
    const missing = [...logged].filter((id) => !here.has(id));
    // A log that does not have one run may lack others.
    const unlogged = runs.filter(({ id, state }) => state === 'finished' && !logged.has(id));
    return [
      ...told(missing.length, 'run of the log has no record here', 'runs of the log have no record here'),
      ...told(unlogged.length, 'run here is not in the log', 'runs here are not in the log'),
      ...(population.continues === undefined ? [] : ['the log goes on from an older one, which was not asked']),
    ];
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return [`no log says which runs there were: ${error.message}`];
  }
};
