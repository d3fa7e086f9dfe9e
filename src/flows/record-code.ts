import { pathNames, type StartFacts } from '#assembly';
import type { ProbedMachine } from '#capture';
import type { Settings } from '#config';
import type { Code } from '#manifest';
import type { Store } from '#store';
import { recordRepository } from './record-repository.ts';
import { type SourceSnapshot, takeSourceSnapshot } from './take-source-snapshot.ts';

/** The repository as the manifest says it, and the source that is kept so that it can be restored. */
export const recordCode = async (
  store: Store,
  git: ProbedMachine['git'],
  start: StartFacts,
  settings: Settings,
): Promise<{ readonly repository: Code['repository']; readonly source: SourceSnapshot }> => {
  const recorded = await recordRepository(store, git, { root: start.projectRoot, names: pathNames(start.roots, start.pathMap), startedAt: start.run.startedAt });
  const source = await takeSourceSnapshot(store, start.projectRoot, recorded.sourceFiles, {
    maxSourceBytes: settings.maxSourceBytes.value,
    maxSourceFileBytes: settings.maxSourceFileBytes.value,
  });
  return { repository: recorded.repository, source: { ...source, gaps: [...recorded.gaps, ...source.gaps] } };
};
