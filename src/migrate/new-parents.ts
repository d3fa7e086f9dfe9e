import type { JsonValue } from '#base';
import { objectIn } from './json-parts.ts';
import type { JsonObject } from './migration.ts';

/** Relations of runs that v0 has no word for. */
const NEW_KINDS: ReadonlySet<JsonValue> = new Set(['upgrade']);

const isNew = (parent: JsonValue): boolean => NEW_KINDS.has(objectIn(parent)['kind'] ?? '');

/** The parents of a run that v0 can say, and all of them where it cannot say all. */
export const parentsForV0 = (run: JsonObject): { readonly known: readonly JsonValue[]; readonly all: readonly JsonValue[] } | undefined => {
  const all = run['parents'];
  if (!Array.isArray(all)) return undefined;
  const known = (all as readonly JsonValue[]).filter((parent) => !isNew(parent));
  return known.length === all.length ? undefined : { known, all };
};

/** Whether parents that lie beside a record of v0 are its own with those that v0 could not say, and nothing else: signed lineage is never replaced. */
export const areAllParents = (all: JsonValue, manifest: JsonObject): boolean => {
  const parts = parentsForV0({ parents: all });
  return parts !== undefined && JSON.stringify(parts.known) === JSON.stringify(objectIn(manifest['run'])['parents'] ?? []);
};
