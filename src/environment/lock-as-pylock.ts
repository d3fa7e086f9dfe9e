import { countOf } from '#base';
import type { EnvironmentLock, LockEntry, LockFile, LockGap } from './lock.ts';
import { comment, gapComments, headComments, isHashed, PROOFS, checkCommand } from './lock-text.ts';

/**
 * A lock as pylock.toml. The format has no package without an archive and its hash: those stand in [[tool.trainlock.pinned]] and are
 * missing from the file. Source: PEP 751.
 */
export const lockAsPylock = (lock: EnvironmentLock): LockFile => {
  const packages = lock.entries.map((entry) => ({ entry, source: sourceOf(entry) }));
  const pinned = packages.flatMap(({ entry, source }) => (source === undefined ? [entry] : []));
  const missing = [...pinned.filter(({ name }) => !lock.gaps.some((gap) => gap.name === name)).map(pinGap), ...lock.gaps];
  const { python, architecture } = lock;
  const lines = [
    ...headComments(lock),
    ...(pinned.length === 0 ? [] : pinComments(lock, pinned)),
    ...gapComments(lock.gaps),
    comment(`Check the installed files afterwards: ${checkCommand(lock)}`),
    'lock-version = "1.0"',
    ...(architecture === undefined ? [] : [`environments = [${text(`platform_machine == '${architecture.replaceAll("'", '')}'`)}]`]),
    ...(python === undefined || seriesOf(python.version) === undefined ? [] : [`requires-python = ${text(`==${seriesOf(python.version)}.*`)}`]),
    'created-by = "trainlock"',
    ...(pinned.length === packages.length ? ['packages = []'] : []),
    ...packages.flatMap(({ entry, source }) => (source === undefined ? [] : ['', '[[packages]]', `name = ${text(entry.name)}`, ...source, ...toolOf(entry)])),
    '',
    '[tool.trainlock]',
    `run = ${text(lock.run.id)}`,
    ...(lock.run.manifestSha256 === undefined ? [] : [`manifest-sha256 = ${text(lock.run.manifestSha256)}`]),
    ...(python === undefined ? [] : [`python = ${text(`${python.implementation} ${python.version}`)}`]),
    `complete = ${missing.length === 0}`,
    `check = ${text(checkCommand(lock))}`,
    ...pinned.flatMap((entry) => ['', '[[tool.trainlock.pinned]]', ...pinLines(entry)]),
    ...lock.gaps.flatMap(({ name, version, because, fix }) => [
      '',
      '[[tool.trainlock.missing]]',
      `name = ${text(name)}`,
      `version = ${text(version)}`,
      `because = ${text(because)}`,
      `fix = ${text(fix)}`,
    ]),
  ];
  return { text: lines.join('\n'), missing, unhashed: lock.entries.filter((entry) => !isHashed(entry)).length };
};

const pinComments = (lock: EnvironmentLock, pinned: readonly LockEntry[]): readonly string[] => [
  comment(`NOT COMPLETE. ${countOf(pinned.length, 'package')} can only be pinned, below [tool.trainlock]: this format has no package without address and hash of its archive.`),
  comment(`The format pip has them too (trainlock env lock ${lock.run.id.slice(0, 8)} --format pip); wheels that you have are looked into with --find-links FOLDER.`),
];

const pinGap = ({ name, version, ...entry }: LockEntry): LockGap => ({
  name,
  version,
  because: entry.kind === 'archive' ? 'the hash of its archive is proven, but where it lies is not recorded' : 'no archive of it is proven',
  fix: '--format pip, or --find-links with a folder that has its wheel',
});

/** The lines that say where a package comes from; undefined if the format has no words for it. */
const sourceOf = (entry: LockEntry): readonly string[] | undefined => {
  if (entry.kind === 'vcs') return [`version = ${text(entry.version)}`, `vcs = { type = "git", url = ${text(entry.url)}, commit-id = ${text(entry.commit)} }`];
  if (entry.kind !== 'archive') return undefined;
  const { sha256, url, path, file, sizeBytes, provenBy } = entry.archive;
  const place = path === undefined ? (url === undefined ? undefined : `url = ${text(url)}`) : `path = ${text(path)}`;
  if (place === undefined) return undefined;
  const facts = [place, ...(sizeBytes === undefined ? [] : [`size = ${sizeBytes}`]), `hashes = { sha256 = ${text(sha256)} }`].join(', ');
  // What came from an address has no version of its own in this format: the archive says it.
  return provenBy === 'installer'
    ? [`archive = { ${facts} }`]
    : file === undefined
      ? undefined
      : [`version = ${text(entry.version)}`, file.endsWith('.whl') ? `wheels = [{ name = ${text(file)}, ${facts} }]` : `sdist = { name = ${text(file)}, ${facts} }`];
};

const toolOf = (entry: LockEntry): readonly string[] => [
  '[packages.tool.trainlock]',
  ...(entry.kind === 'archive' ? [`proof = ${text(PROOFS[entry.archive.provenBy])}`] : []),
  ...(entry.recordSha256 === undefined ? [] : [`record-sha256 = ${text(entry.recordSha256)}`]),
];

const pinLines = (entry: LockEntry): readonly string[] => [
  `name = ${text(entry.name)}`,
  `version = ${text(entry.version)}`,
  ...(entry.kind === 'url' ? [`url = ${text(entry.url)}`] : []),
  ...(entry.kind === 'archive' ? [`archive-sha256 = ${text(entry.archive.sha256)}`, `proof = ${text(PROOFS[entry.archive.provenBy])}`] : []),
  ...(entry.recordSha256 === undefined ? [] : [`record-sha256 = ${text(entry.recordSha256)}`]),
];

const seriesOf = (version: string): string | undefined => /^([0-9]+\.[0-9]+)(?:\.|$)/.exec(version)?.[1];

/** A basic string. Source: TOML 1.0, "String". */
const text = (value: string): string =>
  `"${value.toWellFormed().replace(/[\u0000-\u001f"\\\u007f]/g, (letter) => (letter === '"' || letter === '\\' ? `\\${letter}` : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`))}"`;
