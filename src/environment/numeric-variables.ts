/**
 * Variables that decide how numeric software computes and that can do nothing else: none names a file, a folder or a library, because a
 * record that somebody else wrote must not choose code to be loaded.
 */
const DISPATCH: readonly string[] = [
  'OPENBLAS_CORETYPE',
  'ATEN_CPU_CAPABILITY',
  'ONEDNN_MAX_CPU_ISA',
  'DNNL_MAX_CPU_ISA',
  'ONEDNN_CPU_ISA_HINTS',
  'DNNL_CPU_ISA_HINTS',
  'ONEDNN_DEFAULT_FPMATH_MODE',
  'MKL_CBWR',
  'MKL_ENABLE_INSTRUCTIONS',
  'MKL_DEBUG_CPU_TYPE',
  'NPY_DISABLE_CPU_FEATURES',
  'NPY_ENABLE_CPU_FEATURES',
  'BLIS_ARCH_TYPE',
  'NUMBA_CPU_NAME',
  'NUMBA_CPU_FEATURES',
  'NUMBA_DISABLE_INTEL_SVML',
  'TF_ENABLE_ONEDNN_OPTS',
];

const THREADS: readonly string[] = [
  'OMP_NUM_THREADS',
  'OMP_THREAD_LIMIT',
  'OMP_DYNAMIC',
  'OMP_SCHEDULE',
  'OMP_PROC_BIND',
  'OMP_PLACES',
  'OMP_MAX_ACTIVE_LEVELS',
  'OMP_NESTED',
  'OMP_WAIT_POLICY',
  'GOMP_CPU_AFFINITY',
  'KMP_AFFINITY',
  'KMP_BLOCKTIME',
  'KMP_HW_SUBSET',
  'KMP_DETERMINISTIC_REDUCTION',
  'KMP_FORCE_REDUCTION',
  'MKL_NUM_THREADS',
  'MKL_DOMAIN_NUM_THREADS',
  'MKL_DYNAMIC',
  'MKL_THREADING_LAYER',
  'OPENBLAS_NUM_THREADS',
  'OPENBLAS_DEFAULT_NUM_THREADS',
  'GOTO_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMEXPR_MAX_THREADS',
  'NUMBA_NUM_THREADS',
  'NUMBA_THREADING_LAYER',
  'LOKY_MAX_CPU_COUNT',
  'TF_NUM_INTRAOP_THREADS',
  'TF_NUM_INTEROP_THREADS',
];

const DETERMINISM: readonly string[] = [
  'CUBLAS_WORKSPACE_CONFIG',
  'NVIDIA_TF32_OVERRIDE',
  'TORCH_ALLOW_TF32_CUBLAS_OVERRIDE',
  'TF_DETERMINISTIC_OPS',
  'TF_CUDNN_DETERMINISTIC',
  'JAX_ENABLE_X64',
  'JAX_DEFAULT_MATMUL_PRECISION',
  'PYTHONHASHSEED',
  'PYTHONUTF8',
];

const PLACE: readonly string[] = ['LC_ALL', 'LC_CTYPE', 'LC_NUMERIC', 'LC_COLLATE', 'LC_TIME', 'LC_MONETARY', 'LC_MESSAGES', 'LANG', 'TZ'];

export const DISPATCH_VARIABLES: ReadonlySet<string> = new Set(DISPATCH);

/** All of them, in the order in which they are told. */
export const NUMERIC_VARIABLES: readonly string[] = [...THREADS, ...DISPATCH, ...DETERMINISM, ...PLACE];

/** Whether a recorded value is nothing but a setting. A time zone that begins with a slash or a colon names a file. */
export const isPlainSetting = (name: string, value: string): boolean => value.length <= 1000 && /^[\x20-\x7e]*$/.test(value) && !(name === 'TZ' && /^[:/]|\.\./.test(value));

/** The variable that sets the number of threads of a library. */
export const THREADS_VARIABLE: Readonly<Record<string, string>> = { openblas: 'OPENBLAS_NUM_THREADS', mkl: 'MKL_NUM_THREADS', blis: 'BLIS_NUM_THREADS', openmp: 'OMP_NUM_THREADS' };
