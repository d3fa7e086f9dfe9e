import { relative, resolve } from 'node:path';
import { absoluteRoots, pathOfName } from '#assembly';
import { shortId, type RunRecord } from '#store';
import type { FileMeans, GateFacts } from '#gate';
import type { Manifest } from '#manifest';
import { type FileSource, type SourcePlaces, sourceOf } from './file-sources.ts';
import { type TargetPlace, writableTarget } from './writable-target.ts';

export type FileQuestion = Omit<SourcePlaces, 'commit'> &
  Pick<TargetPlace, 'never'> & {
    readonly manifest: Manifest;
    readonly run: RunRecord;
    /** What was asked about, and from where. */
    readonly reference: string;
    readonly workingDirectory: string;
  };

/** A file that can get its recorded bytes: what is planned, and how. */
export type RestorableFile = { readonly means: FileMeans; readonly target?: string; readonly source?: FileSource };

/** Files of the gate by the name that it gives them. */
export type FilesHere = { readonly models: ReadonlyMap<string, RestorableFile>; readonly serving: ReadonlyMap<string, RestorableFile> };

/** Where the recorded bytes of files that are other ones are at hand. Never throws for what it finds there. */
export const filesHere = async ({ models, serving }: Pick<GateFacts, 'models' | 'serving'>, question: FileQuestion): Promise<FilesHere> => {
  const { manifest, projectRoot } = question;
  const roots = absoluteRoots({ project: projectRoot });
  const found: { models: [string, RestorableFile][]; serving: [string, RestorableFile][] } = { models: [], serving: [] };
  for (const { path } of models.filter(({ state }) => state !== 'same')) found.models.push([path, await modelHere(path, question)]);
  for (const { path } of serving.filter(({ state }) => state !== 'same')) {
    const file = manifest.evaluation.canary?.files.find((one) => one.path === path || one.path === `\${project}/${path}`);
    found.serving.push([
      path,
      await restorable({ name: path, sha256: file?.sha256, path: file === undefined ? undefined : pathOfName(file.path, roots), isNamed: false }, question),
    ]);
  }
  return { models: new Map(found.models), serving: new Map(found.serving) };
};

/** A model that was named as a file is the one that lies in that place of the record; the only one, if the record has one. */
const modelHere = async (name: string, question: FileQuestion): Promise<RestorableFile> => {
  const { manifest, projectRoot, reference, workingDirectory } = question;
  const outputs = manifest.outputs.filter(({ role }) => role === 'model');
  const own = outputs.find(({ path }) => path === name);
  if (own !== undefined) return restorable({ name, sha256: own.sha256, path: pathOfName(own.path, absoluteRoots({ project: projectRoot })), isNamed: false }, question);
  const path = resolve(workingDirectory, reference);
  const placed = outputs.find((one) => one.path === `\${project}/${relative(projectRoot, path)}`) ?? (outputs.length === 1 ? outputs[0] : undefined);
  if (name !== reference || placed === undefined) return missing('nobody knows which of its models it is to be');
  return restorable({ name, sha256: placed.sha256, path, isNamed: true }, question);
};

const missing = (because: string): RestorableFile => ({ means: { kind: 'missing', because } });

type Wanted = { readonly name: string; readonly sha256: string | undefined; readonly path: string | undefined; readonly isNamed: boolean };

const restorable = async ({ name, sha256, path, isNamed }: Wanted, question: FileQuestion): Promise<RestorableFile> => {
  if (sha256 === undefined) return missing('the record has no digest of it');
  if (path === undefined) return missing('nobody knows where it lies on this machine');
  const target = await writableTarget(path, { ...question, isNamed });
  if (target.kind === 'no') return missing(target.because);
  const { commit } = question.manifest.code.repository;
  const source = await sourceOf(sha256, path, { ...question, ...(commit === undefined ? {} : { commit }) });
  if (source === undefined)
    return missing(`its recorded bytes are neither in the store nor in git: name a copy with --from, or trainlock replay ${shortId(question.run.id)} --keep`);
  const file = { path: name, sha256, ...(target.before === undefined ? {} : { before: target.before }) };
  return { means: { kind: 'found', file, from: source.from, isOutside: target.isOutside }, target: target.path, source };
};
