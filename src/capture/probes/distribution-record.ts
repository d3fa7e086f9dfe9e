import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** One row of RECORD: path relative to the folder, digest as algorithm=base64url, size. Source: PEP 376, PEP 427. */
export type RecordRow = { readonly path: string; readonly digest: string; readonly size: number | undefined };

/** Reads RECORD, a CSV file without heading. Hostile text: one pass, quotes only where they stand. */
export const readRecord = (text: string): readonly RecordRow[] => {
  const rows: RecordRow[] = [];
  let from = 0;
  while (from < text.length) {
    let end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    const line = text.charCodeAt(end - 1) === 13 ? text.slice(from, end - 1) : text.slice(from, end);
    from = end + 1;
    const sizeAt = line.lastIndexOf(',');
    const digestAt = line.lastIndexOf(',', sizeAt - 1);
    if (digestAt <= 0) continue;
    const quoted = line.charCodeAt(0) === 34;
    const path = quoted ? line.slice(1, digestAt - 1).replaceAll('""', '"') : line.slice(0, digestAt);
    const size = line.slice(sizeAt + 1);
    rows.push({ path, digest: line.slice(digestAt + 1, sizeAt), size: size === '' || !/^[0-9]{1,15}$/.test(size) ? undefined : Number(size) });
  }
  return rows;
};

/** Rows that every installation of the same wheel has: not caches, not what the installer adds, not files outside the folder. */
export const ownRows = (rows: readonly RecordRow[]): readonly RecordRow[] =>
  rows.filter(
    ({ path }) =>
      !path.endsWith('.pyc') &&
      !path.startsWith('..') &&
      !path.startsWith('/') &&
      !/\.dist-info\/(?:RECORD(?:\.jws|\.p7s)?|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json|uv_build\.json|provenance_url\.json)$/.test(path),
  );

/** SHA-256 of the rows `path,digest,size`, sorted by UTF-16 code units and joined by line feeds. */
export const recordDigest = (rows: readonly RecordRow[]): string => {
  const lines = rows.map((row) => `${row.path},${row.digest},${row.size ?? ''}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
};

/** Files that were touched after the installation are hashed, up to this many bytes for one distribution. */
const MOST_HASHED = 256 * 1024 * 1024;

/** Slack for clocks of network file systems. Unit: ms. */
const LATER_MS = 2000;

export type SizeCheck = { readonly agree: 'yes' | 'no' | 'unknown'; readonly modified: readonly string[] };

/** Compares files on disk with RECORD: sizes of all, digests of those touched later than RECORD itself. A change of equal size with its time set back is not seen. */
export const checkSizes = (folder: string, rows: readonly RecordRow[], recordPath: string): SizeCheck => {
  const installedMs = statSync(recordPath, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
  const modified: string[] = [];
  let unknown = false;
  let hashed = 0;
  for (const row of rows) {
    if (row.size === undefined) continue;
    const path = `${folder}/${row.path}`;
    const facts = statOf(path);
    if (facts === 'unreadable') unknown = true;
    else if (facts === undefined || facts.size !== row.size) modified.push(path);
    else if (facts.mtimeMs > installedMs + LATER_MS) {
      hashed += row.size;
      const same = hashed > MOST_HASHED ? undefined : hasDigest(path, row.digest);
      if (same === undefined) unknown = true;
      else if (!same) modified.push(path);
    }
  }
  return { agree: modified.length > 0 ? 'no' : unknown ? 'unknown' : 'yes', modified };
};

const statOf = (path: string): { readonly size: number; readonly mtimeMs: number } | undefined | 'unreadable' => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return 'unreadable';
  }
};

const hasDigest = (path: string, digest: string): boolean | undefined => {
  const [algorithm, wanted] = digest.split('=', 2);
  if (wanted === undefined || !/^sha(?:256|384|512)$/.test(algorithm!)) return undefined;
  try {
    return createHash(algorithm!).update(readFileSync(path)).digest('base64url') === wanted;
  } catch {
    return undefined;
  }
};
