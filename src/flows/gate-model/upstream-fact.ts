import { basename } from 'node:path';
import { countOf } from '#base';
import type { UpstreamFact } from '#gate';
import type { DataSet, Manifest } from '#manifest';
import { compareSample, type ProfiledTable, profiledTable } from '#snapshot';
import type { Store } from '#store';
import { MOST_CANARY_BYTES } from '../canary/run-canary.ts';
import { type LiveSample, liveSample, withLiveTables } from './live-tables.ts';

export type UpstreamPlace = {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly workingDirectory: string;
  /** A file, or - for standard input; without it nothing is asked. */
  readonly sample?: string;
  /** Most rows of it that are looked at. Unit: row. */
  readonly rows?: number;
};

/** Rows that are looked at if nobody says how many. Unit: row. */
const USUAL_SAMPLE_ROWS = 1000;

/**
 * What reaches the model beside what the record has of its training data. Of the sample only names of columns, counts, shares and bounds are
 * told. Throws TL0002 if the sample is not there; whatever else is wrong with it is unknown.
 */
export const upstreamFact = async ({ store, manifest, workingDirectory, sample, rows = USUAL_SAMPLE_ROWS }: UpstreamPlace): Promise<UpstreamFact> => {
  if (sample === undefined) return { kind: 'none' };
  const given = await liveSample(sample, workingDirectory);
  if ('because' in given) return unknown(given.because, given.fix);
  const trained = trainedTable(manifest);
  if ('because' in trained) return unknown(trained.because, trained.fix);
  return withLiveTables(async (tables) => {
    if ('because' in tables) return unknown(tables.because, tables.fix);
    const inputs = await inputsOf({ store, manifest }, tables.namesOf);
    if (inputs !== undefined && 'because' in inputs) return unknown(inputs.because, inputs.fix);
    const table = await tables.profileOf(given, rows);
    if ('because' in table) return unknown(table.because, table.fix);
    const known = new Set(trained.table.columns.map(({ name }) => name));
    // Without a header the first row would be told as names.
    if (!table.table.columns.some(({ name }) => known.has(name)))
      return unknown(
        `none of the ${countOf(table.table.columns.length, 'column')} of the sample has a name that the training had`,
        'write the names of the columns into the first line',
      );
    const comparison = compareSample({ trained: trained.table, sample: table.table, ...(inputs === undefined ? {} : { inputs: inputs.names }) });
    return { kind: 'compared', dataSet: trained.name, rows: table.table.rowCount, hasMore: table.hasMore, comparison };
  });
};

type Because = { readonly because: string; readonly fix: string };

const unknown = (because: string, fix: string): UpstreamFact => ({ kind: 'unknown', because, remedies: [fix] });

/** The one data set on which the model was trained, with its profile. */
const trainedTable = ({ data }: Pick<Manifest, 'data'>): { readonly name: string; readonly table: ProfiledTable } | Because => {
  const sets = data.filter(({ role }) => role === 'train');
  const [set] = sets;
  if (set === undefined) return noProfile('the record names no data set with the role train', 'train');
  if (sets.length > 1) {
    const names = sets.map(({ name }) => name).join(', ');
    return {
      because: `nobody knows on which of ${sets.length} data sets the inputs were trained: ${names}`,
      fix: 'give one of them the role train in trainlock.yaml, and record the run again',
    };
  }
  const table = profiledTable(set);
  return table === undefined ? noProfile(`the record has no profile of ${set.name}`, nameFor(set)) : { name: set.name, table };
};

/** A set that was only seen to be read is named by its path. */
const nameFor = ({ name }: DataSet): string => (name.includes('/') ? 'train' : name);

const noProfile = (because: string, name: string): Because => ({
  because,
  fix: `data: { ${name}: { path: FILE, role: train, profile: full, label: COLUMN } }   # in trainlock.yaml; then record the run again`,
});

type NamesOf = (sample: LiveSample) => Promise<{ readonly names: readonly string[] } | Because>;

/** The columns that the model takes are those of the recorded inputs of its canary; without a canary those of the training. */
const inputsOf = async ({ store, manifest }: Pick<UpstreamPlace, 'store' | 'manifest'>, namesOf: NamesOf): Promise<{ readonly names: readonly string[] } | Because | undefined> => {
  const { canary } = manifest.evaluation;
  if (canary === undefined) return undefined;
  const bytes = await store.readObject(canary.inputs.sha256 ?? '', MOST_CANARY_BYTES).catch(() => undefined);
  if (bytes === undefined) return { because: 'the inputs of the canary, which name the columns, are not here', fix: 'bring the objects of the record into the store' };
  return namesOf({ name: basename(canary.inputs.path), bytes });
};
