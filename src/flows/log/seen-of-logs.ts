import type { RememberedHead } from '#logbook';
import { openStore } from '#store';
import type { Note } from '#tlog';
import { seenCheckpoints } from './seen-checkpoints.ts';
import { leavesBesideAll } from './waiting-leaves.ts';

export type SeeingProject = { readonly projectRoot: string; readonly storeFolder: string };

/**
 * Every checkpoint that was seen of any log: remembered by this machine outside its logs, kept by the project, and in the proofs beside
 * its records. A log that does not go on from those of its name was set back or rewritten.
 */
export const seenOfLogs = async (remembered: readonly RememberedHead[], { projectRoot, storeFolder }: SeeingProject): Promise<readonly Note[]> => {
  const store = await openStore({ projectRoot, storeFolder });
  const beside = await leavesBesideAll((await store.runs()).map(({ statementPath }) => statementPath));
  const inProofs = beside.flatMap(({ leaves }) => leaves.flatMap(({ proof, lost }) => [...(proof === undefined ? [] : [proof]), ...lost].map(({ checkpoint }) => checkpoint)));
  const notes = [...remembered.map(({ checkpoint }) => checkpoint), ...(await seenCheckpoints(store.root)), ...inProofs];
  return [...new Map(notes.map((note) => [note.body, note])).values()];
};
