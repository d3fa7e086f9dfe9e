import { withoutCredentials } from '#base';
import type { Dependencies } from '#manifest';
import { readEggRequires, readMetadata, textAt } from './distribution-metadata.ts';
import { checkSizes, ownRows, readRecord, recordDigest, type RecordRow } from './distribution-record.ts';
import type { Requirement } from './requirement.ts';

type Entry = Dependencies['distributions'][number];

/** A distribution as found in a folder of the search path. */
export type FoundDistribution = {
  readonly entry: Entry;
  readonly requires: readonly Requirement[];
  /** Top-level names that it lets a program import. */
  readonly imports: readonly string[];
  readonly wheelTags: readonly string[];
  readonly libraries: readonly string[];
};

/** Most changed files that are listed. Source: schema/manifest, distributions.modified. */
const MOST_MODIFIED = 1000;

/** Reads `folder/name`, a .dist-info or .egg-info folder or file; undefined if it describes no distribution. Synchronous. */
export const readDistribution = (folder: string, name: string): FoundDistribution | undefined => {
  const place = `${folder}/${name}`;
  const wheel = name.endsWith('.dist-info');
  // Some egg-info are a single file.
  const metadata = readMetadata(textAt(wheel ? `${place}/METADATA` : `${place}/PKG-INFO`) ?? (wheel ? '' : (textAt(place) ?? '')));
  if (metadata === undefined) return undefined;
  const installer = textAt(`${place}/INSTALLER`)?.trim().slice(0, 1024);
  const record = wheel ? textAt(`${place}/RECORD`) : undefined;
  const rows = record === undefined ? [] : readRecord(record);
  const own = ownRows(rows);
  const direct = wheel ? readDirectUrl(textAt(`${place}/direct_url.json`)) : undefined;
  const source = direct?.source ?? sourceOf(folder, { wheel, installer });
  // Packagers of distributions strip and move files without writing RECORD anew: there it says nothing about changes.
  const checked = record === undefined || source.kind === 'system' ? undefined : checkSizes(folder, own, `${place}/RECORD`);
  const entry: Entry = {
    name: metadata.name,
    version: metadata.version,
    location: folder,
    source,
    ...(installer === undefined || installer === '' ? {} : { installer }),
    ...(direct?.sha256 === undefined ? {} : { wheelSha256: direct.sha256 }),
    ...(record === undefined ? {} : { recordSha256: recordDigest(own) }),
    sizesAgree: checked?.agree ?? 'unknown',
    ...(checked === undefined || checked.modified.length === 0 ? {} : { modified: checked.modified.slice(0, MOST_MODIFIED) }),
  };
  return {
    entry,
    requires: wheel ? metadata.requires : [...metadata.requires, ...readEggRequires(textAt(`${place}/requires.txt`) ?? '')],
    imports: importsOf(textAt(`${place}/top_level.txt`), rows),
    wheelTags: (textAt(`${place}/WHEEL`) ?? '').split('\n').flatMap((line) => (line.startsWith('Tag:') ? [line.slice(4).trim()] : [])),
    libraries: rows.flatMap((row) => (/\.so(?:\.[0-9.]+)?$/.test(row.path) && !row.path.startsWith('..') ? [`${folder}/${row.path}`] : [])),
  };
};

/** Where it came from, if the installer does not say: distributions put it into dist-packages; an egg beside source code is a checkout. */
const sourceOf = (folder: string, facts: { readonly wheel: boolean; readonly installer: string | undefined }): NonNullable<Entry['source']> => {
  if (/^(?:debian|apt|rpm|dnf|apk|portage|nix)$/.test(facts.installer ?? '') || (folder.endsWith('/dist-packages') && facts.installer !== 'pip' && facts.installer !== 'uv'))
    return { kind: 'system' };
  if (/^(?:pip|uv|poetry|pdm|conda)\b/.test(facts.installer ?? '')) return { kind: 'index' };
  if (!facts.wheel && !/\/(?:site|dist)-packages$/.test(folder)) return { kind: 'editable', url: `file://${folder}` };
  return { kind: 'unknown' };
};

/** Source: PEP 610. Hostile JSON. */
const readDirectUrl = (text: string | undefined): { readonly source: NonNullable<Entry['source']>; readonly sha256?: string } | undefined => {
  const document = objectOf(parsed(text));
  const address = document?.['url'];
  if (document === undefined || typeof address !== 'string') return undefined;
  const url = withoutCredentials(address).slice(0, 1024);
  const vcs = objectOf(document['vcs_info']);
  const folder = objectOf(document['dir_info']);
  const commit = vcs?.['commit_id'];
  if (vcs !== undefined) return { source: { kind: 'vcs', url, ...(typeof commit === 'string' ? { commit: commit.slice(0, 1024) } : {}) } };
  if (folder !== undefined) return { source: { kind: folder['editable'] === true ? 'editable' : 'local', url } };
  const archive = objectOf(document['archive_info']);
  const hash = objectOf(archive?.['hashes'])?.['sha256'] ?? (typeof archive?.['hash'] === 'string' && archive['hash'].startsWith('sha256=') ? archive['hash'].slice(7) : undefined);
  return { source: { kind: url.startsWith('file:') ? 'local' : 'url', url }, ...(typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? { sha256: hash } : {}) };
};

const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;

/** Names from top_level.txt, and from RECORD: folders and modules at its top. Namespace packages have several owners. */
const importsOf = (topLevel: string | undefined, rows: readonly RecordRow[]): readonly string[] => {
  const names = new Set(
    (topLevel ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
  for (const { path } of rows) {
    const slash = path.indexOf('/');
    const first = slash === -1 ? path : path.slice(0, slash);
    if (slash === -1 ? /\.(?:py|so|pyd)$/.test(first) : /^[A-Za-z_]\w*$/.test(first)) names.add(first.split('.')[0]!);
  }
  names.delete('__pycache__');
  return [...names];
};
