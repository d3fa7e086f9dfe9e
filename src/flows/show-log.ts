/** The log of this machine as it is now, and what waits for it here. */
import { nodeVerifySignature } from '#keys';
import { openLogbook } from '#logbook';
import { openStore, shortId } from '#store';
import { type Leaf, readLeaf, writeNote, writeVerifierKey } from '#tlog';
import { leavesToEnter } from './log/lost-proofs.ts';
import { leavesBesideAll } from './log/waiting-leaves.ts';
import { allDocumentStatements } from './signed-documents/document-files.ts';

export type ShowLogOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many of the last leaves are shown. */
  readonly last: number;
};

export type ShownLeaf = { readonly index: number; /** Absent for a leaf of a newer version. */ readonly leaf?: Leaf };

export type ShownLog = {
  /** Absent: nothing was ever entered. */
  readonly log?: {
    readonly origin: string;
    /** The verifier key to pin. */
    readonly vkey: string;
    readonly size: number;
    /** Base64. */
    readonly root: string;
    readonly folder: string;
    readonly createdAt: string;
    readonly continues?: { readonly origin: string; readonly size: number; readonly root: string };
    /** The signed checkpoint, with cosignatures. */
    readonly checkpoint: string;
    /** Names of the keys that signed beside the log; nothing is said of whether they hold. */
    readonly cosigners: readonly string[];
    readonly last: readonly ShownLeaf[];
  };
  /** Leaves of this project that wait. */
  readonly waiting: readonly { readonly run: string; readonly kind: string; readonly name: string }[];
  readonly damaged: readonly string[];
};

/** Throws TL1401 to TL1403. */
export const showLog = async (options: ShowLogOptions): Promise<ShownLog> => {
  const logbook = openLogbook({ env: options.env, verify: nodeVerifySignature });
  const head = await logbook.head();
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const runs = await store.runs();
  const found = await leavesBesideAll([...runs.map(({ statementPath }) => statementPath), ...(await allDocumentStatements(options.projectRoot))]);
  const ids = new Map(runs.map(({ statementPath, id }) => [statementPath, shortId(id)]));
  const toEnter = await leavesToEnter(found, options.env);
  const waiting = [...toEnter.waiting, ...toEnter.lost].map(({ statementPath, leaf, name }) => ({ run: ids.get(statementPath) ?? '', kind: leaf.kind, name }));
  const damaged = found.flatMap((one) => one.damaged);
  if (head === undefined) return { waiting, damaged };
  const { size, origin } = head.checkpoint;
  const last: ShownLeaf[] = [];
  for await (const { index, bytes } of logbook.leavesOf({ from: Math.max(0, size - options.last), to: size })) last.push(shownLeaf(index, bytes));
  const { continues, createdAt } = head.description;
  return {
    log: {
      origin,
      vkey: writeVerifierKey(head.key),
      size,
      root: Buffer.from(head.checkpoint.root).toString('base64'),
      folder: head.folder,
      createdAt,
      ...(continues === undefined ? {} : { continues }),
      checkpoint: Buffer.from(writeNote(head.note)).toString('utf8'),
      cosigners: head.note.signatures.filter(({ name }) => name !== head.key.name).map(({ name }) => name),
      last,
    },
    waiting,
    damaged,
  };
};

/** A leaf as it is shown. Its bytes are hostile. */
export const shownLeaf = (index: number, bytes: Uint8Array): ShownLeaf => {
  const leaf = readLeaf(bytes);
  return leaf.kind === 'accepted' ? { index, leaf: leaf.value } : { index };
};
