import type { JsonValue } from '#base';
import type { Manifest, Risk } from '#manifest';
import { memberAt, textAt } from './json-equal.ts';

const WEIGHT: Readonly<Record<Risk, number>> = { high: 9, medium: 3, low: 1 };

/** Variables that numeric libraries and interpreters read without being seen. */
const NUMERIC_VARIABLE = /^(OMP_|KMP_|MKL_|OPENBLAS_|BLIS_|GOTO_|VECLIB_|NUMEXPR_|ATEN_|DNNL_|ONEDNN_|CUDA_|CUBLAS_|CUDNN_|NVIDIA_|TORCH_|TF_|XLA_|JAX_|NPY_|PYTHON|NCCL_|LD_)/;

/** How much a thing mattered for these runs: 1 as its field says, below that less, above that more. No unit. */
const relevanceOf = (path: string, items: readonly (JsonValue | undefined)[], manifests: readonly Manifest[]): number => {
  const says = (member: string, ...values: readonly JsonValue[]): boolean => items.some((item) => values.includes(memberAt(item, member) ?? null));
  switch (path) {
    case '/dependencies/distributions/*':
      return says('imported', true) ? 2 : says('relation', 'direct') ? 1 : says('relation', 'unrelated') && !says('relation', 'transitive') ? 0.1 : 0.5;
    case '/environment/variables/*':
      return says('read', true) || items.some((item) => NUMERIC_VARIABLE.test(textAt(item, 'name'))) ? 3 : 0.3;
    case '/environment/threadPools/*':
      return 2;
    case '/randomness/root':
      return manifests.some((manifest) => manifest.randomness.generators.some((generator) => generator.how === 'owned')) ? 1 : 0.05;
    case '/randomness/hashSeed':
    case '/randomness/hashSeed/value':
      return 0.2;
    case '/code/repository/commit':
    case '/code/repository/dirty':
    case '/code/repository/patch':
      return 0.2;
    case '/code/repository/branch':
    case '/code/repository/remote':
    case '/code/repository/root':
    case '/code/repository/pushed':
    case '/code/repository/kind':
    case '/code/repository/untracked/*':
      return 0.05;
    case '/data/*/files/*':
    case '/data/*':
      return says('role', 'cache') ? 0.3 : 1;
    default:
      return 1;
  }
};

/** Rank of a difference, and the risk it has for these runs. */
export const weigh = (risk: Risk, path: string, items: readonly (JsonValue | undefined)[], manifests: readonly Manifest[]): { readonly score: number; readonly risk: Risk } => {
  const score = WEIGHT[risk] * relevanceOf(path, items, manifests);
  return { score, risk: score >= 6 ? 'high' : score >= 2 ? 'medium' : 'low' };
};
