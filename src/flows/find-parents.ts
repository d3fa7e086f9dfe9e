import { type FilePlan, pathNames, type StartFacts } from '#assembly';
import { withoutUndefined } from '#base';
import { nameKey } from '#digest';
import type { Manifest } from '#manifest';
import type { Store } from '#store';
import type { HashedRun } from './hash-run-files.ts';

type Parents = NonNullable<Manifest['lineage']['parents']>;

/** A copy under another name counts from this size on: short files are alike by chance. Unit: byte. */
const TELLING_BYTES = 1024;
const MOST_PARENTS = 1000;

/** The newest earlier runs of the store that wrote what this run read: the same bytes at the same place, or a copy of some size. */
export const findParents = async (store: Store, start: StartFacts, { plan, hashed }: { readonly plan: FilePlan; readonly hashed: HashedRun }): Promise<Parents> => {
  const names = pathNames(start.roots, start.pathMap);
  const inputs = plan.inputs.flatMap((file) => {
    const facts = hashed.files.get(nameKey(file));
    return facts?.sha256 === undefined || facts.changed === true ? [] : [{ name: names.nameOf(file.path), sha256: facts.sha256, sizeBytes: facts.sizeBytes ?? 0 }];
  });
  if (inputs.length === 0) return [];
  const earlier = (await store.runs()).filter((run) => run.state === 'finished' && run.kind === 'run' && run.id !== start.run.id && run.startedAt <= start.run.startedAt);
  const writers = new Map(earlier.flatMap((run) => run.outputs.map(([path, sha256]) => [sha256, { run, path }] as const)));
  const parents = new Map<string, Parents[number]>();
  for (const input of inputs) {
    const writer = writers.get(input.sha256);
    if (writer?.run.manifestSha256 === undefined || (writer.path !== input.name && input.sizeBytes < TELLING_BYTES)) continue;
    if (!parents.has(writer.run.id)) parents.set(writer.run.id, withoutUndefined({ manifestSha256: writer.run.manifestSha256, run: writer.run.id, through: input.name }));
  }
  return [...parents.values()].slice(0, MOST_PARENTS);
};
