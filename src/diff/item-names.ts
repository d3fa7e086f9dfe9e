import type { JsonValue } from '#base';
import { memberAt } from './json-equal.ts';

const text = (item: JsonValue | undefined, dotted: string): string => {
  const value = memberAt(item, dotted);
  return value === undefined || value === null ? '' : String(typeof value === 'object' ? JSON.stringify(value) : value);
};

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

const process = (item: JsonValue | undefined): string => (text(item, 'process') === '' || text(item, 'process') === '0' ? '' : `in process ${text(item, 'process')}`);

const siteText = (item: JsonValue | undefined): string => {
  const file = text(item, 'site.file');
  return file === '' ? '' : `at ${file}${text(item, 'site.function') === '' ? '' : ` (${text(item, 'site.function')})`}`;
};

/** The package that brings a library, told from the folder it lies in: numpy.libs. */
const ofPackage = (path: string): string => {
  const folder = /(?:site|dist)-packages\/([^/]+)\//.exec(path)?.[1];
  return folder === undefined ? '' : `of ${folder.replace(/\.libs$/, '')}`;
};

const NAMES: Readonly<Record<string, (item: JsonValue) => string>> = {
  '/parameters': (item) => text(item, 'name'),
  '/randomness/generators': (item) => words(text(item, 'api'), siteText(item), ordinal(text(item, 'site.ordinal')), process(item)),
  '/randomness/states': (item) => words(text(item, 'library'), text(item, 'at'), ordinal(text(item, 'ordinal')), process(item)),
  '/data/*/splits': (item) => words(text(item, 'method'), ordinal(text(item, 'ordinal')), process(item)),
  '/environment/threadPools': (item) => words(text(item, 'api'), ofPackage(text(item, 'path')), process(item)),
  '/environment/accelerators': (item) => words(text(item, 'index'), text(item, 'model')),
  '/evaluation/metrics': (item) => words(text(item, 'name'), text(item, 'stage'), text(item, 'split')),
  '/logs/warnings': (item) => words(text(item, 'category'), text(item, 'message').slice(0, 80)),
  '/logs/deprecations': (item) => words(text(item, 'category'), text(item, 'message').slice(0, 80)),
};

const ordinal = (number: string): string => (number === '' || number === '0' ? '' : `#${Number(number) + 1}`);

/** What people call an item of a list. `key` are the members that identify it. */
export const itemName = (listPath: string, item: JsonValue, key: readonly string[]): string => NAMES[listPath]?.(item) ?? words(...key.map((member) => text(item, member)));

/** A shared library without version, digest and suffix: libopenblas64_p-r0-0cf96a72.3.23.dev.so is libopenblas64_p. */
const libraryStem = (path: string): string =>
  withoutVersion(
    path
      .slice(path.lastIndexOf('/') + 1)
      .replace(/\.so.*$/, '')
      .replace(/(-r[0-9]+)?-[0-9a-f]{8,}.*$/, ''),
  );

/** A name without the digits and points at its end that a dash or a point leads in. Looked for from the end: a pattern would try each point of a long number. */
const withoutVersion = (name: string): string => {
  let start = name.length;
  while (start > 0 && /[0-9.]/.test(name[start - 1]!)) start -= 1;
  const isDigit = (at: number): boolean => /[0-9]/.test(name[at] ?? '');
  if (name[start - 1] === '-' && isDigit(start)) return name.slice(0, start - 1);
  for (let at = start; at < name.length; at += 1) if (name[at] === '.' && isDigit(at + 1)) return name.slice(0, at);
  return name;
};

/** A path without what changes from run to run: times, version numbers, uuids, long hexadecimal numbers. */
const steadyPath = (path: string): string =>
  path
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*')
    .replace(/[0-9a-f]{16,}/g, '*')
    .replace(/[0-9]+/g, '#');

const fileDigest = (item: JsonValue): string | undefined => text(item, 'sha256') || undefined;

/** The digest of all bytes of a data set, if it is known. */
const dataDigest = (item: JsonValue): string | undefined => {
  const files = memberAt(item, 'files');
  const digests = Array.isArray(files) ? files.map((file: JsonValue) => text(file, 'sha256')) : [];
  return text(item, 'contentSha256') || text(item, 'list.sha256') || (digests.length > 0 && digests.every((digest) => digest !== '') ? digests.toSorted().join(' ') : undefined);
};

type WeakKey = (item: JsonValue) => string | undefined;

/** The strongest first: what has the same bytes is paired before what has the same name. */
const WEAK_KEYS: Readonly<Record<string, readonly WeakKey[]>> = {
  '/dependencies/native': [(item) => text(item, 'buildId') || fileDigest(item), (item) => `${text(item, 'owner.name')} ${libraryStem(text(item, 'path'))}`],
  '/dependencies/interpreters': [(item) => text(item, 'implementation')],
  '/environment/threadPools': [(item) => `${text(item, 'api')} ${text(item, 'process')} ${libraryStem(text(item, 'path'))}`],
  '/outputs': [(item) => steadyPath(text(item, 'path'))],
  '/data': [dataDigest],
  '/code/files': [fileDigest],
  '/code/repository/untracked': [fileDigest],
  '/data/*/files': [fileDigest],
};

/** What pairs items whose keys have no partner, one rule after the other: the same bytes under another name, the same library in another version. */
export const weakKeys = (listPath: string): readonly WeakKey[] => WEAK_KEYS[listPath] ?? [];
