import { join } from 'node:path';

/** A run's folder: <store>/runs/<name>. */
export type RunFolder = {
  /** Absolute. */
  readonly path: string;
  /** <time>-<id8>: the order of names is the order of starts. */
  readonly name: string;
};

export const RUN_FILES = {
  started: 'started.json',
  exit: 'exit.json',
  statement: 'statement.json',
  bundle: 'statement.sigstore.json',
  /** Public key of the signer, for those who know none; whoever could change the bundle could change it too. */
  signer: 'signer.pub',
  /** Further signatures and further statements: <name>.sigstore.json. */
  seals: 'seals',
  /** Proofs of the transparency log, and the leaves that wait for it. */
  proofs: 'proofs',
  manifest: 'manifest.json',
  marks: 'marks',
} as const;

export const runsFolder = (root: string): string => join(root, 'runs');

export const runFolder = (root: string, name: string): RunFolder => ({ path: join(runsFolder(root), name), name });

export const rootsFolder = (root: string): string => join(root, 'roots');

export const objectsFolder = (root: string): string => join(root, 'objects', 'sha256');

/** Where the plain bytes with this digest lie or would lie. */
export const objectPath = (root: string, sha256: string): string => join(objectsFolder(root), sha256.slice(0, 2), sha256.slice(2));

/** Where bytes lie or would lie compressed: one frame of Zstandard. The digest is that of the plain bytes. */
export const compressedPath = (root: string, sha256: string): string => `${objectPath(root, sha256)}.zst`;

/** The name of an object in its folder, without the first two digits of its digest: plain or compressed. */
export const OBJECT_NAME = /^([0-9a-f]{62})(\.zst)?$/;

/** A time of RFC 3339 as names of files have it. */
export const compactTime = (time: string): string => `${time.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Documents of data snapshots: <time>-<id8>.json; statements that data was erased: <time>-<id8>.erasure.json. */
export const snapshotsFolder = (root: string): string => join(root, 'snapshots');

/** What can be lost at any time: stat caches. */
export const cacheFolder = (root: string): string => join(root, 'cache');

export const keptFolder = (root: string): string => join(root, 'kept');

export const indexFile = (root: string): string => join(root, 'index.jsonl');

/** Folder name of a run. Throws TypeError unless id is a UUID and startedAt RFC 3339 in UTC. */
export const runName = (id: string, startedAt: string, letters: number = 8): string => {
  const time = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z$/.exec(startedAt);
  if (time === null || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new TypeError(`not the id and start of a run: ${id}, ${startedAt}`);
  return `${time[1]}${time[2]}${time[3]}T${time[4]}${time[5]}${time[6]}Z-${id.replaceAll('-', '').slice(0, letters)}`;
};

/** Whether a name is that of a finished creation of a run; names of ours in the making begin with a dot. */
export const isRunName = (name: string): boolean => /^\d{8}T\d{6}Z-[0-9a-f]{8,32}$/.test(name);
