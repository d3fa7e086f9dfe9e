import picomatch from 'picomatch';
import { type Crypto, isSecretName, type Redactor, toHex, utf8 } from '#base';
import type { Environment } from '#manifest';
import { cutText } from './read-events.ts';

type Variable = Environment['variables'][number];

export type VariableRules = {
  /** Names or globs that are recorded by value besides our own list, unless they look like secrets. */
  readonly allow: readonly string[];
  /** Names or globs that are always masked. */
  readonly mask: readonly string[];
  /** Key of commitments, kept outside the record. */
  readonly commitmentKey: Uint8Array;
  readonly redactor: Redactor;
  /** Names that the program was seen to read: they are shown unless they look like secrets. */
  readonly read?: ReadonlySet<string>;
};

/** Longest value that is shown. Unit: letter. */
const MOST_LETTERS = 60_000;

/** Variables that decide how numeric software runs, and that say nothing about people. */
const BY_VALUE = [
  'PYTHON*',
  'OMP_*',
  'MKL_*',
  'OPENBLAS_*',
  'KMP_*',
  'GOTO_*',
  'BLIS_*',
  'NUMEXPR_*',
  'VECLIB_*',
  'NUMBA_*',
  'GOMP_*',
  'LOKY_*',
  'JOBLIB_*',
  'SKLEARN_*',
  'SCIPY_*',
  'NPY_*',
  'TORCH*',
  'PYTORCH_*',
  'ATEN_*',
  'ONEDNN_*',
  'DNNL_*',
  'CUDA_*',
  'CUBLAS_*',
  'CUDNN_*',
  'NVIDIA_*',
  'NCCL_*',
  'GLOO_*',
  'HIP_*',
  'ROCR_*',
  'TF_*',
  'XLA_*',
  'JAX_*',
  'HF_*',
  'TRANSFORMERS_*',
  'TOKENIZERS_*',
  'WANDB_MODE',
  'MLFLOW_TRACKING_URI',
  'MPLBACKEND',
  'MPLCONFIGDIR',
  'LC_*',
  'LANG',
  'LANGUAGE',
  'TZ',
  'LD_*',
  'PATH',
  'VIRTUAL_ENV',
  'CONDA_*',
  'SLURM_*',
  'PBS_*',
  'RAY_*',
  'RANK',
  'WORLD_SIZE',
  'LOCAL_RANK',
  'LOCAL_WORLD_SIZE',
  'GROUP_RANK',
  'NODE_RANK',
  'MASTER_PORT',
  'SOURCE_DATE_EPOCH',
  'MALLOC_*',
  'GLIBC_TUNABLES',
  'ASAN_OPTIONS',
];

/** Names of machines and people: never shown, because hosts are pseudonyms in a record. */
const MACHINES = ['*HOSTNAME*', '*HOST_NAME*', '*NODELIST*', '*NODENAME*', 'MASTER_ADDR', '*_ADDR', '*_ADDRESS', 'USER', 'LOGNAME', 'HOST'];

/**
 * Environment variables as they go into the record: known and allowed names by value, everything else by name with a keyed
 * commitment, secret-looking ones masked. A secret name wins over every list. Names in alphabetical order.
 */
export const environmentVariables = (environment: Readonly<Record<string, string | undefined>>, rules: VariableRules, crypto: Crypto): readonly Variable[] => {
  const judge = { listed: picomatch([...BY_VALUE, ...rules.allow]), machine: picomatch(MACHINES), masked: rules.mask.length === 0 ? () => false : picomatch([...rules.mask]) };
  return Object.entries(environment)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== '' && !entry[0].startsWith('TRAINLOCK_'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, 10_000)
    .map(([name, value]) => {
      const read = rules.read?.has(name) === true;
      return { name: cutText(name.toWellFormed(), 1000), ...shownAs(name, value, { ...judge, rules, read, crypto }), ...(read ? { read } : {}) };
    });
};

type Judging = {
  readonly listed: (name: string) => boolean;
  readonly machine: (name: string) => boolean;
  readonly masked: (name: string) => boolean;
  readonly rules: VariableRules;
  readonly read: boolean;
  readonly crypto: Crypto;
};

const shownAs = (name: string, value: string, judging: Judging): Pick<Variable, 'shown' | 'value' | 'commitment'> => {
  const { rules } = judging;
  if (judging.masked(name) || isSecretName(name) || rules.redactor.redact(`${name}=${value}`).count > 0) return { shown: 'masked' };
  const mayShow = (judging.listed(name) || judging.read) && !judging.machine(name) && value.length <= MOST_LETTERS && value.isWellFormed();
  if (mayShow) return { shown: 'value', value };
  return { shown: 'commitment', commitment: toHex(judging.crypto.hmacSha256(rules.commitmentKey, utf8(`${name}=${value}`))) };
};
