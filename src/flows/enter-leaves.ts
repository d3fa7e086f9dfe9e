/** Enters the leaves that wait beside records in the log of this machine. */
import { TrainlockError } from '#base';
import { nodeVerifySignature } from '#keys';
import { type Logbook, openLogbook } from '#logbook';
import { openStore } from '#store';
import { keepCheckpoint, seenCheckpoints } from './log/seen-checkpoints.ts';
import { isAboutItsRecord } from './log/leaf-of-record.ts';
import { leavesToEnter } from './log/lost-proofs.ts';
import { keepProof, layProofAside, leafPath, leavesBesideAll, proofPath, type RunLeaf, type RunLeaves } from './log/waiting-leaves.ts';
import { allDocumentStatements } from './signed-documents/document-files.ts';

export type EnterRequest = {
  /** Where the statements of the runs lie. */
  readonly statementPaths: readonly string[];
  /** Folder of the store: it keeps the newest checkpoint that the project has seen. */
  readonly storeRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long to wait for another process. Unit: millisecond; default 5000. */
  readonly waitMs?: number;
};

export type Entry = { readonly statementPath: string; readonly name: string; readonly index: number; readonly isNew: boolean };

export type EnteredLeaves =
  | {
      readonly kind: 'entered';
      readonly origin: string;
      /** Index of the last of these leaves. */
      readonly index: number;
      /** Number of leaves of the log. */
      readonly size: number;
      readonly entries: readonly Entry[];
      /** Files that hold no leaf, or no proof of it. */
      readonly damaged: readonly string[];
    }
  /** Nothing waits. */
  | { readonly kind: 'none'; readonly damaged: readonly string[] }
  /** The leaves stay where they are; the records are whole. */
  | { readonly kind: 'waiting'; readonly because: string; readonly fix?: string; readonly code?: string; readonly count: number };

/**
 * Sequences every leaf that waits beside these statements, and lays the proof beside each; a leaf that a log of this machine has lost
 * waits again. Never throws: a log that cannot be written, is damaged or busy is told, and the leaves wait for the next time.
 */
export const enterLeaves = async (request: EnterRequest): Promise<EnteredLeaves> => {
  let count = 0;
  try {
    const found = await leavesBesideAll(request.statementPaths);
    const damaged = found.flatMap((one: RunLeaves) => one.damaged);
    const { waiting, lost } = await leavesToEnter(found, request.env);
    const leaves: RunLeaf[] = [];
    for (const leaf of [...waiting, ...lost]) {
      if (await isAboutItsRecord(leaf)) leaves.push(leaf);
      else damaged.push(leafPath(leaf));
    }
    count = leaves.length;
    return count === 0 ? { kind: 'none', damaged } : await enter(leaves, { damaged, lookBack: lost.length > 0 ? 'whole' : 'recent' }, request);
  } catch (error) {
    const fix = error instanceof TrainlockError ? error.fix : undefined;
    return {
      kind: 'waiting',
      because: error instanceof Error ? error.message : String(error),
      ...(fix === undefined ? {} : { fix }),
      ...(error instanceof TrainlockError ? { code: error.code } : {}),
      count,
    };
  }
};

type Entering = { readonly damaged: readonly string[]; /** A leaf that was lost may have been entered anew long ago. */ readonly lookBack: 'recent' | 'whole' };

const enter = async (waiting: readonly RunLeaf[], { damaged, lookBack }: Entering, { storeRoot, env, waitMs }: EnterRequest): Promise<EnteredLeaves> => {
  const logbook = openLogbook({ env, verify: nodeVerifySignature, ...(waitMs === undefined ? {} : { waitMs }) });
  const appended = await logbook.append(
    waiting.map(({ bytes }) => bytes),
    await seenCheckpoints(storeRoot),
    lookBack,
  );
  if (appended.kind === 'busy') return { kind: 'waiting', because: appended.because, fix: 'trainlock log enter', count: waiting.length };
  const entries = waiting.map(({ statementPath, name }, at): Entry => ({ statementPath, name, ...appended.places[at]! }));
  const { origin, size } = appended.head.checkpoint;
  const unkept = await keepProofs(logbook, waiting, entries);
  // A store on a read-only disk has its proofs nowhere either; what is entered stays entered.
  await keepCheckpoint(storeRoot, appended.head.note).catch(() => undefined);
  return { kind: 'entered', origin, index: entries.at(-1)!.index, size, entries, damaged: [...damaged, ...unkept] };
};

/** Answers with the files that could not be written: what is entered stays entered, and one bad place does not keep others from their proofs. */
const keepProofs = async (logbook: Logbook, leaves: readonly RunLeaf[], entries: readonly Entry[]): Promise<readonly string[]> => {
  const unkept: string[] = [];
  for (const [at, leaf] of leaves.entries()) {
    const proof = await logbook.proofOf(entries[at]!.index);
    try {
      await layProofAside(leaf);
      await keepProof(leaf, proof);
    } catch (error) {
      if (!(error instanceof TrainlockError)) throw error;
      unkept.push(proofPath(leaf));
    }
  }
  return unkept;
};

export type EnterOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: EnterRequest['env'];
  /** Runs by reference; none: every run of the project. */
  readonly references: readonly string[];
};

/** Enters what waits in a project. Throws TL0301, TL0302 for runs that are not found. */
export const enterProject = async ({ projectRoot, storeFolder, workingDirectory, env, references }: EnterOptions): Promise<EnteredLeaves> => {
  const store = await openStore({ projectRoot, storeFolder });
  const runs = [];
  for (const reference of references) runs.push(await store.find(reference, workingDirectory));
  const chosen = references.length > 0 ? runs : await store.runs();
  const documents = references.length > 0 ? [] : await allDocumentStatements(projectRoot);
  return enterLeaves({ statementPaths: [...chosen.map(({ statementPath }) => statementPath), ...documents], storeRoot: store.root, env });
};
