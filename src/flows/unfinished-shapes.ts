/** The form of the small files of a run without a record. They lie in the store, and so anybody may have written them. */
import { isAbsolute } from 'node:path';
import type { EndFacts, StartFacts } from '#assembly';
import type { EarlyFacts, LateFacts } from './unfinished-facts.ts';

type Check = (value: unknown) => boolean;
type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isPath: Check = (value) => typeof value === 'string' && isAbsolute(value) && !value.includes('\0');
const isFlag: Check = (value) => typeof value === 'boolean';
const isTime: Check = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value);
const isOne =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((one) => item(one));
const mapOf =
  (item: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every((one) => item(one));
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
/** Members that are not named are left to the schema of the record, which checks them in the end. */
const having =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(members).every(([name, check]) => check(value[name]));
const only =
  (names: readonly string[], item: Check): Check =>
  (value) =>
    isObject(value) && Object.entries(value).every(([name, one]) => names.includes(name) && item(one));

const START = having({
  version: isOne(1),
  trainlockVersion: isText,
  run: having({
    id: (value) => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(value),
    name: maybe(isText),
    tags: maybe(mapOf(isText)),
    purpose: maybe(isText),
    startedAt: isTime,
    parents: maybe(listOf(having({ kind: isText, run: isText, manifestSha256: maybe(isText) }))),
  }),
  command: (value) => listOf(isText)(value) && (value as readonly string[]).length > 0,
  workingDirectory: isPath,
  projectRoot: isPath,
  roots: mapOf(isPath),
  modes: having({ entropy: isText, trace: isText, logs: isText, hash: isText, deterministic: maybe(isFlag) }),
  logMode: isOne('off', 'tee', 'file'),
  logFiles: maybe(only(['stdout', 'stderr'], having({ path: isPath, fromByte: isCount }))),
  config: isObject,
  criteria: maybe(listOf(isObject)),
  policySha256: maybe(isText),
  variables: listOf(isObject),
  host: maybe(isText),
  hashSeed: having({ source: isOne('drawn', 'user', 'random'), value: maybe(isText) }),
  rootCommitment: maybe(isText),
  maskings: isCount,
  pathMap: maybe(listOf(having({ from: isText, to: isText }))),
  mounts: maybe(listOf(having({ inside: isText, outside: isText }))),
  restored: maybe(having({ findings: listOf(isObject), origins: isObject })),
  recorder: having({ pid: isCount, startTicks: maybe(isText), bootId: maybe(isText), pidNamespace: maybe(isText) }),
  proof: maybe(isText),
});

const END = having({
  finishedAt: maybe(isTime),
  exit: having({ kind: isOne('exited', 'signalled', 'not-started', 'lost'), code: maybe(isCount), signal: maybe(isText), reason: maybe(isText) }),
  usage: maybe(mapOf(isCount)),
  beforeStartMs: maybe(isCount),
});

const GAPS = listOf(having({ about: isText, reason: isText, remedy: maybe(isText) }));
const FILES = listOf(having({ path: isText, raw: maybe(isText) }));

const EARLY = having({
  version: isOne(1),
  machine: having({ who: having({ participant: isObject }), environment: isObject, gaps: GAPS }),
  repository: isObject,
  source: having({
    kept: listOf((pair) => Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && having({ sha256: isText })(pair[1])),
    gaps: GAPS,
    maskings: isCount,
    files: FILES,
    limits: having({ maxSourceBytes: isCount, maxSourceFileBytes: isCount }),
  }),
});

const LATE = having({
  version: isOne(1),
  watched: having({ processes: listOf(isObject), files: FILES }),
  gaps: GAPS,
  software: having({ distributions: listOf(isObject), native: listOf(isObject), gaps: GAPS }),
  files: listOf(having({ path: isText, kind: isOne('file', 'folder', 'special', 'absent', 'unreadable'), raw: maybe(isText) })),
});

/** Early facts as they lie on disk: what is a map in memory is a list of pairs there. */
type SavedEarlyFacts = Omit<EarlyFacts, 'source'> & {
  readonly source: Omit<EarlyFacts['source'], 'kept'> & { readonly kept: readonly (readonly [string, { readonly sha256: string }])[] };
};

export const isStartFacts = (value: unknown): value is StartFacts => START(value);
export const isEndFacts = (value: unknown): value is EndFacts => END(value);
export const isEarlyFacts = (value: unknown): value is SavedEarlyFacts => EARLY(value);
export const isLateFacts = (value: unknown): value is LateFacts => LATE(value);
