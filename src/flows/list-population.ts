/** Every event of some kinds between two checkpoints of a log, proven complete, and a sample of them that anybody can draw again. */
import { escapeControl, TrainlockError, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { folderReader, type LogCheck, noLog, openLogbook, readLogKey, type RememberedHead, verifyLogbook } from '#logbook';
import { type Checkpoint, LEAF_KINDS, type LeafKind, type LoggedLeaf, populationOf, readLeaf, sampleOf, writeVerifierKey } from '#tlog';
import { logFolder } from './log/log-folder.ts';
import { type SeeingProject, seenOfLogs } from './log/seen-of-logs.ts';
import { type NamedCheckpoint, namedCheckpoint, pinnedKey, rememberedKey } from './log/verify-options.ts';

export type PopulationOptions = SeeingProject & {
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of a log; that of this machine if none is said. */
  readonly folder?: string;
  readonly logKey?: string;
  readonly kinds: readonly string[];
  /** Files with checkpoints; from the beginning, and up to the present one, if they are not said. */
  readonly from?: string;
  readonly to?: string;
  readonly sample?: { readonly count: number; readonly seed: string };
  readonly onProgress?: (done: { readonly leaves: number; readonly size: number }) => void;
};

export type ListedPopulation =
  | {
      readonly kind: 'complete';
      readonly origin: string;
      readonly vkey: string;
      readonly isPinned: boolean;
      readonly kinds: readonly LeafKind[];
      /** Number of leaves of the earlier checkpoint, and of the later one. */
      readonly from: number;
      readonly to: number;
      readonly events: readonly LoggedLeaf[];
      /** Origin of the log that this one goes on from: what happened before lies there. Only where the range begins with the log. */
      readonly continues?: string;
      /** Indices in the order in which they were drawn. */
      readonly sample?: { readonly count: number; readonly seed: string; readonly indices: readonly number[] };
    }
  /** There are leaves in the range that this version cannot read: they may be of these kinds. */
  | { readonly kind: 'undecided'; readonly because: string }
  | { readonly kind: 'damaged'; readonly check: Exclude<LogCheck, { readonly kind: 'intact' }> };

/** Throws TL0001, TL0002, TL1401 to TL1403. */
export const listPopulation = async (options: PopulationOptions): Promise<ListedPopulation> => {
  const kinds = kindsOf(options.kinds);
  const folder = options.folder === undefined ? await ownFolder(options, kinds) : await logFolder(options.workingDirectory, options.folder);
  const remembered = await rememberedHeads(options);
  const pinned = options.logKey === undefined ? await rememberedKey(folder, remembered) : pinnedKey(options.logKey);
  const key = pinned ?? (await readLogKey(folderReader(folder)));
  const named = async (file: string | undefined): Promise<NamedCheckpoint | undefined> => (file === undefined ? undefined : namedCheckpoint(file, key, options.workingDirectory));
  const [from, to] = [await named(options.from), await named(options.to)];
  const start = from?.checkpoint.size ?? 0;
  if (to !== undefined && start > to.checkpoint.size)
    throw new TrainlockError('TL0001', `the checkpoint of --from has ${start} leaves, that of --to only ${to.checkpoint.size}`, { fix: 'trainlock help log population' });
  const leaves: LoggedLeaf[] = [];
  let unread: number | undefined;
  let continues: string | undefined;
  const check = await verifyLogbook(folder, {
    verify: nodeVerifySignature,
    key,
    remembered: [...[from, to].flatMap((one) => (one === undefined ? [] : [one.note])), ...(await seenOfLogs(remembered, options))],
    onLeaf: ({ index, bytes }) => {
      if (index < start || index >= (to?.checkpoint.size ?? Number.POSITIVE_INFINITY)) return;
      const leaf = readLeaf(bytes);
      if (index === 0 && leaf.kind === 'accepted' && leaf.value.kind === 'log-continued') continues = leaf.value.object.id;
      if (leaf.kind === 'accepted') leaves.push({ index, leaf: leaf.value });
      else unread ??= index;
    },
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  if (check.kind !== 'intact') return { kind: 'damaged', check };
  if (unread !== undefined) return { kind: 'undecided', because: `leaf ${unread} was written by a newer version, or by another program: it may be one of these` };
  const end: Checkpoint = to?.checkpoint ?? check.head.checkpoint;
  const population = populationOf({ from: start, to: end.size, leaves }, kinds);
  if (population.kind === 'refused') return { kind: 'undecided', because: population.because };
  const about = {
    origin: end.origin,
    vkey: writeVerifierKey(key),
    isPinned: pinned !== undefined,
    kinds,
    from: start,
    to: end.size,
    ...(continues === undefined ? {} : { continues }),
  };
  return { kind: 'complete', ...about, events: population.events, ...sampled(population.events, options.sample) };
};

const sampled = (events: readonly LoggedLeaf[], sample: PopulationOptions['sample']): Pick<Extract<ListedPopulation, { readonly kind: 'complete' }>, 'sample'> => {
  if (sample === undefined) return {};
  const drawn = sampleOf(
    events.map(({ index }) => index),
    utf8(sample.seed),
    sample.count,
    nodeCrypto,
  );
  return { sample: { ...sample, indices: drawn } };
};

const kindsOf = (words: readonly string[]): readonly LeafKind[] => {
  const unknown = words.find((word) => !LEAF_KINDS.some((kind) => kind === word));
  if (unknown !== undefined)
    throw new TrainlockError('TL0001', `${escapeControl(unknown)} is no kind of event`, {
      notes: [`kinds are ${LEAF_KINDS.join(', ')}`],
      fix: 'trainlock log population --kind run-signed',
    });
  return LEAF_KINDS.filter((kind) => words.includes(kind));
};

const rememberedHeads = async ({ env }: PopulationOptions): Promise<readonly RememberedHead[]> => {
  try {
    return await openLogbook({ env, verify: nodeVerifySignature }).remembered();
  } catch {
    return [];
  }
};

const ownFolder = async ({ env }: PopulationOptions, kinds: readonly LeafKind[]): Promise<string> => {
  const logbook = openLogbook({ env, verify: nodeVerifySignature });
  const head = await logbook.head();
  if (head !== undefined) return head.folder;
  throw noLog(logbook.places.logs, `trainlock log population FOLDER --log KEY --kind ${kinds[0] ?? 'run-signed'}`);
};
