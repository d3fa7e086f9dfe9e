import { hashFiles, type OnProgress } from '#files';
import type { RecordedInput } from './recorded-inputs.ts';
import { mappedPath, type PathMap } from './recorded-paths.ts';

/** Where the right bytes of an input are: in place, in the source snapshot, or in the store. */
export type ProvenInput = {
  readonly input: RecordedInput;
  readonly at: { readonly kind: 'place'; readonly path: string } | { readonly kind: 'snapshot' } | { readonly kind: 'object'; readonly sha256: string };
};

export type InputProblem = { readonly input: RecordedInput; readonly path: string; readonly kind: 'missing' | 'changed' | 'unproven'; readonly because: string };

export type Proof = { readonly proven: readonly ProvenInput[]; readonly problems: readonly InputProblem[] };

export type ProofOptions = {
  readonly map: PathMap;
  /** Files of the source snapshot: path relative to the project, to digest. */
  readonly snapshot: ReadonlyMap<string, string>;
  readonly hasObject: (sha256: string) => Promise<boolean>;
  readonly onProgress?: OnProgress;
};

/**
 * Proves that every input is what the recorded run read, by hashing it now. What has changed is taken from the source snapshot or the
 * store if its bytes were kept there; what remains is a problem.
 */
export const proveInputs = async (inputs: readonly RecordedInput[], options: ProofOptions): Promise<Proof> => {
  const places = inputs.map((input) => ({ path: mappedPath(input.recordedPath, options.map), ...(input.raw === undefined ? {} : { raw: input.raw }) }));
  const facts = await hashFiles(places, options.onProgress === undefined ? {} : { onProgress: options.onProgress });
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
