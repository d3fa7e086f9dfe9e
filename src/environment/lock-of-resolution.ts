import type { Manifest } from '#manifest';
import type { EnvironmentLock, LockEntry } from './lock.ts';
import type { ResolvedPackage } from './read-pip-report.ts';

export type FollowedRun = { readonly run: EnvironmentLock['run']; readonly changes: readonly string[]; readonly manifest: Manifest };

/** Packages that pip resolved as a lock. `run` is the run whose environment it follows, `changes` what is otherwise than there. */
export const lockOfResolution = (resolved: readonly ResolvedPackage[], { run, changes, manifest }: FollowedRun): EnvironmentLock => {
  const { dependencies, environment } = manifest;
  const interpreter = dependencies.interpreters[0];
  const architecture = environment.os?.architecture;
  return {
    run,
    changes,
    ...(interpreter === undefined ? {} : { python: { implementation: interpreter.implementation, version: interpreter.version } }),
    ...(architecture === undefined ? {} : { architecture }),
    entries: resolved.map(entryOf),
    gaps: [],
    leftOut: 0,
  };
};

const entryOf = ({ name, version, sha256, url, commit }: ResolvedPackage): LockEntry => {
  if (commit !== undefined && url !== undefined) return { name, version, kind: 'vcs', url, commit };
  if (sha256 === undefined) return url === undefined ? { name, version, kind: 'pin' } : { name, version, kind: 'url', url };
  // Whoever names an address wants it again; an archive of an index is found by its version and hash.
  return { name, version, kind: 'archive', archive: url === undefined ? { sha256, provenBy: 'resolver' } : { sha256, provenBy: 'installer', url } };
};
