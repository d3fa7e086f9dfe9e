import { basename } from 'node:path';
import { nodeCrypto } from '#files';
import { type Signer, signStatement } from '#keys';
import type { Manifest } from '#manifest';
import { pemOfPublicKey, writeBundle } from '#seal';
import { type BuiltStatement, hintForModelSigning, modelStatement, slsaProvenance, testResult, type TrainingRun } from '#statements';
import { addFurtherSeal } from '#store';

/** Further statements that can be signed with a record. */
export type FurtherKind = 'slsa-provenance' | 'test-result' | 'model-signing';

export type FurtherSigned = { readonly kind: FurtherKind; readonly path: string } | { readonly kind: FurtherKind; readonly because: string };

/** Signs statements that are derived from a record, beside it. One that the record gives no reason for is told and not made. Throws TL1104, TL0003. */
export const signFurther = async (
  statementPath: string,
  { run, signer, kinds }: { readonly run: TrainingRun; readonly signer: Signer; readonly kinds: readonly FurtherKind[] },
): Promise<readonly FurtherSigned[]> => {
  const signed: FurtherSigned[] = [];
  for (const kind of kinds) {
    const statement = derived(kind, run);
    if (typeof statement === 'string') {
      signed.push({ kind, because: statement });
      continue;
    }
    const sealed = await signStatement(signer, statement, nodeCrypto);
    // The reference verifier of model signing wants a hint of its own.
    const hint = kind === 'model-signing' ? hintForModelSigning(pemOfPublicKey(signer.publicKey), nodeCrypto) : undefined;
    const bundle = writeBundle(hint === undefined ? sealed : { ...sealed, signer: { kind: 'key', hint } });
    signed.push({ kind, path: await addFurtherSeal(statementPath, { name: kind, bundle }) });
  }
  return signed;
};

/** The statement, or why there is none. */
const derived = (kind: FurtherKind, run: TrainingRun): BuiltStatement | string => {
  switch (kind) {
    case 'slsa-provenance':
      return slsaProvenance(run, nodeCrypto);
    case 'test-result':
      return testResult(run, nodeCrypto) ?? 'the record has no criteria';
    case 'model-signing': {
      const files = modelFiles(run.manifest);
      if (files.files.length === 0) return 'no output of the run is a model';
      const reading = modelStatement(files, nodeCrypto);
      return reading.kind === 'accepted' ? reading.value : (reading.problems[0]?.message ?? 'the model cannot be described');
    }
  }
};

/** The models among the outputs, below the folder that holds them all. */
const modelFiles = ({ outputs }: Manifest): { readonly name: string; readonly files: readonly { readonly path: string; readonly sha256: string }[] } => {
  const models = outputs.flatMap(({ path, sha256, role }) => ((role === 'model' || role === 'checkpoint') && sha256 !== undefined ? [{ path, sha256 }] : []));
  const folder = commonFolder(models.map(({ path }) => path));
  return { name: basename(folder).replace('${project}', 'model'), files: models.map(({ path, sha256 }) => ({ path: path.slice(folder.length + 1), sha256 })) };
};

const commonFolder = (paths: readonly string[]): string => {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const shared = others.reduce((common, parts) => common.filter((part, at) => common.slice(0, at + 1).every((_, i) => common[i] === parts[i]) && part === parts[at]), first);
  return shared.join('/');
};
