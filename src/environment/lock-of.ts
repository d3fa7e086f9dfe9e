import type { Dependencies, Manifest } from '#manifest';
import { isNeeded } from './compare-distributions.ts';
import type { EnvironmentLock, LockEntry, LockGap, ProvenArchive } from './lock.ts';
import { isPackageName, isPackageVersion } from './safe-names.ts';

type Distribution = Dependencies['distributions'][number];

export type LockOptions = {
  readonly manifestSha256?: string;
  /** Archives that were found beside the record, by name of the distribution. */
  readonly archives: ReadonlyMap<string, ProvenArchive>;
  readonly neededOnly: boolean;
};

/** The distributions of a run as a lock. A hash is taken only where it is proven; what cannot be brought back is a gap with its reason. */
export const lockOf = (manifest: Manifest, { manifestSha256, archives, neededOnly }: LockOptions): EnvironmentLock => {
  const all = manifest.dependencies.distributions;
  const wanted = all.filter((one) => !neededOnly || isNeeded(one));
  const locked = wanted.map((one) => lockOne(manifest, one, archives.get(one.name)));
  const interpreter = manifest.dependencies.interpreters[0];
  const architecture = manifest.environment.os?.architecture;
  return {
    run: { id: manifest.run.id, ...(manifestSha256 === undefined ? {} : { manifestSha256 }) },
    ...(interpreter === undefined ? {} : { python: { implementation: interpreter.implementation, version: interpreter.version } }),
    ...(architecture === undefined ? {} : { architecture }),
    entries: locked.flatMap(({ entry }) => (entry === undefined ? [] : [entry])).toSorted(byName),
    gaps: [...locked.flatMap(({ gap }) => (gap === undefined ? [] : [gap])), ...unseen(manifest)].toSorted(byName),
    leftOut: all.length - wanted.length,
  };
};

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

type Locked = { readonly entry?: LockEntry; readonly gap?: LockGap };

const lockOne = (manifest: Manifest, distribution: Distribution, found: ProvenArchive | undefined): Locked => {
  const { name, version, recordSha256, source } = distribution;
  const base = { name, version, ...(recordSha256 === undefined ? {} : { recordSha256 }) };
  const gap = (because: string, fix: string): LockGap => ({ name, version, because, fix });
  if (!isPackageName(name) || !isPackageVersion(version))
    return { gap: gap('its name or version is none that an installer knows', `look at the record: trainlock show ${manifest.run.id.slice(0, 8)} /dependencies`) };
  if (distribution.sizesAgree === 'no')
    return { gap: gap('its files were changed after they were installed, and no archive has them', 'make a package of the changed files, and record a run with it') };
  if (distribution.installer?.startsWith('conda') === true)
    return { gap: gap('conda installed it, and an index of Python has other files', `conda install ${name}=${version}, or the lock of conda`) };
  const archive = archiveOf(manifest, distribution, found);
  switch (source?.kind) {
    case 'editable':
      return lockFolder(manifest, distribution);
    case 'local':
      return archive === undefined ? lockFolder(manifest, distribution) : { entry: { ...base, kind: 'archive', archive } };
    case 'system':
      return { gap: gap('it came from the package manager of the system', `install ${name} ${version} with it, or run in an image that has it`) };
    case 'vcs': {
      const url = source.url === undefined ? undefined : repositoryAddress(source.url);
      if (!isCommit(source.commit)) return { gap: gap('it came from version control, and the record has no commit of it', 'install it from a commit, and record a run with it') };
      if (url === undefined)
        return { gap: gap('it came from version control, and its recorded address is none that an installer takes', 'install it from another address, and record a run with it') };
      return { entry: { ...base, kind: 'vcs', url, commit: source.commit } };
    }
    default: {
      const entry: LockEntry =
        archive !== undefined
          ? { ...base, kind: 'archive', archive }
          : source?.kind === 'url' && source.url !== undefined && isAddress(source.url)
            ? { ...base, kind: 'url', url: source.url }
            : { ...base, kind: 'pin' };
      // Without a hash before and a RECORD after the installation, nothing tells whether it is the same.
      return archive === undefined && recordSha256 === undefined
        ? { entry, gap: gap('it has neither a proven archive nor a RECORD: what is installed for it cannot be checked', 'install it from a wheel, and record a run with it') }
        : { entry };
    }
  }
};

/** What was found beside the record, else what the record itself proves. */
const archiveOf = (manifest: Manifest, { source, wheelSha256 }: Distribution, found: ProvenArchive | undefined): ProvenArchive | undefined => {
  if (found !== undefined) return found;
  if (wheelSha256 === undefined) return undefined;
  // Of these the installer itself wrote down the hash of what it unpacked. Source: PEP 610.
  if ((source?.kind === 'url' || source?.kind === 'local') && source.url !== undefined && isAddress(source.url))
    return { sha256: wheelSha256, provenBy: 'installer', url: source.url };
  return manifest.dependencies.lock?.agrees === 'yes' ? { sha256: wheelSha256, provenBy: 'lock-file' } : undefined;
};

/** A folder that was installed: the project itself can be had again at its commit; of any other folder nothing is recorded. */
const lockFolder = ({ code, run }: Manifest, { name, version, source, location }: Distribution): Locked => {
  const how = source?.kind === 'editable' ? 'an editable install of a folder' : 'an install of a folder or file';
  const gap = (because: string, fix: string): Locked => ({ gap: { name, version, because: `it is ${how}, ${because}`, fix } });
  const { project } = run.roots;
  const isProject = location?.startsWith('${project}') === true || source?.url?.startsWith('${project}') === true || (project !== undefined && source?.url === `file://${project}`);
  if (!isProject) return gap('and the record has no commit of it', 'install it from a commit or a wheel, and record a run with it');
  const { remote, commit, dirty } = code.repository;
  const url = remote === undefined ? undefined : repositoryAddress(remote);
  if (url === undefined || !isCommit(commit))
    return gap('the project itself, and the record has no remote and commit of it', `trainlock replay ${run.id.slice(0, 8)} brings its code back`);
  if (dirty !== 'no')
    return gap(`the project itself at ${commit.slice(0, 12)}, with changes that were not committed`, `trainlock replay ${run.id.slice(0, 8)} brings its code back`);
  return { entry: { name, version, kind: 'vcs', url, commit } };
};

const isCommit = (commit: string | undefined): commit is string => commit !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);

/** An address of an archive, in one line and without letters that an installer would take for something else. */
const isAddress = (url: string): boolean => /^(?:https?|file):\/\/[\x21-\x7e]{1,1000}$/.test(url) && !/["'`\\;#$]/.test(url);

/** The address of a repository as installers take it; undefined for transports that start programs, and for anything else. Git writes user@host:path too. */
const repositoryAddress = (remote: string): string | undefined => {
  const short = /^((?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+):([^/\s:][^\s:]*)$/.exec(remote);
  const url = short === null ? remote.replace(/^git\+/, '') : `ssh://${short[1]}/${short[2]}`;
  return /^(?:https?|ssh|git|file):\/\/[\x21-\x7e]{1,1000}$/.test(url) && !/["'`\\;#$]/.test(url) ? url : undefined;
};

/** What the recorder could not see of the installed distributions is missing here too. */
const unseen = ({ capture }: Manifest): readonly LockGap[] =>
  capture.gaps
    .filter(({ about }) => about === '/dependencies' || about.startsWith('/dependencies/distributions'))
    .map(({ reason, remedy }) => ({ name: '?', version: '?', because: `the recorder could not see everything: ${reason}`, fix: remedy ?? 'record a run again' }));
