import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import type { RemedyFile } from '#gate';
import { GitBlobs, runGit } from '#origins';
import { readAnyStatement } from '#statements';
import { type DocumentPart, documentPart } from '../git-check/document-part.ts';
import { filesBelow, isNoFile } from '../git/git-files.ts';
import { pathInRepository, type Repository, repositoryOf } from '../git/repository.ts';
import { MAX_SIGNED } from '../signed-documents/document-files.ts';
import { payloadOfBundle } from '../signed-documents/signed-at.ts';

/** A signed statement that git has and that is gone here: its files, from the folder of the project, with their bytes. */
export type LostStatement = readonly (RemedyFile & { readonly bytes: Uint8Array })[];

/** Most statements that are brought back at once, and most files of one. */
const MOST = 32;
const MOST_FILES = 64;

type GitPart = { readonly part: DocumentPart; readonly inside: string; readonly oid: string };

/**
 * Approvals, exceptions and what was said of records that git has, now or in an earlier commit, and that are not in the project. Only
 * those that are statements, under the name of their digest. Without a repository there are none. Never throws for what it finds there.
 */
export const lostStatements = async (projectRoot: string): Promise<readonly LostStatement[]> => {
  try {
    const repository = await repositoryOf(projectRoot);
    const folder = await pathInRepository(repository, projectRoot);
    return folder === undefined ? [] : await lostIn(repository, { folder, projectRoot });
  } catch (error) {
    if (error instanceof TrainlockError) return [];
    throw error;
  }
};

const PLACES = ['approvals', 'exceptions', 'history'] as const;
const KINDS: ReadonlySet<string> = new Set(['approval', 'exception', 'history']);

const lostIn = async (repository: Repository, { folder, projectRoot }: { readonly folder: string; readonly projectRoot: string }): Promise<readonly LostStatement[]> => {
  const prefix = folder === '' ? '' : `${folder}/`;
  const folders = PLACES.map((place) => `${prefix}.trainlock/${place}`);
  const known = new Map<string, string>();
  for (const [path, oid] of [...(await removedFrom(repository, folders)), ...(await headOf(repository, folders))]) known.set(path, oid);
  const units = new Map<string, GitPart[]>();
  for (const [path, oid] of known) {
    const part = path.startsWith(prefix) ? documentPart(path.slice(prefix.length)) : undefined;
    if (part === undefined || !KINDS.has(part.kind) || part.project !== '') continue;
    units.set(part.unit, [...(units.get(part.unit) ?? []), { part, inside: path.slice(prefix.length), oid }]);
  }
  const blobs = new GitBlobs(repository.top);
  try {
    const lost: LostStatement[] = [];
    for (const parts of [...units].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, all]) => all)) {
      const one = await lostOf(parts, { blobs, projectRoot });
      if (one !== undefined && lost.length < MOST) lost.push(one);
    }
    return lost;
  } finally {
    blobs.end();
  }
};

const headOf = async (repository: Repository, folders: readonly string[]): Promise<readonly (readonly [string, string])[]> => {
  const files = await filesBelow(repository, { kind: 'tree', id: 'HEAD' }, folders);
  return [...files].flatMap(([path, file]) => (isNoFile(file) ? [] : [[path, file.oid] as const]));
};

/** Files that a commit took away, as they were before it; the newest commit is told last. */
const removedFrom = async ({ top }: Repository, folders: readonly string[]): Promise<readonly (readonly [string, string])[]> => {
  const args = ['log', '--format=', '--raw', '-z', '--no-abbrev', '--no-renames', '--full-history', '--reverse', '--diff-filter=D', 'HEAD', '--', ...folders];
  const answer = await runGit(top, args);
  if (answer.kind !== 'ended' || answer.code !== 0) return [];
  const words = answer.stdout.toString('utf8').split('\0');
  return words.flatMap((word, at) => {
    const oid = /^\n?:100[0-7]{3} 000000 ([0-9a-f]{40,64}) 0+ D$/.exec(word)?.[1];
    const path = words[at + 1];
    return oid === undefined || path === undefined ? [] : [[path, oid] as const];
  });
};

/** Parts without which a statement does not count. */
const NEEDED: ReadonlySet<string> = new Set(['statement', 'bundle', 'ssh-signature']);

const lostOf = async (parts: readonly GitPart[], { blobs, projectRoot }: { readonly blobs: GitBlobs; readonly projectRoot: string }): Promise<LostStatement | undefined> => {
  const gone: GitPart[] = [];
  for (const one of parts) if (await isGone(join(projectRoot, one.inside))) gone.push(one);
  if (!gone.some(({ part }) => NEEDED.has(part.part)) || gone.length > MOST_FILES) return undefined;
  const bytesOf = async ({ oid }: GitPart): Promise<Uint8Array | undefined> => blobs.bytes(oid, MAX_SIGNED);
  if (!(await isItself(parts, bytesOf))) return undefined;
  const files: LostStatement[number][] = [];
  // The statement comes last: with it the document is there.
  for (const one of gone.toSorted((a, b) => Number(a.part.part === 'statement') - Number(b.part.part === 'statement'))) {
    const bytes = await bytesOf(one);
    if (bytes === undefined) return undefined;
    files.push({ path: one.inside, sha256: toHex(nodeCrypto.sha256(bytes)), bytes });
  }
  return files;
};

const isGone = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

/** Whether a document is a statement under the name of its digest. Hostile bytes: a repository may hold anything under these names. */
const isItself = async (parts: readonly GitPart[], bytesOf: (part: GitPart) => Promise<Uint8Array | undefined>): Promise<boolean> => {
  for (const one of parts.filter(({ part }) => part.part === 'statement' || part.part === 'bundle')) {
    const bytes = await bytesOf(one);
    const payload = bytes === undefined || one.part.part === 'statement' ? bytes : payloadOfBundle(bytes);
    if (payload === undefined || readAnyStatement(payload).kind !== 'accepted') return false;
    if (!one.part.unit.endsWith(`/${toHex(nodeCrypto.sha256(payload)).slice(0, 16)}`)) return false;
  }
  return parts.some(({ part }) => part.part === 'statement');
};
