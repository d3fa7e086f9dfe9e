/** Signs records that have no signature yet, or gives them another one. */
import { resolve } from 'node:path';
import type { Settings } from '#config';
import { openStore, type RunRecord, sealsOf } from '#store';
import { type EnteredLeaves, enterLeaves } from './enter-leaves.ts';
import type { FurtherKind } from './sign-further.ts';
import { chosenKey, openStatementKey, signRecord, type SignedRecord } from './sign-record.ts';

export type SignOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings: Pick<Settings, 'key' | 'timeAuthorities' | 'alsoSign' | 'log'>;
  /** Further time authorities, besides those of the settings. */
  readonly timeAuthorities?: readonly string[];
  /** Further statements, besides those of the settings. */
  readonly also?: readonly FurtherKind[];
  /** Another key than that of the settings; a path counts from the working directory. */
  readonly key?: string;
  /** Runs by reference; none: every finished run without a signature that this user's own recorder started. */
  readonly references: readonly string[];
  /** Only tell what would be signed. */
  readonly dryRun: boolean;
};

export type SignedRun = { readonly id: string; readonly signed?: SignedRecord };
export type SignedRuns = {
  /** Identities of the finished runs without a signature that nobody named and others may have started: they are left as they are. */ readonly leftOut: readonly string[];
  /** What became of their leaves; absent if no log is kept. */ readonly logged?: EnteredLeaves;
  readonly runs: readonly SignedRun[];
  /** The key was made for this. */ readonly madeKey: boolean;
};

/** Every run is looked up and the key is opened before anything is signed. Throws TL0301 to TL0304, TL1101 to TL1106, TL0003. */
export const signRuns = async (options: SignOptions): Promise<SignedRuns> => {
  const { runs, leftOut } = await runsToSign(options);
  if (options.dryRun || runs.length === 0) return { runs: runs.map(({ id }) => ({ id })), leftOut, madeKey: false };
  const { signer, made } = await openStatementKey({ ...chosenKey(options.settings.key, keyOf(options)), env: options.env, mayAsk: true });
  const timeAuthorities = [...new Set([...options.settings.timeAuthorities.value, ...(options.timeAuthorities ?? [])])];
  const also = [...new Set([...options.settings.alsoSign.value, ...(options.also ?? [])])];
  const signed: SignedRun[] = [];
  for (const { id, statementPath } of runs) {
    signed.push({ id, signed: await signRecord({ statementPath, signer, timeAuthorities, also, log: options.settings.log.value === 'auto', now: new Date().toISOString() }) });
  }
  if (options.settings.log.value === 'off') return { runs: signed, leftOut, madeKey: made };
  const logged = await enterLeaves({ statementPaths: runs.map(({ statementPath }) => statementPath), storeRoot: options.storeFolder, env: options.env });
  return { runs: signed, leftOut, madeKey: made, logged };
};

/** The records that are meant; none named: every finished one without a signature, but for those that others may have brought into the store. */
export const runsToSign = async ({
  projectRoot,
  storeFolder,
  workingDirectory,
  env,
  references,
}: Pick<SignOptions, 'projectRoot' | 'storeFolder' | 'workingDirectory' | 'env' | 'references'>): Promise<{
  readonly runs: readonly RunRecord[];
  readonly leftOut: readonly string[];
}> => {
  const store = await openStore({ projectRoot, storeFolder });
  const found: RunRecord[] = [];
  for (const reference of references) found.push(await store.find(reference, workingDirectory));
  for (const run of found) await run.statement();
  if (references.length > 0) return { runs: found, leftOut: [] };
  const { isOwnRun } = await import('./own-run.ts');
  const [own, leftOut]: [RunRecord[], string[]] = [[], []];
  for (const run of await store.runs()) {
    if (run.state !== 'finished' || (await sealsOf(run.statementPath)).length > 0) continue;
    if (await isOwnRun(run, env)) own.push(run);
    else leftOut.push(run.id);
  }
  return { runs: own, leftOut };
};

const keyOf = ({ key, settings, workingDirectory }: SignOptions): string =>
  key === undefined ? settings.key.value : /^\.{0,2}\//.test(key) ? resolve(workingDirectory, key) : key;
