/** Shows records as another version of the schema says them. Nothing signed is touched: a view is made anew whenever somebody asks. */
import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type JsonValue, type Problem, readJson, toHex, TrainlockError, valueAt } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { checkDocument, deprecatedFields, type DeprecatedField, type Manifest, showManifestAs } from '#manifest';
import { CURRENT_MAJOR, type MigrationNote } from '#migrate';
import { readBundle } from '#seal';
import { MAX_STATEMENT, openStore } from '#store';
import { placesInView } from './migrate/places-in-view.ts';
import { writeView, type WrittenView } from './migrate/write-view.ts';

export type MigrateOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  /** A run, a file, or a folder with records below it. */
  readonly reference: string;
  /** Major version of the schema. */
  readonly to: number;
  /** Folder for the views; absent: they are only shown. */
  readonly out?: string;
  readonly dryRun: boolean;
};

export type MigratedRecord = { readonly file: string } & (
  | {
      readonly kind: 'shown';
      readonly runId: string;
      readonly name?: string;
      /** The version in which it was written. */
      readonly from: string;
      readonly to: string;
      /** SHA-256 of the bytes that were signed; absent for a bare manifest, which nobody signed. */
      readonly statementSha256?: string;
      readonly notes: readonly MigrationNote[];
      readonly deprecated: readonly DeprecatedField[];
      /** JSON pointers in the view: places that a later minor version added are there as they are, and nobody here understands them. */
      readonly unknown: readonly string[];
      /** Absent where there are several records: nobody could hold them all. */
      readonly view?: JsonValue;
      /** Where the view lies. */
      readonly written?: WrittenView;
    }
  /** unread: one of several whose bytes cannot be had; nothing is said of it. */
  | { readonly kind: 'undecided' | 'invalid' | 'unread'; readonly problems: readonly Problem[] }
);

/** Most records of one folder. */
const MOST = 100_000;

/** Throws TL0301 to TL0304 for a run that is none, TL0002 for a file that was named and cannot be read, TL0003, TL0001 for a folder without records. */
export const migrateRecords = async (options: MigrateOptions): Promise<readonly MigratedRecord[]> => {
  const { files, isFolder } = await filesOf(options);
  const records: MigratedRecord[] = [];
  for (const file of files) records.push(await migrated(file, options, { isFolder, keepsView: files.length === 1 }));
  return records;
};

const migrated = async (file: string, options: MigrateOptions, how: { readonly isFolder: boolean; readonly keepsView: boolean }): Promise<MigratedRecord> => {
  const bytes = await readBounded(file, 2 * MAX_STATEMENT).catch((error: unknown) => (how.isFolder && error instanceof TrainlockError ? error : Promise.reject(error)));
  if (bytes instanceof TrainlockError) return { file, kind: 'unread', problems: [{ pointer: '', message: [bytes.message, ...bytes.notes].join('; ') }] };
  const record = shownAs(file, bytes, options.to);
  if (record.kind !== 'shown') return record;
  const { to: major, dryRun } = options;
  const written = options.out === undefined ? undefined : await writeView(record, { folder: resolve(options.workingDirectory, options.out), major, dryRun });
  const { view, ...rest } = record;
  return { ...rest, ...(how.keepsView ? { view } : {}), ...(written === undefined ? {} : { written }) };
};

type Files = { readonly files: readonly string[]; /** Whether they were found below a folder. */ readonly isFolder: boolean };

const filesOf = async ({ projectRoot, storeFolder, workingDirectory, reference }: MigrateOptions): Promise<Files> => {
  const path = resolve(workingDirectory, reference);
  const facts = await lstat(path).catch(() => undefined);
  if (facts?.isFile() === true && !(await hasRecordBeside(path))) return { files: [path], isFolder: false };
  if (facts?.isDirectory() === true) return { files: await statementsBelow(path), isFolder: true };
  const store = await openStore({ projectRoot, storeFolder });
  return { files: [(await store.find(reference, workingDirectory)).statementPath], isFolder: false };
};

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const hasRecordBeside = (path: string): Promise<boolean> => isThere(`${path}.trainlock.json`);

/** The statement in a folder, and those of runs wherever they lie below it; links lead elsewhere. */
const statementsBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new TrainlockError('TL0002', 'the folder cannot be read to its end', { where: folder, fix: 'look at its permissions, or name a folder below it', cause: error });
  });
  const own = join(folder, 'statement.json');
  const found = entries
    .filter((entry) => entry.isFile() && NAME.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path === own || RUN.test(path));
  if (found.length === 0) throw new TrainlockError('TL0001', 'no record lies below the folder', { where: folder, fix: 'trainlock migrate .trainlock' });
  if (found.length > MOST) throw new TrainlockError('TL0001', `more than ${MOST} records lie below the folder`, { where: folder, fix: 'name a folder below it' });
  return found.toSorted();
};

const NAME = /^(?:.+\.)?statement\.json$/;
/** In the folder of a run, or kept under its name. */
const RUN = /\d{8}T\d{6}Z-[0-9a-f]{8,32}[./]statement\.json$/;

type Shown = Extract<MigratedRecord, { readonly kind: 'shown' }>;
type WithView = Shown & { readonly view: JsonValue };

const shownAs = (file: string, bytes: Uint8Array, to: number): WithView | Exclude<MigratedRecord, Shown> => {
  const checked = checkDocument(bytes);
  if (checked.kind === 'invalid') return { file, kind: 'invalid', problems: checked.problems };
  if (checked.kind === 'newer') return { file, kind: 'undecided', problems: checked.problems };
  const { manifest, unknown, writtenAs } = checked;
  const payload = checked.form === 'bundle' ? payloadOf(bytes) : bytes;
  const isItself = writtenAs !== undefined && to < CURRENT_MAJOR;
  const shown = showManifestAs(manifest, isItself ? CURRENT_MAJOR : to);
  if (shown.kind === 'undecided') return { file, ...shown };
  const view = isItself ? asWritten(payload) : shown.value;
  const places = checked.form === 'manifest' ? unknown : unknown.map((pointer) => pointer.slice('/predicate'.length));
  return {
    file,
    kind: 'shown',
    ...named(manifest),
    from: writtenAs?.schemaVersion ?? manifest.schemaVersion,
    to: String(valueAt(view, '/schemaVersion')),
    ...(checked.form === 'manifest' || payload === undefined ? {} : { statementSha256: toHex(nodeCrypto.sha256(payload)) }),
    notes: to === CURRENT_MAJOR ? (writtenAs?.notes ?? []) : shown.notes,
    deprecated: deprecatedFields(manifest),
    unknown: isItself ? places : placesInView(places, { view, to, notes: writtenAs?.notes ?? [] }),
    view,
  };
};

const named = ({ run: { id, name } }: Manifest): { readonly runId: string; readonly name?: string } => ({ runId: id, ...(name === undefined ? {} : { name }) });

const payloadOf = (bundle: Uint8Array): Uint8Array | undefined => {
  const reading = readBundle(bundle);
  return reading.kind === 'accepted' && reading.value.content.kind === 'dsse' ? reading.value.content.payload : undefined;
};

/** In the version in which it was written a record is itself. */
const asWritten = (bytes: Uint8Array | undefined): JsonValue => {
  const json = bytes === undefined ? undefined : readJson(bytes);
  if (json?.kind !== 'accepted') return null;
  return (valueAt(json.value, '/predicate') as JsonValue | undefined) ?? json.value;
};
