import type { DocumentPlace } from '../signed-documents/document-files.ts';

/** What persons have signed, by the folder in which it lies. */
export type SignedKind = 'approval' | 'exception' | 'history';

/** What a file of the repository is to us. Files of one thing (a record with its signatures and proofs) have one `unit`. */
export type DocumentPart = {
  readonly kind: 'record' | SignedKind | 'policy' | 'trust' | 'snapshot' | 'sidecar';
  /** Folder of the project, with a slash at the end; empty at the top. */
  readonly project: string;
  /** Path of the thing without what tells its parts apart. */
  readonly unit: string;
  readonly part: Part;
};

/** A view and proofs are made anew, and a whole document has versions; all other parts stay as they are. */
export type Part = 'statement' | 'bundle' | 'ssh-signature' | 'signer' | 'seal' | 'leaf' | 'proof' | 'view' | 'whole';

const RUN = String.raw`\d{8}T\d{6}Z-[0-9a-f]{8,32}`;

/** Names below the folder of records, each with the unit, and what follows it. */
const RECORD = new RegExp(`^(kept/${RUN})\\.(.+)$|^(runs/${RUN})/(.+)$`);
const SIGNED = /^((approvals|exceptions|history)\/[0-9a-f]{16})\.(.+)$/;
const SIGNED_KINDS: Readonly<Record<DocumentPlace, SignedKind>> = { approvals: 'approval', exceptions: 'exception', history: 'history' };
const SNAPSHOT = /^snapshots\/\d{8}T\d{6}Z-[0-9a-f]{8}(?:\.erasure)?\.json$/;
const TRUST = /^trust(?:\.next)?\.json$/;
const OLDER_TRUST = /^trust\/v[1-9][0-9]{0,8}\.json$/;

/**
 * Tells which document of ours a path of the repository is; undefined for all others. `stores` are folders of records with another name
 * than .trainlock, with a slash at the end.
 */
export const documentPart = (path: string, stores: readonly string[] = []): DocumentPart | undefined => {
  for (const place of placesOf(path, stores)) {
    const part = partIn(place);
    if (part !== undefined) return part;
  }
  return path.endsWith('.trainlock.json') ? { kind: 'sidecar', project: '', unit: path, part: 'whole' } : undefined;
};

type Place = { readonly project: string; readonly root: string; /** The path below the root. */ readonly inside: string };

const partIn = ({ project, root, inside }: Place): DocumentPart | undefined => {
  const record = RECORD.exec(inside);
  const of = (kind: DocumentPart['kind'], unit: string, part: Part | undefined): DocumentPart | undefined =>
    part === undefined ? undefined : { kind, project, unit: `${root}${unit}`, part };
  if (record !== null) return of('record', record[1] ?? record[3]!, partOf(record[2] ?? record[4]!));
  const signed = SIGNED.exec(inside);
  if (signed !== null) return of(SIGNED_KINDS[signed[2] as DocumentPlace], signed[1]!, partOf(signed[3]!));
  if (inside === 'policy.yaml') return of('policy', inside, 'whole');
  if (TRUST.test(inside)) return of('trust', inside, 'whole');
  if (OLDER_TRUST.test(inside)) return of('trust', inside, 'statement');
  return SNAPSHOT.test(inside) ? of('snapshot', inside, 'statement') : undefined;
};

/** Names of kept records are like no others, wherever another project has its store. */
const ELSEWHERE = new RegExp(`^((?:.*/)?)kept/${RUN}\\.`, 's');

/** The folder of the project to which a path below a .trainlock belongs, with a slash at the end, and what follows; undefined for others. */
export const projectPlace = (path: string): { readonly project: string; readonly inside: string } | undefined => {
  const match = /^((?:.*\/)?)\.trainlock\/(.+)$/s.exec(path);
  return match === null ? undefined : { project: match[1]!, inside: match[2]! };
};

/** Folders of ours in which a path could lie, the innermost first: a folder that somebody names a store must not hide one inside it. */
const placesOf = (path: string, stores: readonly string[]): readonly Place[] => {
  const own = projectPlace(path);
  const elsewhere = ELSEWHERE.exec(path)?.[1];
  const roots = [...stores.filter((store) => path.startsWith(store)).toSorted((a, b) => b.length - a.length), ...(elsewhere === undefined ? [] : [elsewhere])];
  return [...(own === undefined ? [] : [{ ...own, root: `${own.project}.trainlock/` }]), ...roots.map((root) => ({ project: '', root, inside: path.slice(root.length) }))];
};

const PARTS: Readonly<Record<string, Part>> = {
  'statement.json': 'statement',
  'statement.sigstore.json': 'bundle',
  'statement.json.sig': 'ssh-signature',
  'signer.pub': 'signer',
  'manifest.json': 'view',
};

const partOf = (name: string): Part | undefined =>
  Object.hasOwn(PARTS, name)
    ? PARTS[name]
    : /^seals\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.sigstore\.json$/.test(name)
      ? 'seal'
      : /^proofs\/[^/]+\.leaf$/.test(name)
        ? 'leaf'
        : /^proofs\/[^/]+$/.test(name)
          ? 'proof'
          : undefined;

/** Whether the bytes of a part may never become others. */
export const isForEver = (part: Part): boolean => part !== 'view' && part !== 'proof' && part !== 'whole';
