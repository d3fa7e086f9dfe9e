import { splitZero } from './git-command.ts';

/** What git status --porcelain=v2 --branch -z says. */
export type GitStatus = {
  /** Object name of HEAD; absent before the first commit. */
  readonly commit?: string;
  /** Absent for a detached HEAD. */
  readonly branch?: string;
  /** Name of the upstream branch. */
  readonly upstream?: string;
  /** Tracked files that differ from the commit, as bytes relative to the top. */
  readonly changed: readonly Buffer[];
  readonly untracked: readonly Buffer[];
  /** Submodules that differ: path, and whether the commit or the content differs. */
  readonly submodules: readonly { readonly path: Buffer; readonly commitChanged: boolean; readonly contentChanged: boolean }[];
};

/** Reads the output of git status. Source: git-status(1), Porcelain Format Version 2. File names in it are hostile bytes. */
export const readGitStatus = (bytes: Buffer): GitStatus => {
  const head: { commit?: string; branch?: string; upstream?: string } = {};
  const changed: Buffer[] = [];
  const untracked: Buffer[] = [];
  const submodules: GitStatus['submodules'][number][] = [];
  const pieces = splitZero(bytes);
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index]!;
    const kind = String.fromCharCode(piece[0] ?? 0);
    if (kind === '#') readHeader(piece.toString('utf8'), head);
    else if (kind === '?') untracked.push(piece.subarray(2));
    else if (kind === '1' || kind === '2' || kind === 'u') {
      const path = afterFields(piece, kind === '1' ? 8 : kind === '2' ? 9 : 10);
      // A rename has its old name in the next piece.
      if (kind === '2') index += 1;
      if (path === undefined) continue;
      changed.push(path);
      const sub = piece.subarray(5, 9).toString('latin1');
      if (sub.startsWith('S')) submodules.push({ path, commitChanged: sub[1] === 'C', contentChanged: sub[2] === 'M' || sub[3] === 'U' });
    }
  }
  return { ...head, changed, untracked, submodules };
};

const readHeader = (line: string, head: { commit?: string; branch?: string; upstream?: string }): void => {
  const [, name, ...rest] = line.split(' ');
  const value = rest.join(' ');
  if (name === 'branch.oid' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value)) head.commit = value;
  if (name === 'branch.head' && value !== '(detached)') head.branch = value;
  if (name === 'branch.upstream') head.upstream = value;
};

/** What follows the given number of fields, each closed by one blank. */
const afterFields = (piece: Buffer, fields: number): Buffer | undefined => {
  let at = 0;
  for (let field = 0; field < fields; field += 1) {
    at = piece.indexOf(32, at) + 1;
    if (at === 0) return undefined;
  }
  return piece.subarray(at);
};
