import { join } from 'node:path';
import { pathOfName } from '#assembly';
import { fromUtf8 } from '#base';
import { type ContentFinding, type OutputFacts, type OutputPair, pairMetrics, type ReplayFacts } from '#diff';
import { hashFiles, readBoundedIfThere } from '#files';
import type { Manifest, Output } from '#manifest';
import { compareTexts, type RunText, type TextOptions } from './compare-texts.ts';
import { maskMetrics, metricsOf } from './mask-metrics.ts';
import { type PairedOutput, pairOutputs } from './pair-outputs.ts';
import type { ReadObject } from './restore-code.ts';

/** Where the results of both runs lie. */
export type ResultPlaces = {
  /** Folders of the records, with their logs. */
  readonly recordedRun: string;
  readonly replayedRun: string;
  /** Roots of recorded path names, as they are now. */
  readonly recordedRoots: Readonly<Record<string, string>>;
  /** The restored project, absolute. */
  readonly work: string;
  readonly readObject: ReadObject;
  /** What of the replay itself may have decided how the program ended. */
  readonly interference?: string;
};

/** Longest text that is compared line by line. Unit: byte. */
const MOST_TEXT = 64 * 1024 * 1024;

/** Everything that decides the outcome: exits, outputs in pairs, what both printed, metrics. Texts that differ are read from both sides. */
export const compareResults = async (recorded: Manifest, replayed: Manifest, places: ResultPlaces): Promise<ReplayFacts> => {
  const pairing = pairOutputs(counted(recorded), counted(replayed));
  const sides: Sides = { recorded, replayed, places, renamed: renamedIn(pairing.pairs) };
  const files = await Promise.all(
    pairing.pairs.map(async (pair): Promise<OutputPair> => {
      const content = await contentOf(pair.recorded, pair.replayed, sides);
      return {
        recorded: factsOf(pair.recorded),
        replayed: pair.replayed === undefined ? undefined : factsOf(pair.replayed),
        pairedBy: pair.pairedBy,
        ...(content === undefined ? {} : { content }),
      };
    }),
  );
  return {
    exit: { recorded: recorded.run.exit, replayed: replayed.run.exit, ...(places.interference === undefined ? {} : { interference: places.interference }) },
    outputs: [...files, ...(await printed(sides))],
    extra: pairing.extra.map(factsOf),
    metrics: pairMetrics(recorded.evaluation, replayed.evaluation),
  };
};

/** Links are outputs of their target. */
const counted = (manifest: Manifest): readonly Output[] => manifest.outputs.filter((output) => output.link === undefined);

const factsOf = (output: Output): OutputFacts => {
  const { path, role, sha256, sizeBytes, content, withheld } = output;
  return {
    path,
    role,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(content === undefined ? {} : { content }),
    ...(withheld === undefined ? {} : { withheld }),
  };
};

type Sides = {
  readonly recorded: Manifest;
  readonly replayed: Manifest;
  readonly places: ResultPlaces;
  /** Names that were made up anew, as they were then. */ readonly renamed: Moves;
};

type Moves = NonNullable<RunText['moved']>;

/** Only for outputs whose bytes differ and whose content digests do not settle it. */
const contentOf = async (recorded: Output, replayed: Output | undefined, sides: Sides): Promise<ContentFinding | undefined> => {
  if (replayed?.sha256 === undefined || recorded.sha256 === undefined || recorded.sha256 === replayed.sha256) return undefined;
  if (recorded.content !== undefined && recorded.content.format === replayed.content?.format && recorded.content.sha256 === replayed.content.sha256) return undefined;
  const [before, after] = await Promise.all([recordedBytes(recorded, sides.places), replayedBytes(replayed, sides)]);
  if (before === undefined)
    return recorded.content === undefined ? { kind: 'unreadable', because: 'the recorded file is not there any more, so only its digest can be compared' } : undefined;
  if (after === undefined) return undefined;
  const [left, right] = [textOf(before), textOf(after)];
  if (left === undefined || right === undefined) return undefined;
  const separator = recorded.path.endsWith('.tsv') ? '\t' : recorded.path.endsWith('.csv') ? ',' : undefined;
  return withoutMetrics({ path: recorded.path, left, right, sides }, separator === undefined ? {} : { separator });
};

type Texts = { readonly path: string; readonly left: string; readonly right: string; readonly sides: Sides };

/** Compares two texts; if they differ, once more without the metrics that were read from them. */
const withoutMetrics = ({ path, left, right, sides }: Texts, options: TextOptions): ContentFinding => {
  const compare = (a: string, b: string): ContentFinding => compareTexts(runText(a, sides.recorded, []), runText(b, sides.replayed, movedIn(sides)), options);
  const found = compare(left, right);
  if (found.kind !== 'different') return found;
  const [before, after] = [maskMetrics(left, metricsOf(sides.recorded, path)), maskMetrics(right, metricsOf(sides.replayed, path))];
  if (before === undefined || after === undefined || (before !== after && compare(before, after).kind === 'different')) return found;
  return { kind: 'metrics', because: 'differs only in metrics, which are judged by themselves' };
};

/** The recorded bytes: where they lay, if they are still the same, else from the object store. */
const recordedBytes = async (output: Output, places: ResultPlaces): Promise<Uint8Array | undefined> => {
  const path = pathOfName(output.path, places.recordedRoots);
  const [facts] = path === undefined || output.rawName !== undefined ? [] : await hashFiles([{ path }]);
  if (facts?.sha256 === output.sha256) return readBoundedIfThere(path!, MOST_TEXT).catch(() => undefined);
  return places.readObject(output.sha256!).catch(() => undefined);
};

const replayedBytes = async (output: Output, sides: Sides): Promise<Uint8Array | undefined> => {
  const path = pathOfName(output.path, { ...sides.replayed.run.roots, project: sides.places.work });
  return path === undefined ? undefined : readBoundedIfThere(path, MOST_TEXT).catch(() => undefined);
};

/** Text has no zero bytes; anything else is told by digests alone. */
const textOf = (bytes: Uint8Array): string | undefined => (bytes.includes(0) ? undefined : fromUtf8(bytes));

const runText = (text: string, manifest: Manifest, moved: RunText['moved']): RunText => ({
  text,
  window: { fromMs: Date.parse(manifest.run.startedAt), toMs: Date.parse(manifest.run.finishedAt ?? manifest.run.startedAt) },
  ...(moved === undefined ? {} : { moved }),
});

/** Folders and files whose names a tool makes up at every run, longest first: programs print them too. */
const renamedIn = (pairs: readonly PairedOutput[]): Moves => {
  const moves = new Map<string, string>();
  for (const { recorded, replayed, pairedBy } of pairs) {
    if (pairedBy !== 'normalised-path' || replayed === undefined) continue;
    const [to, from] = [recorded.path, replayed.path].map((path) => path.replace(/^\$\{[a-zA-Z0-9]+\}\//, '').split('/'));
    for (let depth = Math.min(to!.length, from!.length); depth > 0; depth -= 1) {
      const [now, then] = [from!.slice(0, depth).join('/'), to!.slice(0, depth).join('/')];
      if (now !== then && !moves.has(now)) moves.set(now, then);
    }
  }
  return [...moves].map(([from, to]) => ({ from, to })).sort((a, b) => b.from.length - a.from.length);
};

/** A replay without mounts prints its own folder where the recorded run printed the project. */
const movedIn = ({ recorded, places, renamed }: Sides): Moves => {
  const project = recorded.run.roots['project'];
  const to = project === undefined ? undefined : (pathOfName(project, places.recordedRoots) ?? project);
  return [...(to === undefined || to === places.work ? [] : [{ from: places.work, to }]), ...renamed];
};

/** What both printed counts as one output more, if it was recorded; what went to stderr is talk, not a result. */
const printed = async (sides: Sides): Promise<readonly OutputPair[]> => {
  const { recorded, replayed, places } = sides;
  const [before, after] = [recorded, replayed].map((manifest) => manifest.logs.output?.find((log) => log.stream === 'stdout'));
  if (before?.sha256 === undefined || before.sizeBytes === 0) return [];
  const facts = (log: NonNullable<typeof before>): OutputFacts => ({
    path: 'stdout',
    role: 'log',
    ...(log.sha256 === undefined ? {} : { sha256: log.sha256 }),
    ...(log.sizeBytes === undefined ? {} : { sizeBytes: log.sizeBytes }),
  });
  if (after === undefined) return [{ recorded: facts(before), replayed: undefined, pairedBy: 'path' }];
  const pair: OutputPair = { recorded: facts(before), replayed: facts(after), pairedBy: 'path' };
  if (before.sha256 === after.sha256) return [pair];
  const [left, right] = await Promise.all([logText(places.recordedRun), logText(places.replayedRun)]);
  if (left === undefined || right === undefined) return [{ ...pair, content: { kind: 'unreadable', because: 'the recorded output is not there any more' } }];
  const anyOrder = recorded.processes.length > 1;
  return [{ ...pair, content: withoutMetrics({ path: 'stdout', left, right, sides }, { anyOrder }) }];
};

const logText = async (run: string): Promise<string | undefined> => {
  const bytes = await readBoundedIfThere(join(run, 'logs', 'stdout.log'), MOST_TEXT).catch(() => undefined);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
};
