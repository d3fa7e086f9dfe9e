import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBoundedIfThere } from '#files';
import { type Manifest, readStatement } from '#manifest';
import { MAX_STATEMENT } from '#store';
import type { LastRunFacts } from './health-facts.ts';

/** How many runs are looked through for one that is finished. */
const MAX_RUNS = 20;

/** Unseeded generators of the latest finished run; undefined if there is none. Run folders are named by time, so their order is known without reading them. */
export const lastRunFacts = async (storeFolder: string): Promise<LastRunFacts | undefined> => {
  const runs = join(storeFolder, 'runs');
  const names = (await readdir(runs).catch(() => [])).sort((a, b) => (a < b ? 1 : -1));
  for (const name of names.slice(0, MAX_RUNS)) {
    const bytes = await readBoundedIfThere(join(runs, name, 'statement.json'), MAX_STATEMENT).catch(() => undefined);
    const statement = bytes === undefined ? undefined : readStatement(bytes);
    if (statement?.kind === 'accepted') return factsOf(statement.value.manifest);
  }
  return undefined;
};

const factsOf = (manifest: Manifest): LastRunFacts => ({
  id: manifest.run.id,
  unseeded: manifest.randomness.generators
    .filter((generator) => generator.how === 'unseeded')
    .map(({ api, site }) => ({ api, place: site === undefined ? 'an unknown place' : [site.file, site.line].filter((part) => part !== undefined).join(':') })),
});
