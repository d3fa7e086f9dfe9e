/** One run, whole or a part of its manifest. */
import { nearest, TrainlockError } from '#base';
import type { Manifest } from '#manifest';
import { isUnfinished, openStore, type RunRecord, shortId, type StoreFinding, unfinishedText } from '#store';
import { asPointer } from './life/as-pointer.ts';
import { hasHistory } from './life/has-history.ts';
import type { Environment } from './trust-file/trust-places.ts';

export type ShowOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  readonly reference: string;
  /** JSON pointer, or dotted names. */
  readonly pointer?: string;
};

export type ShownRun =
  | {
      readonly kind: 'whole';
      readonly run: RunRecord;
      readonly manifest: Manifest;
      readonly findings: readonly StoreFinding[];
      /** What became of it since: as data, and a line for each thing to know; absent where nobody has said anything. */
      readonly life?: { readonly data: Readonly<Record<string, unknown>>; readonly lines: readonly string[] };
    }
  | { readonly kind: 'part'; readonly run: RunRecord; readonly pointer: string; readonly value: unknown; readonly findings: readonly StoreFinding[] }
  /** There is no finished record to show. */
  | {
      readonly kind: 'unfinished';
      readonly run: RunRecord;
      /** What is missing: still running, interrupted, not hashed yet. */ readonly what: string;
      readonly findings: readonly StoreFinding[];
    };

/** Throws TL0301, TL0302, TL0304, TL0202, and TL0001 for a part that the manifest does not have. */
export const showRun = async (options: ShowOptions): Promise<ShownRun> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const run = await store.find(options.reference, options.workingDirectory);
  const { findings } = store;
  if (isUnfinished(run.state)) return { kind: 'unfinished', run, what: unfinishedText(run.state), findings };
  const manifest = await run.manifest();
  if (options.pointer === undefined) return { kind: 'whole', run, manifest, findings, ...(await lifeOf(run, manifest, options)) };
  const pointer = asPointer(options.pointer);
  return { kind: 'part', run, pointer, value: partOf(manifest, pointer, shortId(run.id)), findings };
};

const lifeOf = async (
  { manifestSha256 }: RunRecord,
  manifest: Manifest,
  { projectRoot, workingDirectory, env }: ShowOptions,
): Promise<Pick<Extract<ShownRun, { readonly kind: 'whole' }>, 'life'>> => {
  if (manifestSha256 === undefined || !(await hasHistory(projectRoot))) return {};
  const { lifeLines, plainLife, runLife } = await import('./life/run-life.ts');
  const life = await runLife({ projectRoot, workingDirectory, env, manifest, manifestSha256, now: new Date().toISOString() });
  return { life: { data: plainLife(life), lines: lifeLines(life) } };
};

const partOf = (manifest: Manifest, pointer: string, id: string): unknown => {
  let here: unknown = manifest;
  let path = '';
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const known = typeof here === 'object' && here !== null ? Object.keys(here) : [];
    if (!known.includes(key)) throw noSuchPart(path, key, known, id);
    here = (here as Readonly<Record<string, unknown>>)[key];
    path = `${path}/${token}`;
  }
  return here;
};

const noSuchPart = (path: string, key: string, known: readonly string[], id: string): TrainlockError => {
  const near = nearest(key, known);
  const has = known.length === 0 ? 'it is a single value' : `it has ${known.slice(0, 20).join(', ')}${known.length > 20 ? ` and ${known.length - 20} more` : ''}`;
  return new TrainlockError('TL0001', `the manifest has nothing at ${path}/${key}`, {
    where: `run ${id}`,
    notes: [...(near === undefined ? [] : [`did you mean ${near}?`]), has],
    fix: `trainlock show ${id} ${path}`.trimEnd(),
  });
};
