import { nameBelow, nameInside } from '#digest';
import { type FilePath, hashFiles, isComplete, lookAtFile, type OnProgress, type TakenTree, takeTree } from '#files';
import { inputKey, type RecordedFolder, type RecordedInput, type RecordedInputs } from './recorded-inputs.ts';
import { mappedPath, type PathMap } from './recorded-paths.ts';

/** Where the right bytes of an input are: in place, in the source snapshot, or in the store. */
export type ProvenInput = {
  readonly input: RecordedInput;
  readonly at: { readonly kind: 'place'; readonly path: string } | { readonly kind: 'snapshot' } | { readonly kind: 'object'; readonly sha256: string };
};

export type InputProblem = { readonly input: RecordedInput; readonly path: string; readonly kind: 'missing' | 'changed' | 'unproven'; readonly because: string };

/** A folder that has every recorded file with the recorded bytes, and no other. */
export type ProvenFolder = {
  readonly folder: RecordedFolder;
  /** Where it lies now. */
  readonly path: string;
  /** Paths below it of links that lead out of it. */
  readonly leadingOut: readonly string[];
};

export type Proof = { readonly proven: readonly ProvenInput[]; readonly folders: readonly ProvenFolder[]; readonly problems: readonly InputProblem[] };

export type ProofOptions = {
  readonly map: PathMap;
  /** Files of the source snapshot: path relative to the project, to digest. */
  readonly snapshot: ReadonlyMap<string, string>;
  readonly hasObject: (sha256: string) => Promise<boolean>;
  readonly onProgress?: OnProgress;
};

/**
 * Proves that every input is what the recorded run read, by hashing it now. A folder that is another is looked at file by file. What
 * has changed is taken from the source snapshot or the store if its bytes were kept there; what remains is a problem.
 */
export const proveInputs = async ({ files, folders }: RecordedInputs, options: ProofOptions): Promise<Proof> => {
  const whole: ProvenFolder[] = [];
  const inputs = new Map(files.map((input) => [inputKey(input), input]));
  for (const folder of folders) {
    const path = mappedPath(folder.recordedPath, options.map);
    const same = await sameTree(folder, path, options);
    if (same !== undefined) whole.push({ folder, path, leadingOut: same.findings.filter(({ kind }) => kind === 'outside').map((finding) => finding.path) });
    else for (const input of await folder.files()) inputs.set(inputKey(input), input);
  }
  return { ...(await proveFiles([...inputs.values()], options)), folders: whole };
};

/** The tree that is there, if all of it could be read and it is the recorded one. */
const sameTree = async ({ listSha256 }: RecordedFolder, path: string, options: ProofOptions): Promise<TakenTree | undefined> => {
  if (lookAtFile({ path }).kind !== 'folder') return undefined;
  const tree = await takeTree(path, told(options));
  return tree.identity.listSha256 === listSha256 && isComplete(tree.findings) ? tree : undefined;
};

const told = ({ onProgress }: ProofOptions): { readonly onProgress?: OnProgress } => (onProgress === undefined ? {} : { onProgress });

const proveFiles = async (inputs: readonly RecordedInput[], options: ProofOptions): Promise<Omit<Proof, 'folders'>> => {
  const places = inputs.map((input) => placeOf(input, options.map));
  const facts = await hashFiles(places, told(options));
  const proven: ProvenInput[] = [];
  const problems: InputProblem[] = [];
  for (const [index, input] of inputs.entries()) {
    const { path } = places[index]!;
    const fact = facts[index]!;
    if (input.sha256 === undefined || input.unproven !== undefined) problems.push({ input, path, kind: 'unproven', because: input.unproven ?? 'no digest was recorded' });
    else if (input.inProject !== undefined && options.snapshot.get(input.inProject) === input.sha256) proven.push({ input, at: { kind: 'snapshot' } });
    else if (fact.kind === 'file' && fact.sha256 === input.sha256) proven.push({ input, at: { kind: 'place', path } });
    else if (await options.hasObject(input.sha256)) proven.push({ input, at: { kind: 'object', sha256: input.sha256 } });
    else if (fact.kind === 'absent') problems.push({ input, path, kind: 'missing', because: 'there is no such file' });
    else problems.push({ input, path, kind: 'changed', because: fact.sha256 === undefined ? (fact.reason ?? `it is a ${fact.kind}`) : 'its content is another' });
  }
  return { proven, problems };
};

/** Bytes of a name are known for the place where it was recorded only. */
const placeOf = ({ recordedPath, raw }: RecordedInput, map: PathMap): FilePath => {
  const path = mappedPath(recordedPath, map);
  if (raw === undefined || path === recordedPath) return raw === undefined ? { path } : { path, raw };
  const moved = map.find((one) => path.startsWith(one.to) && recordedPath.startsWith(one.from) && path.slice(one.to.length) === recordedPath.slice(one.from.length));
  const below = moved === undefined ? undefined : nameBelow({ path: recordedPath, raw }, { path: moved.from });
  return moved === undefined || below === undefined ? { path, raw } : nameInside({ path: moved.to }, below);
};
