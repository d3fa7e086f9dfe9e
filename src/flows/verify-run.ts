/** Answers "is this record intact and as recorded": fetches the evidence, and leaves the judgement to the room verify. */
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { escapeControl, exhaustive, JSON_LIMITS, readJson, TrainlockError, valueAt } from '#base';
import { nodeCrypto, readBounded, readBoundedIfThere, type OnProgress } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { checkDocument, type Manifest, otherDocument } from '#manifest';
import { type ObjectEvidence, openStore, RUN_FILES, type RunRecord, type Store } from '#store';
import { type Evidence, type FileEvidence, judgeRecord, listsOf, objectsOf, type Question, type Verdict } from '#verify';
import { listDigestOf, rootsNow, runFolderOf } from './data/data-set.ts';
import { erasedText, lastErasure } from './data/erasure-notes.ts';
import { environmentOfNow } from './verify-run/environment-of-now.ts';
import { fileEvidence, namedEvidence, recordedFiles } from './verify-run/file-evidence.ts';
import { isFoundByFile, namedFile } from './verify-run/named-file.ts';
import { logEvidence } from './verify-run/log-evidence.ts';
import { sealEvidence } from './verify-run/seal-evidence.ts';

export type { Question } from '#verify';

export type VerifyOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A run, or a file that holds a statement, a bundle or a manifest. */
  readonly reference: string;
  readonly question: Question;
  /** In place of the store of the project. */
  readonly store?: Store;
  /** The record itself, where it was read already: then nothing is looked for, and these bytes are judged. */
  readonly found?: { readonly run: RunRecord; readonly statement: Uint8Array };
  /** Files of public keys that count for this question. */
  readonly keys?: readonly string[];
  /** A file with pinned roots for this question. */
  readonly pin?: string;
  /** Files with certificates of time authorities that count for this question. */
  readonly authorities?: readonly string[];
  /** Keys of logs and witnesses that count for this question, as text. */
  readonly logKeys?: readonly string[];
  /** A file with the trusted root of Sigstore by which certificates are judged. */
  readonly trustedRoot?: string;
  /** Identities that count for this question. */
  readonly identities?: readonly { readonly issuer: string; readonly subject: string }[];
  /** The moment that is asked about, RFC 3339 in UTC; now if nothing is said. */
  readonly at?: string;
  readonly onProgress?: OnProgress;
  /** Look at the record alone: no file that it names is read, and those checks are unknown. */
  readonly recordOnly?: boolean;
};

/** Throws TL0301 to TL0304 if there is no record to judge, TL0310 if it is another kind of document, TL0002 if it cannot be read. */
export const verifyRun = async (options: VerifyOptions): Promise<Verdict> => (await judge(options)).verdict;

/** A verdict, and what it is about: the bytes, and the run whose record they are, unless it is a file that stands alone. */
export type Judged = { readonly verdict: Verdict; readonly document: Uint8Array; readonly run?: RunRecord };

/** Throws like verifyRun. */
export const judge = async (options: VerifyOptions): Promise<Judged> => {
  const store = options.store ?? (await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder }));
  const run = options.found?.run ?? (await findRecord(store, options));
  const path = run === undefined ? resolve(options.workingDirectory, options.reference) : run.statementPath;
  const document = options.found?.statement ?? (run === undefined ? await readBounded(path, MAX_BUNDLE) : await run.statement());
  const checked = checkDocument(document);
  const other = run === undefined && checked.kind === 'invalid' ? otherDocument(document) : undefined;
  if (other !== undefined) {
    throw new TrainlockError('TL0310', `${escapeControl(options.reference)} is ${other}, not the record of a run`, { where: path, fix: 'trainlock verify RUN' });
  }
  const base: Evidence = {
    document,
    stated: [],
    files: new Map(),
    ...(run === undefined ? {} : await folderEvidence(run)),
    ...(run === undefined || options.found !== undefined || !(await isFoundByFile(run, options))
      ? {}
      : { named: await namedFile(resolve(options.workingDirectory, options.reference)) }),
    ...(await provenanceOf(options, path, checked.form === 'bundle' ? document : undefined)),
  };
  const evidence = checked.kind === 'valid' && options.recordOnly !== true ? { ...base, ...(await evidenceOf(options, { store, run, manifest: checked.manifest })) } : base;
  const verdict = judgeRecord(options.question, evidence, { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith });
  return { verdict, document, ...(run === undefined ? {} : { run }) };
};

/** Largest document that is read: a statement inside a bundle. Unit: byte. */
const MAX_BUNDLE = 24 * 1024 * 1024;

/** Signatures, times and proofs, as far as they are asked for. */
const provenanceOf = async (options: VerifyOptions, statementPath: string, document: Uint8Array | undefined): Promise<Pick<Evidence, 'seal' | 'logged'>> => {
  const { projectRoot, workingDirectory, env, keys = [], authorities = [], logKeys = [], pin, question } = options;
  if (!question.signature && !question.time && !question.log) return {};
  const now = options.at ?? new Date().toISOString();
  const place = { statementPath, projectRoot, workingDirectory, env, now, ...(document === undefined ? {} : { document }), ...(pin === undefined ? {} : { pin }) };
  const { trustedRoot, identities } = options;
  const seal = await sealEvidence({ ...place, keys, authorities, ...(trustedRoot === undefined ? {} : { trustedRoot }), ...(identities === undefined ? {} : { identities }) });
  return { seal, logged: await logEvidence({ statementPath, env, logKeys, trust: seal.trust, now }) };
};

/** The run that is meant; undefined if it is a file that stands alone. */
const findRecord = async (store: Store, options: VerifyOptions): Promise<RunRecord | undefined> => {
  try {
    return await store.find(options.reference, options.workingDirectory);
  } catch (error) {
    const isUnknown = error instanceof TrainlockError && error.code === 'TL0301';
    const path = resolve(options.workingDirectory, options.reference);
    if (
      isUnknown &&
      (await stat(path).then(
        (facts) => facts.isFile(),
        () => false,
      ))
    )
      return undefined;
    throw error;
  }
};

/** What the folder of a run says about its record; nothing for a record that lies elsewhere. */
const folderEvidence = async (run: RunRecord): Promise<Partial<Evidence>> => {
  const { path } = run.folder;
  if ((await runFolderOf(run)) === undefined) return run.kept ? { stated: namedBy(run.folder.name) } : {};
  const started = await readBoundedIfThere(join(path, RUN_FILES.started), JSON_LIMITS.maxBytes);
  const view = await readBoundedIfThere(join(path, RUN_FILES.manifest), JSON_LIMITS.maxBytes);
  const json = started === undefined ? undefined : readJson(started);
  const id = json?.kind === 'accepted' ? valueAt(json.value, '/run/id') : undefined;
  return {
    view: view ?? 'absent',
    stated: [...namedBy(basename(path)), ...(typeof id === 'string' ? [{ by: RUN_FILES.started, kind: 'run-id' as const, value: id }] : [])],
  };
};

/** The first letters of an id in the name of a folder, or of a record that git keeps. */
const namedBy = (name: string): Evidence['stated'] => {
  const value = /-([0-9a-f]{8,32})$/.exec(name)?.[1];
  return value === undefined ? [] : [{ by: 'the name of its folder', kind: 'run-id', value }];
};

type Found = { readonly store: Store; readonly run: RunRecord | undefined; readonly manifest: Manifest };

const evidenceOf = async (options: VerifyOptions, { store, run, manifest }: Found): Promise<Partial<Evidence>> => {
  const folder = await runFolderOf(run);
  const lists = await readLists(store, manifest);
  const hasStore = run !== undefined && (store.roots.some((root) => run.folder.path.startsWith(`${root}/`)) || run.kept);
  const erased = await erasedSets(store, manifest);
  const files = recordedFiles(manifest, options.question, { lists, erased, roots: await rootsNow(run, manifest, options) });
  return {
    ...(folder === undefined
      ? {}
      : {
          events: await namedEvidence(manifest.processes.flatMap(({ events }) => (events === undefined ? [] : [{ name: events.file, path: join(folder, 'events', events.file) }]))),
          logs: await namedEvidence((manifest.logs.output ?? []).flatMap(({ file }) => (file === undefined ? [] : [{ name: file, path: join(folder, 'logs', file) }]))),
        }),
    ...(hasStore ? { lists, objects: notInGit(run, withoutErased(await objectEvidence(store, manifest, lists), manifest, erased)) } : {}),
    files: await fileEvidence(store, files, options.onProgress),
    ...(options.question.environment
      ? { environment: await environmentOfNow(manifest, { env: options.env, projectRoot: options.projectRoot, ...(folder === undefined ? {} : { folder }) }) }
      : {}),
  };
};

/** Git keeps the record of a run and not the bytes that it names: where only git has it, their absence is no damage. */
const notInGit = (run: RunRecord, objects: ReadonlyMap<string, FileEvidence>): ReadonlyMap<string, FileEvidence> =>
  basename(run.folder.path) === 'kept'
    ? new Map(
        [...objects].map(([sha256, evidence]) => [
          sha256,
          evidence.kind === 'absent' ? { kind: 'not-seen', because: 'git keeps the record and not these bytes, and they are not in this store' } : evidence,
        ]),
      )
    : objects;

/** What lies in the store under the digests that a record names. */
const objectEvidence = async (store: Store, manifest: Manifest, lists: ReadonlyMap<string, Uint8Array>): Promise<ReadonlyMap<string, FileEvidence>> => {
  const digests = objectsOf(manifest, lists).map(({ sha256 }) => sha256);
  const found = await store.hashObjects(digests);
  return new Map(digests.map((sha256, at) => [sha256, evidenceOfObject(found[at]!)]));
};

const evidenceOfObject = (found: ObjectEvidence): FileEvidence => {
  switch (found.kind) {
    case 'hashed':
    case 'absent':
      return found;
    case 'damaged':
      return { kind: 'differs', because: 'its compressed bytes are damaged' };
    case 'unreadable':
      return { kind: 'unreadable', because: found.reason };
    default:
      return exhaustive(found);
  }
};

/** What was stated about data sets that are no longer available, by their names. */
const erasedSets = async (store: Store, manifest: Manifest): Promise<ReadonlyMap<string, string>> => {
  const erased = new Map<string, string>();
  for (const set of manifest.data) {
    const last = await lastErasure(store, { sha256: listDigestOf(set, manifest) });
    if (last !== undefined) erased.set(set.name, erasedText(last));
  }
  return erased;
};

/** Stored copies that were removed with an erasure are not damage. */
const withoutErased = (objects: ReadonlyMap<string, FileEvidence>, manifest: Manifest, erased: ReadonlyMap<string, string>): ReadonlyMap<string, FileEvidence> => {
  const others = new Set(objectsOf({ ...manifest, data: manifest.data.filter(({ name }) => !erased.has(name)) }).map(({ sha256 }) => sha256));
  const removed = new Map(
    manifest.data.flatMap((set) =>
      erased.has(set.name) ? (set.files ?? []).flatMap(({ sha256 }) => (sha256 === undefined ? [] : [[sha256, erased.get(set.name)!] as const])) : [],
    ),
  );
  return new Map(
    [...objects].map(([sha256, evidence]) => [
      sha256,
      evidence.kind === 'absent' && removed.has(sha256) && !others.has(sha256) ? { kind: 'erased', because: removed.get(sha256)! } : evidence,
    ]),
  );
};

/** Largest file list that is read. Unit: byte. */
const MAX_LIST = 256 * 1024 * 1024;

/** Bytes as they lie there: whether they are the right ones is for the verdict to say. */
const readLists = async (store: Store, manifest: Manifest): Promise<ReadonlyMap<string, Uint8Array>> => {
  const lists = new Map<string, Uint8Array>();
  for (const { sha256 } of listsOf(manifest)) {
    const bytes = await bytesInStore(store, sha256).catch(() => undefined);
    if (bytes !== undefined) lists.set(sha256, bytes);
  }
  return lists;
};

const bytesInStore = async (store: Store, sha256: string): Promise<Uint8Array | undefined> => {
  const end = (await store.hasObject(sha256)) ? await store.objectSize(sha256) : Infinity;
  return end <= MAX_LIST ? store.readObjectRange(sha256, { start: 0, end }) : undefined;
};
