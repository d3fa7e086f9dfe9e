import type { Erasure, Snapshot } from '#snapshot';
import type { Store } from '#store';

/** That data was erased on purpose, when, by whom and why. */
export const erasureNote = ({ erasedAt, by, reason }: Erasure): string => `erased ${erasedAt.slice(0, 10)} by ${by}: ${reason}`;

/** The same as the reason why nothing can be said of the data itself. */
export const erasedText = (erasure: Erasure): string => `data no longer available: ${erasureNote(erasure)}`;

/** What was stated last about the erasure of data with this list; undefined if nothing was. */
export const lastErasure = async (store: Store, { sha256 }: Pick<Snapshot['list'], 'sha256'>): Promise<Erasure | undefined> => (await store.erasuresOf(sha256)).at(-1);
