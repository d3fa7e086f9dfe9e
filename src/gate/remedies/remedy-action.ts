import type { GateFinding, GateFindingId } from '../gate-finding.ts';

/** What can be done about findings. The list is closed: nothing of a record ever becomes another kind of action. */
export type RemedyKind =
  /** A signed statement that git has comes back. */
  | 'restore-statement'
  /** A file gets its recorded bytes. */
  | 'restore-file'
  /** Recorded packages are installed from archives with a proven hash. */
  | 'install-packages'
  | 'install-native'
  | 'pin-settings'
  | 'ask-approval'
  | 'replay'
  | 'record-again'
  | 'ask-canary'
  | 'look';

/** A file and the bytes that it is to have. `before`: of the bytes that are there now; absent where nothing is. */
export type RemedyFile = { readonly path: string; readonly sha256: string; readonly before?: string };

export type RemedyPackage = { readonly name: string; readonly version: string; readonly archiveSha256: string };

/** The finding that an action mends. */
export const aboutOf = ({ id, about }: GateFinding): RemedyAction['findings'][number] => (about === undefined ? { id } : { id, about });

/** The risk of what only looks, or waits. */
export const NOTHING_CHANGES = 'nothing is changed by it';

/** One thing that mends findings. Texts may hold recorded text: escape it. */
export type RemedyAction = {
  readonly kind: RemedyKind;
  /** automatic: trainlock may do it when it is told to; manual: a person must; follows: the gate answers it anew when the others are mended; impossible: nothing mends it. */
  readonly how: 'automatic' | 'manual' | 'follows' | 'impossible';
  readonly findings: readonly { readonly id: GateFindingId; readonly about?: string }[];
  /** What becomes another one, in one sentence. */
  readonly changes: string;
  /** What may come of it, in one sentence. */
  readonly risk: string;
  /** What a person would type. No program starts anything of it. */
  readonly commands: readonly string[];
  readonly files?: readonly RemedyFile[];
  readonly packages?: readonly RemedyPackage[];
  readonly interpreter?: string;
};

/** Where the recorded bytes of a file are at hand, or why they are not. */
export type FileMeans =
  | {
      readonly kind: 'found';
      readonly file: RemedyFile;
      /** In words: the store, a commit, a copy. */ readonly from: string;
      /** Whether it lies outside the project. */ readonly isOutside: boolean;
    }
  | { readonly kind: 'missing'; readonly because: string };

/** What is at hand for mending. Whoever looks for it has proven the bytes by their digests. */
export type RemedyMeans = {
  /** Why nothing that the record names is written here; absent if it may be. */
  readonly hindrance?: string;
  /** Signed statements that git has, and that are gone here: the files of each. */
  readonly statements: readonly (readonly RemedyFile[])[];
  /** By the name that the gate gives the file. */
  readonly models: ReadonlyMap<string, FileMeans>;
  readonly serving: ReadonlyMap<string, FileMeans>;
  /** Packages that can be installed as recorded, and where. */
  readonly packages?: { readonly interpreter: string; /** Folder in which packages lie. */ readonly place: string; readonly all: readonly RemedyPackage[] };
};
