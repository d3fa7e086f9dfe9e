import type { FileFacts } from '#files';
import { contentCandidates, modulesFor } from './content-candidates.ts';
import { askContentProcess, type ContentProcess, type ContentRequest } from './content-process.ts';
import { helperFolder } from './helper-folder.ts';

/** What is known of the inside of a file. Two digests say something about each other only if their formats are the same. */
export type Content = { readonly kind: 'seen'; readonly format: string; readonly sha256: string } | { readonly kind: 'unknown'; readonly reason: string };

export type ContentOptions = {
  /** The interpreter of the run: its packages read tables and HDF5. Without it python3 of the path is asked. */
  readonly python?: string | undefined;
  /** Most bytes that are looked into together. Unit: byte. */
  readonly budgetBytes?: number;
  /** Longest time for all of them together. Unit: ms. */
  readonly timeoutMs?: number;
};

const BUDGET_BYTES = 4 * 1024 ** 3;
const TIMEOUT_MS = 120_000;
const SECONDS_PER_FILE = 60;
/** A file that ends the reader is passed over; so often a new one is started. */
const MOST_RESTARTS = 20;

/** Digests of the insides of files whose format is known, by path. What cannot be told is left out. Never throws. */
export const contentDigests = async (
  files: readonly FileFacts[],
  options: ContentOptions = {},
): Promise<ReadonlyMap<string, { readonly format: string; readonly sha256: string }>> => {
  const contents = await readContents(files, options);
  return new Map([...contents].flatMap(([path, content]) => (content.kind === 'seen' ? [[path, { format: content.format, sha256: content.sha256 }] as const] : [])));
};

/** As contentDigests, with the reason for each file that was looked into in vain. */
export const readContents = async (files: readonly FileFacts[], options: ContentOptions = {}): Promise<ReadonlyMap<string, Content>> => {
  const candidates = contentCandidates(files, options.budgetBytes ?? BUDGET_BYTES);
  const helper = helperFolder();
  const contents = new Map<string, Content>();
  if (candidates.length === 0) return contents;
  if (helper === undefined) return new Map(candidates.map((file) => [file.path, { kind: 'unknown', reason: 'the reader of contents is not installed' }]));
  const process: ContentProcess = {
    python: options.python ?? 'python3',
    helper,
    modules: modulesFor(candidates),
    secondsPerFile: SECONDS_PER_FILE,
    signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
  };
  let rest = candidates;
  for (let starts = 0; rest.length > 0 && starts < MOST_RESTARTS && !process.signal.aborted; starts += 1) {
    const answers = await askContentProcess(rest.map(requestOf), process).catch(() => []);
    for (const [index, answer] of answers.entries()) contents.set(rest[index]!.path, answer);
    const next = rest[answers.length];
    if (next !== undefined) contents.set(next.path, { kind: 'unknown', reason: 'the reader ended while it read this file' });
    rest = rest.slice(answers.length + 1);
  }
  for (const file of rest) contents.set(file.path, { kind: 'unknown', reason: 'there was no time left to look into it' });
  return contents;
};

const requestOf = (file: FileFacts): ContentRequest => (file.raw === undefined ? { path: file.path } : { path: file.path, raw: file.raw });
