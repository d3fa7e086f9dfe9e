import { basename, join } from 'node:path';
import { type JsonValue, utf8 } from '#base';
import { makeFolder, readBoundedIfThere, writeAtomic } from '#files';
import { predicateTypeOf } from '#manifest';
import type { MigrationNote } from '#migrate';
import { MAX_STATEMENT, RUN_FILES } from '#store';

/** A record as another version says it, with what a file says of it. */
export type ShownView = {
  /** Where the record lies. */
  readonly file: string;
  readonly runId: string;
  readonly from: string;
  /** SHA-256 of the bytes that were signed; absent for a bare manifest. */
  readonly statementSha256?: string;
  readonly notes: readonly MigrationNote[];
  readonly unknown: readonly string[];
  readonly view: JsonValue;
};

export type WrittenView = { readonly path: string; readonly change: 'new' | 'changed' | 'as it was' };

/** Writes a view to a folder, unless only a look is asked for. It says whose view it is: it is signed by nobody. Throws TL0003. */
export const writeView = async (shown: ShownView, to: { readonly folder: string; readonly major: number; readonly dryRun: boolean }): Promise<WrittenView> => {
  const { runId, from, notes, unknown, statementSha256, view } = shown;
  const document = {
    schema: 'https://trainlock.dev/schema/view/v0',
    of: { runId, schemaVersion: from, ...(statementSha256 === undefined ? {} : { statementSha256 }) },
    as: predicateTypeOf(to.major),
    notes,
    unknown,
    manifest: view,
  };
  const bytes = utf8(`${JSON.stringify(document, null, 2)}\n`);
  const path = join(to.folder, nameOf(shown, to.major));
  const before = await readBoundedIfThere(path, 4 * MAX_STATEMENT);
  const change = before === undefined ? 'new' : Buffer.from(before).equals(bytes) ? 'as it was' : 'changed';
  if (!to.dryRun && change !== 'as it was') {
    await makeFolder(to.folder);
    await writeAtomic(path, bytes);
  }
  return { path, change };
};

/** By the time of the run where its name tells it, and always by its id; and by the statement, so that two records never share a file. */
const nameOf = ({ file, runId, statementSha256 }: ShownView, major: number): string => {
  const run = RUN_NAME.exec(basename(file) === RUN_FILES.statement ? file : basename(file))?.[0] ?? runId;
  return `${run}${statementSha256 === undefined ? '' : `.${statementSha256.slice(0, DIGITS)}`}.v${major}.json`;
};

const RUN_NAME = /\d{8}T\d{6}Z-[0-9a-f]{8,32}/;

/** Nobody finds two statements that begin with so many digits the same. */
const DIGITS = 32;
