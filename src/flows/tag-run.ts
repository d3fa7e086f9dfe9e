/** Puts names and tags on a run; the record stays as it is. */
import { escapeControl, TrainlockError } from '#base';
import { isBeginningOf, openStore, type RunRecord, shortId } from '#store';
import { checkRunName } from './check-run-name.ts';

export type TagOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly reference: string;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  readonly name?: string;
  /** Who does it. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
};

export type TaggedRun = { readonly run: RunRecord; readonly name?: string; readonly tags: Readonly<Record<string, string>> };

/** Throws TL0001 for a key or a change that is none and a name that nobody could refer to, TL0301, TL0302, TL0003. */
export const tagRun = async (options: TagOptions): Promise<TaggedRun> => {
  const { set, remove, name } = options;
  if (Object.keys(set).length === 0 && remove.length === 0 && name === undefined)
    throw new TrainlockError('TL0001', 'there is nothing to change', { fix: 'trainlock tag last stage=candidate' });
  checkRunName(name);
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const run = await store.find(options.reference, options.workingDirectory);
  const namesake = name === undefined ? undefined : (await store.runs()).find((other) => other.id !== run.id && isBeginningOf(name, other));
  if (namesake !== undefined)
    throw new TrainlockError('TL0001', `${escapeControl(name!)} cannot be the name of a run: the id or digest of another run begins so`, {
      where: `run ${namesake.id}`,
      fix: 'choose a name that means one run: --name baseline-1',
    });
  const absent = remove.filter((key) => run.tags[key] === undefined);
  if (absent.length > 0)
    throw new TrainlockError('TL0001', `the run has no tag ${absent.join(', ')}`, {
      where: `run ${shortId(run.id)}`,
      notes: [`it has ${Object.keys(run.tags).join(', ') || 'no tags'}`],
      fix: `trainlock show ${shortId(run.id)}`,
    });
  await store.mark(run, {
    at: options.at,
    by: options.by,
    ...(name === undefined ? {} : { name }),
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(remove.length === 0 ? {} : { removed: remove }),
  });
  const marked = await store.find(run.id, options.workingDirectory);
  return { run: marked, ...(marked.name === undefined ? {} : { name: marked.name }), tags: marked.tags };
};
