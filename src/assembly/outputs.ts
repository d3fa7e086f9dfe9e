import picomatch from 'picomatch';
import { withoutUndefined } from '#base';
import type { Config } from '#config';
import { nameKey } from '#digest';
import type { Output } from '#manifest';
import type { HashedFile, StoredFile } from './hashed-file.ts';
import { isBelow, type PathNames } from './path-names.ts';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import type { TracedFile } from './traced-files.ts';

export type OutputInput = {
  readonly files: readonly TracedFile[];
  readonly hashed: ReadonlyMap<string, HashedFile>;
  readonly content: ReadonlyMap<string, NonNullable<Output['content']>>;
  readonly logs: readonly ProcessEvents[];
  readonly config: Config;
  readonly projectRoot: string;
  readonly deferred: boolean;
  readonly names: PathNames;
  readonly stored: ReadonlyMap<string, StoredFile>;
};

type Role = Output['role'];

/** Extensions that tell a role when nobody declared one. */
const ROLES: readonly (readonly [RegExp, Role])[] = [
  [/(^|\/)(ckpt|checkpoint)[^/]*$|\.ckpt$|\/checkpoints?\//i, 'checkpoint'],
  [/\.(pt|pth|safetensors|joblib|pkl|pickle|onnx|h5|keras|cbm|ubj|gguf|tflite|model|bst|skops)$/i, 'model'],
  [/(^|\/)[^/]*metrics?[^/]*\.(json|csv|jsonl|ya?ml)$|\/events\.out\.tfevents/i, 'metrics'],
  [/(^|\/)[^/]*pred[^/]*\.(csv|parquet|npy|npz|json|jsonl)$/i, 'predictions'],
  [/\.(png|svg|pdf|jpe?g|gif|html)$/i, 'figure'],
  [/\.(log|out|err)$/i, 'log'],
  [/\.(csv|tsv|parquet|feather|arrow|npy|npz|jsonl?|hdf5|db|sqlite|txt|ya?ml)$/i, 'data'],
];

/** Files that the run wrote and that are still there. What was removed before the end is no output. */
export const outputs = (input: OutputInput): readonly Output[] => {
  const declared = declaredRoles(input);
  return input.files.flatMap((file) => {
    const hashed = input.hashed.get(nameKey(file));
    if (hashed === undefined || hashed.kind === 'absent' || hashed.kind === 'folder' || hashed.kind === 'special' || isUntouched(file, hashed)) return [];
    const role = declared(file.path);
    const digest = hashed.changed === true ? undefined : hashed.sha256;
    return [
      withoutUndefined({
        path: input.names.nameOf(file.path),
        rawName: file.raw,
        role: role ?? inferredRole(file.path),
        roleSource: role === undefined ? ('inferred' as const) : ('declared' as const),
        sizeBytes: hashed.sizeBytes,
        sha256: digest,
        link: hashed.link === undefined ? undefined : input.names.nameOf(hashed.link),
        mode: hashed.mode,
        content: digest === undefined ? undefined : input.content.get(file.path),
        alsoRead: file.readFirst ? true : undefined,
        deferred: input.deferred && digest === undefined ? true : undefined,
        stored: digest !== undefined && input.stored.get(file.path)?.sha256 === digest ? true : undefined,
        before: beforeOf(file, digest, input.stored.get(file.path)),
        withheld:
          digest === undefined && !input.deferred ? (hashed.reason ?? (hashed.changed === true ? 'it changed after the run, before it was hashed' : 'not readable')) : undefined,
        process: file.process,
      }),
    ];
  });
};

/** What the run found, if it was kept before the run changed it. */
const beforeOf = (file: TracedFile, digest: string | undefined, stored: StoredFile | undefined): string | undefined =>
  file.readFirst && stored !== undefined && stored.sha256 !== digest && stored.mtimeNs !== undefined && stored.mtimeNs === file.found?.mtimeNs ? stored.sha256 : undefined;

/** Opened for writing in vain, or without writing: it is still the file that was found. */
const isUntouched = ({ found }: TracedFile, now: HashedFile): boolean =>
  found?.mtimeNs !== undefined && found.inode !== undefined && found.mtimeNs === now.mtimeNs && found.inode === now.inode && found.sizeBytes === now.sizeBytes;

const inferredRole = (path: string): Role => {
  if (/\/\.cache\//.test(path)) return 'cache';
  return ROLES.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
};

/** Roles from trainlock.output() first, then from trainlock.yaml; undefined if nobody declared one. */
const declaredRoles = (input: OutputInput): ((path: string) => Role | undefined) => {
  const told = new Map(
    input.logs
      .flatMap((log) => eventsOf(log.events, 'declare'))
      .filter((event) => event.what === 'output' && event.path !== undefined)
      .map((event) => [event.path!, event.role]),
  );
  const patterns = Object.values(input.config.outputs ?? {}).map((output) => ({ matches: picomatch(output.path, { dot: true }), role: output.role ?? ('other' as const) }));
  return (path) => {
    const role = told.get(path);
    if (role !== undefined && isRole(role)) return role;
    const relative = isBelow(path, input.projectRoot) ? path.slice(input.projectRoot.length + 1) : path;
    return patterns.find((pattern) => pattern.matches(relative))?.role;
  };
};

const isRole = (text: string): text is Role => ['model', 'checkpoint', 'metrics', 'predictions', 'figure', 'log', 'data', 'cache', 'other'].includes(text);
