import { resolve } from 'node:path';
import type { Gap, StartFacts } from '#assembly';
import type { Redactor } from '#base';
import type { FileEntry } from '#digest';
import type { DataSet, Manifest } from '#manifest';
import { recordedProfile } from '#snapshot';
import type { Store } from '#store';
import { snapshotProfile } from '../declared-data.ts';
import { entriesOfSet } from './data-set.ts';
import { entriesOf } from './entries-of.ts';

/** Longest time for the profile of one table. Unit: ms. */
const MOST_MS = 300_000;

type Place = { readonly store: Store; readonly start: StartFacts; readonly redactor: Redactor };

/**
 * The manifest with the profile of each data set that is declared with one: it belongs to the recorded digests, and is signed with them. What
 * cannot be told is a gap. Never throws.
 */
export const withProfiles = async (manifest: Manifest, place: Place): Promise<Manifest> => {
  const wanted = manifest.data.map((set) => requestOf(set, place.start));
  if (wanted.every((request) => request === undefined)) return manifest;
  const data: DataSet[] = [];
  const gaps: Gap[] = [];
  for (const [at, set] of manifest.data.entries()) {
    const request = wanted[at];
    const told =
      request === undefined
        ? {}
        : await profileOf(set, { ...place, manifest, request }).catch((error: unknown) => ({ because: String(error instanceof Error ? error.message : error) }));
    if ('because' in told) gaps.push({ about: `/data/${at}/profile`, reason: `the profile of ${set.name} was not recorded: ${told.because}`.slice(0, 1000), remedy: REMEDY });
    data.push('because' in told ? set : { ...set, ...told });
  }
  return { ...manifest, data, capture: { ...manifest.capture, gaps: [...manifest.capture.gaps, ...gaps] } };
};

const REMEDY = 'mend it, and record the run again: without it no gate can compare live inputs with the training data';

type Request = { readonly path: string; readonly profile: NonNullable<ReturnType<typeof snapshotProfile>['profile']> };

const requestOf = (set: DataSet, start: StartFacts): Request | undefined => {
  const declared = set.readers?.includes('declared') === true ? start.config.data?.[set.name] : undefined;
  const { profile } = snapshotProfile(declared, {});
  return declared === undefined || profile === undefined ? undefined : { path: resolve(start.projectRoot, declared.path), profile };
};

type Told = Pick<DataSet, 'schema' | 'profile' | 'rowCount'> | { readonly because: string };

const profileOf = async (set: DataSet, { store, manifest, request, redactor }: Place & { readonly manifest: Manifest; readonly request: Request }): Promise<Told> => {
  const entries: readonly FileEntry[] = set.list === undefined ? entriesOfSet(set, manifest).map(({ mode: _, ...entry }) => entry) : await entriesOf(store, set.list);
  if (entries.length === 0) return { because: 'its files have no digests' };
  const { profileData } = await import('./profile-data.ts');
  const { tables, notes } = await profileData(request.path, entries, { ...request.profile, timeoutMs: MOST_MS });
  const [table] = tables;
  if (table === undefined) return { because: notes[0] ?? 'it holds no table' };
  if (tables.length > 1) return { because: `it holds ${tables.length} tables, and a profile tells of one; declare each as a data set` };
  if (table.problem !== undefined) return { because: table.problem };
  const told = recordedProfile(table);
  if (told === undefined) return { because: 'it has too many columns, or nobody could count its rows' };
  return redactor.scan(JSON.stringify(told)).length > 0 ? { because: 'a secret was found in it' } : told;
};
