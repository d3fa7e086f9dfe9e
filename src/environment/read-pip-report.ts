import { accepted, readJson, type Reading, rejected, valueAt } from '#base';
import { packageName } from '#manifest';
import { isPackageName, isPackageVersion } from './safe-names.ts';

/** A package that pip would install, and the archive or commit that it chose. */
export type ResolvedPackage = {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  readonly sha256?: string;
  /** Where it comes from, if a requirement names it by its address and not by its version. */
  readonly url?: string;
  /** For a package from version control. */
  readonly commit?: string;
};

/** More packages than any environment has. */
const MOST = 20_000;

/**
 * Reads what `pip install --report` says. Names, versions and addresses come from an index, and so they are hostile: one that no installer
 * would take, or two packages of one name, and nothing of the report counts. Never throws.
 * Source: https://pip.pypa.io/en/stable/reference/installation-report/
 */
export const readPipReport = (bytes: Uint8Array): Reading<readonly ResolvedPackage[]> => {
  const json = readJson(bytes);
  if (json.kind === 'rejected') return json;
  const items = valueAt(json.value, '/install');
  if (!Array.isArray(items) || items.length > MOST) return rejected({ pointer: '/install', message: 'there is no list of packages' });
  const packages = new Map<string, ResolvedPackage>();
  for (const [at, item] of items.entries()) {
    const found = packageIn(item);
    if (typeof found === 'string') return rejected({ pointer: `/install/${at}`, message: found });
    if (packages.has(found.name)) return rejected({ pointer: `/install/${at}`, message: `${found.name} stands there twice` });
    packages.set(found.name, found);
  }
  return accepted([...packages.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)));
};

const textAt = (item: unknown, pointer: string): string | undefined => {
  const value = valueAt(item, pointer);
  return typeof value === 'string' ? value : undefined;
};

/** What one entry says, or why it cannot be used. */
const packageIn = (item: unknown): ResolvedPackage | string => {
  const [name, version] = [textAt(item, '/metadata/name'), textAt(item, '/metadata/version')];
  if (name === undefined || version === undefined || !isPackageName(name) || !isPackageVersion(version)) return 'its name or version is none that an installer knows';
  const base = { name: packageName(name), version };
  const url = textAt(item, '/download_info/url');
  const commit = textAt(item, '/download_info/vcs_info/commit_id');
  if (commit !== undefined) return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) && isAddress(url) ? { ...base, url, commit } : `${base.name} has no commit, or no address`;
  if (valueAt(item, '/download_info/archive_info') === undefined) return `${base.name} comes from a folder, and not from an archive`;
  const sha256 = textAt(item, '/download_info/archive_info/hashes/sha256');
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) return `${base.name} has a hash that is none`;
  const isDirect = valueAt(item, '/is_direct') === true;
  if (isDirect && !isAddress(url)) return `${base.name} has an address that no installer takes`;
  return { ...base, ...(sha256 === undefined ? {} : { sha256 }), ...(isDirect && isAddress(url) ? { url } : {}) };
};

/** One line without letters that an installer would take for something else, and without credentials. */
const isAddress = (url: string | undefined): url is string =>
  url !== undefined && /^(?:https?|file|ssh|git):\/\/[\x21-\x7e]{1,1000}$/.test(url) && !/["'`\\;#$]|\/\/[^/]*:[^/]*@/.test(url);
