/** Shows records as another version of the schema says them. Nothing signed is touched: a view is made anew whenever somebody asks. */
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type JsonValue, type Problem, readJson, toHex, TrainlockError, utf8, valueAt } from '#base';
import { makeFolder, nodeCrypto, readBounded, readBoundedIfThere, writeAtomic } from '#files';
import { checkDocument, deprecatedFields, type DeprecatedField, type Manifest, predicateTypeOf } from '#manifest';
import { CURRENT_MAJOR, migrateManifest, type MigrationNote } from '#migrate';
import { readBundle } from '#seal';
import { MAX_STATEMENT, openStore } from '#store';

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
      /** Places that a later minor version added: they are in the view as they are, and nobody here understands them. */
      readonly unknown: readonly string[];
      readonly view: JsonValue;
      /** Where the view lies. */
      readonly written?: { readonly path: string; readonly change: 'new' | 'changed' | 'as it was' };
    }
  | { readonly kind: 'undecided' | 'invalid'; readonly problems: readonly Problem[] }
);

/** Most records of one folder. */
const MOST = 100_000;

/** Throws TL0301 to TL0304 for a run that is none, TL0002 and TL0003, TL0001 for a folder without records. */
export const migrateRecords = async (options: MigrateOptions): Promise<readonly MigratedRecord[]> => {
  const files = await filesOf(options);
  const records: MigratedRecord[] = [];
  for (const file of files) {
    const record = shownAs(file, await readBounded(file, 2 * MAX_STATEMENT), options.to);
    records.push(record.kind === 'shown' && options.out !== undefined ? await withWritten(record, resolve(options.workingDirectory, options.out), options) : record);
  }
  return records;
};

const filesOf = async ({ projectRoot, storeFolder, workingDirectory, reference }: MigrateOptions): Promise<readonly string[]> => {
  const path = resolve(workingDirectory, reference);
  const facts = await lstat(path).catch(() => undefined);
  if (facts?.isFile() === true && !(await hasRecordBeside(path))) return [path];
  if (facts?.isDirectory() === true && !(await isThere(join(path, 'statement.json')))) return statementsBelow(path);
  const store = await openStore({ projectRoot, storeFolder });
  return [(await store.find(reference, workingDirectory)).statementPath];
};

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const hasRecordBeside = (path: string): Promise<boolean> => isThere(`${path}.trainlock.json`);

/** Statements of runs, wherever they lie below a folder; links lead elsewhere. */
const statementsBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile() && NAME.test(entry.name) && RUN.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  if (found.length === 0) throw new TrainlockError('TL0001', 'no record lies below the folder', { where: folder, fix: 'trainlock migrate .trainlock' });
  if (found.length > MOST) throw new TrainlockError('TL0001', `more than ${MOST} records lie below the folder`, { where: folder, fix: 'name a folder below it' });
  return found.toSorted();
};

const NAME = /^(?:.+\.)?statement\.json$/;
/** In the folder of a run, or kept under its name. */
const RUN = /\d{8}T\d{6}Z-[0-9a-f]{8,32}[./]statement\.json$/;

const shownAs = (file: string, bytes: Uint8Array, to: number): MigratedRecord => {
  const checked = checkDocument(bytes);
  if (checked.kind === 'invalid') return { file, kind: 'invalid', problems: checked.problems };
  if (checked.kind === 'newer') return { file, kind: 'undecided', problems: checked.problems };
  const { manifest, unknown, writtenAs } = checked;
  const payload = checked.form === 'bundle' ? payloadOf(bytes) : bytes;
  const { value: view } = to === CURRENT_MAJOR ? { value: manifest as unknown as JsonValue } : migrateManifest(manifest as unknown as JsonValue, CURRENT_MAJOR, to);
  return {
    file,
    kind: 'shown',
    ...named(manifest),
    from: writtenAs?.schemaVersion ?? manifest.schemaVersion,
    to: String(valueAt(view, '/schemaVersion')),
    ...(checked.form === 'manifest' || payload === undefined ? {} : { statementSha256: toHex(nodeCrypto.sha256(payload)) }),
    notes: to === CURRENT_MAJOR ? (writtenAs?.notes ?? []) : [],
    deprecated: deprecatedFields(manifest),
    unknown,
    view: writtenAs !== undefined && to < CURRENT_MAJOR ? asWritten(payload) : view,
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

type Shown = Extract<MigratedRecord, { readonly kind: 'shown' }>;

/** A view says whose view it is: it is signed by nobody. */
const withWritten = async (record: Shown, folder: string, { to, dryRun }: MigrateOptions): Promise<Shown> => {
  const { runId, from, notes, unknown, statementSha256, view } = record;
  const document = {
    schema: 'https://trainlock.dev/schema/view/v0',
    of: { runId, schemaVersion: from, ...(statementSha256 === undefined ? {} : { statementSha256 }) },
    as: predicateTypeOf(to),
    notes,
    unknown,
    manifest: view,
  };
  const bytes = utf8(`${JSON.stringify(document, null, 2)}\n`);
  const path = join(folder, `${nameOf(record)}.v${to}.json`);
  const before = await readBoundedIfThere(path, 4 * MAX_STATEMENT);
  const change = before === undefined ? 'new' : Buffer.from(before).equals(bytes) ? 'as it was' : 'changed';
  if (!dryRun && change !== 'as it was') {
    await makeFolder(folder);
    await writeAtomic(path, bytes);
  }
  return { ...record, written: { path, change } };
};

/** By the time of the run where its name tells it, and always by its id. */
const nameOf = ({ file, runId }: Shown): string => /\d{8}T\d{6}Z-[0-9a-f]{8,32}/.exec(basename(file) === 'statement.json' ? file : basename(file))?.[0] ?? runId;
