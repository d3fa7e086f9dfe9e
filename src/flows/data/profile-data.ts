import { makeRedactor } from '#base';
import { openTableEngine, type ProfileOptions, profileMedia, profileTables, type TableEngine, type TableSource, tableSourcesOf } from '#content';
import type { FileEntry } from '#digest';
import { type FileFacts, hashFiles, lookAtFile } from '#files';
import type { Media, Table } from '#snapshot';
import { rootOf } from './entries-of.ts';
import { mustBeKnown } from './known-columns.ts';

export type ProfileRequest = Pick<ProfileOptions, 'detail' | 'columns' | 'label' | 'signal' | 'timeoutMs'>;

/** What the files of a snapshot say, and what could not be looked at. */
export type DataProfile = { readonly tables: readonly Table[]; readonly media: readonly Media[]; readonly notes: readonly string[] };

/**
 * Looks into the files that lie at a place and that a list names. A table whose files are not (any more) those of the list has a
 * problem and no figures: what is told belongs to the digests.
 */
export const profileData = async (place: string, entries: readonly FileEntry[], request: ProfileRequest = {}): Promise<DataProfile> => {
  const root = rootOf(place);
  const digests = new Map(entries.filter(({ raw }) => raw === undefined).map(({ path, sha256 }) => [path, sha256]));
  const names = [...digests.keys()];
  const media = await profileMedia(root, names, request.signal === undefined ? {} : { signal: request.signal });
  const sources = tableSourcesOf(root, names);
  if (sources.length === 0) return { tables: [], media, notes: [] };
  const opening = await openTableEngine({ folders: [root] });
  if (opening.kind === 'unavailable') return { tables: [], media, notes: [`tables were not looked into: ${opening.reason}; ${opening.fix} brings what is needed`] };
  try {
    const tables = await profileSources(opening.engine, sources, { digests, request });
    mustBeKnown(tables, request);
    return { tables, media, notes: [] };
  } finally {
    await opening.engine.close();
  }
};

/** The digests that the files of tables must have, by their names, and what is asked. */
type Known = { readonly digests: ReadonlyMap<string, string>; readonly request: ProfileRequest };

/** The tables in these sources. */
export const profileSources = async (engine: TableEngine, sources: readonly TableSource[], known: Known): Promise<readonly Table[]> => {
  const tables: Table[] = [];
  for (const source of sources) tables.push(...(await profileSource(engine, source, known)));
  return tables;
};

const profileSource = async (engine: TableEngine, source: TableSource, { digests, request }: Known): Promise<readonly Table[]> => {
  const before = source.files.map(({ path }) => lookAtFile({ path }));
  const facts = await hashFiles(source.files.map(({ path }) => ({ path })));
  const base: Table = { path: source.path, format: source.format, fileCount: source.files.length };
  if (facts.some((one, at) => one.sha256 !== digests.get(source.files[at]!.name) || one.changed === true)) return [{ ...base, problem: CHANGED }];
  const tables = await profileTables(engine, [source], { ...request, redactor: makeRedactor(), digests: true });
  const same = source.files.every(({ path }, at) => isSame(before[at]!, lookAtFile({ path })));
  return same ? tables : [{ ...base, problem: CHANGED }];
};

const CHANGED = 'it changed after its bytes were recorded';

const isSame = (a: FileFacts, b: FileFacts): boolean => a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.inode === b.inode;
