import { leafHash } from '#digest';
import { nodeCrypto } from '#files';
import type { LogReader } from '#logbook';
import { appendToTiles, EMPTY_EDGE, type Note, rootOfEdge, TILE_WIDTH, writeEntryBundle, writeNote, writeTilePath, writeVerifierKey } from '#tlog';
import { checkpointNote, type TestSigner } from '../../fixtures/log-keys.ts';

/** The files of a log with these leaves, as its owner signs them: also an owner who lies signs well. */
export const filesOfLog = (log: TestSigner, leaves: readonly Uint8Array[]): Map<string, Uint8Array> => {
  const files = new Map<string, Uint8Array>();
  const { edge, tiles } = appendToTiles(
    EMPTY_EDGE,
    leaves.map((leaf) => leafHash(leaf, nodeCrypto)),
    nodeCrypto,
  );
  for (const tile of tiles) files.set(writeTilePath({ kind: 'hashes', ...tile }), tile.bytes);
  for (let index = 0; index * TILE_WIDTH < leaves.length; index += 1) {
    const part = leaves.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
    files.set(writeTilePath({ kind: 'entries', index, width: part.length }), writeEntryBundle(part));
  }
  files.set('vkey', Buffer.from(`${writeVerifierKey(log.key)}\n`));
  files.set('checkpoint', writeNote(checkpointNote(log, leaves.length, rootOfEdge(edge, nodeCrypto))));
  return files;
};

/** The signed checkpoint of the first leaves. */
export const checkpointOf = (log: TestSigner, leaves: readonly Uint8Array[]): Note => {
  const { edge } = appendToTiles(
    EMPTY_EDGE,
    leaves.map((leaf) => leafHash(leaf, nodeCrypto)),
    nodeCrypto,
  );
  return checkpointNote(log, leaves.length, rootOfEdge(edge, nodeCrypto));
};

/** Reads a log whose files lie in memory. */
export const memoryReader = (files: ReadonlyMap<string, Uint8Array>): LogReader => ({
  place: 'memory',
  read: async (path, maxBytes) => files.get(path)?.subarray(0, maxBytes),
  widths: async (path) =>
    [...files.keys()]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => Number(name.slice(path.length + 1)))
      .sort((a, b) => b - a),
});
