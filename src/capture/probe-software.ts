import type { Gap, softwareSeen } from '#assembly';
import type { Dependencies } from '#manifest';
import { type InstalledBefore, probeDistributions, probeLock, probeNative } from './probes/index.ts';
import { gapsOf } from './probe-gaps.ts';

/** The software that a run was seen to use. Plain JSON. */
export type ProbedSoftware = {
  readonly distributions: Dependencies['distributions'];
  readonly lock?: NonNullable<Dependencies['lock']>;
  readonly native: Dependencies['native'];
  readonly gaps: readonly Gap[];
};

export type SoftwareOptions = {
  /** What findInstalled told while the run went on. */
  readonly before?: InstalledBefore | undefined;
  /** Where the lock lies, if not in the project. */
  readonly lockFolder?: string | undefined;
};

/** Looks up the distributions, lock file and native libraries behind what the events name. Never throws. */
export const probeSoftware = async (
  seen: ReturnType<typeof softwareSeen>,
  projectDirectory: string,
  { before, lockFolder = projectDirectory }: SoftwareOptions = {},
): Promise<ProbedSoftware> => {
  const distributions = await probeDistributions({
    searchPath: seen.searchPath,
    importedNames: seen.importedNames,
    codeFiles: seen.codeFiles,
    projectDirectory,
    ...(before === undefined ? {} : { before }),
  });
  const installed = distributions.kind === 'seen' ? distributions.value.distributions : [];
  const [lock, native] = await Promise.all([
    probeLock({ projectDirectory: lockFolder, distributions: installed }),
    probeNative({ libraries: seen.libraries, distributions: installed }),
  ]);
  const wheels = lock.kind === 'seen' ? lock.value.wheelSha256 : {};
  return {
    distributions: installed.map(({ entry }) => (wheels[entry.name] === undefined ? entry : { ...entry, wheelSha256: wheels[entry.name]! })),
    ...(lock.kind === 'seen' ? { lock: lock.value.lock } : {}),
    native: native.kind === 'seen' ? native.value.native : [],
    gaps: [
      ...gapsOf('/dependencies/distributions', distributions),
      ...(distributions.kind === 'seen' ? distributions.value.gaps : []),
      ...gapsOf('/dependencies/lock', lock),
      ...(lock.kind === 'seen' ? lock.value.gaps : []),
      ...gapsOf('/dependencies/native', native),
      ...(native.kind === 'seen' ? native.value.gaps : []),
    ],
  };
};
