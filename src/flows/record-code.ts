import { pathNames, type StartFacts } from '#assembly';
import type { ProbedMachine } from '#capture';
import type { Settings } from '#config';
import type { Code } from '#manifest';
import type { Store } from '#store';
import type { CanaryPlace } from './canary/run-canary.ts';
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

/** What a copy cannot tell: it stands for the project whose earlier record it was made from. */
export type RestoredStart = {
  /** Argument vector as the earlier record has it; what was started in its place is among the findings. */
  readonly command: readonly string[];
  /** The repository as the earlier record has it. */
  readonly repository: Code['repository'];
  readonly snapshot?: Code['snapshot'];
  /** Source files that were restored, absolute. */
  readonly sourceFiles: readonly string[];
  /** Told in the record, or taken over from the earlier one. */
  readonly facts: NonNullable<StartFacts['restored']>;
  /** The project of the person who asks: it knows who that is. */
  readonly project: string;
  /** The folder in which the lock of the environment lies. */
  readonly lockFolder: string;
  /** Where the canary is asked. */
  readonly canary: CanaryPlace;
};

/** The code of a copy that was restored from a record: its files as they lie there, the repository as that record has it. */
export const recordRestoredCode = async (store: Store, start: StartFacts, restored: RestoredStart): ReturnType<typeof recordCode> => {
  const files = restored.sourceFiles.map((path) => ({ path }));
  // What was kept once may be kept again.
  const source = await takeSourceSnapshot(store, start.projectRoot, files, { maxSourceBytes: Number.MAX_SAFE_INTEGER, maxSourceFileBytes: Number.MAX_SAFE_INTEGER });
  const { snapshot } = restored;
  const isSame = snapshot !== undefined && source.snapshot?.sha256 === snapshot.sha256;
  return { repository: restored.repository, source: isSame ? { ...source, snapshot } : source };
};
