/**
 * What a CPU must have for a level of numeric libraries, as flags of /proc/cpuinfo.
 * Source: OpenBLAS driver/others/dynamic.c and dynamic_arm64.c; PyTorch aten/src/ATen/native/DispatchStub.cpp; NumPy
 * numpy/_core/src/common/npy_cpu_features.c; oneDNN doc/advanced/cpu_dispatch_control.md.
 */
const AVX2: readonly string[] = ['avx', 'avx2', 'fma'];
const AVX512: readonly string[] = [...AVX2, 'avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl'];
const VNNI: readonly string[] = [...AVX512, 'avx512_vnni'];
const ICL: readonly string[] = [...VNNI, 'avx512_vbmi2', 'avx512_bitalg', 'avx512_vpopcntdq', 'avx512ifma', 'avx512vbmi'];
const X86_V3: readonly string[] = [...AVX2, 'bmi1', 'bmi2', 'f16c', 'movbe', 'abm'];

/** Kernels of OpenBLAS. Names of others are not known here. */
const OPENBLAS: Readonly<Record<string, readonly string[]>> = {
  prescott: ['pni'],
  core2: ['ssse3'],
  penryn: ['sse4_1'],
  nehalem: ['sse4_2'],
  barcelona: ['sse4a'],
  sandybridge: ['avx'],
  bulldozer: ['avx', 'fma4'],
  piledriver: ['avx', 'fma4', 'fma'],
  steamroller: ['avx', 'fma4', 'fma'],
  excavator: ['avx', 'avx2', 'fma4', 'fma'],
  haswell: AVX2,
  zen: AVX2,
  skylakex: AVX512,
  cooperlake: [...AVX512, 'avx512_bf16'],
  sapphirerapids: [...AVX512, 'avx512_bf16', 'amx_bf16'],
  armv8: ['asimd'],
  cortexa57: ['asimd'],
  neoversen1: ['asimd'],
  neoversev1: ['asimd', 'sve'],
  neoversen2: ['asimd', 'sve2'],
  armv8sve: ['asimd', 'sve'],
};

/** Capabilities of PyTorch, as it prints them. */
const TORCH: Readonly<Record<string, readonly string[]>> = { default: [], 'no avx': [], avx2: AVX2, avx512: AVX512 };

/** Features that NumPy chooses by. */
const NUMPY: Readonly<Record<string, readonly string[]>> = {
  SSE: ['sse'],
  SSE2: ['sse2'],
  SSE3: ['pni'],
  SSSE3: ['ssse3'],
  SSE41: ['sse4_1'],
  POPCNT: ['popcnt'],
  SSE42: ['sse4_2'],
  AVX: ['avx'],
  F16C: ['f16c'],
  XOP: ['xop'],
  FMA4: ['fma4'],
  FMA3: ['fma'],
  AVX2: ['avx2'],
  AVX512F: ['avx512f'],
  AVX512CD: ['avx512cd'],
  AVX512_KNL: ['avx512er', 'avx512pf'],
  AVX512_KNM: ['avx512_4vnniw', 'avx512_4fmaps'],
  AVX512_SKX: AVX512,
  AVX512_CLX: VNNI,
  AVX512_CNL: [...AVX512, 'avx512ifma', 'avx512vbmi'],
  AVX512_ICL: ICL,
  AVX512_SPR: [...ICL, 'avx512_fp16'],
  X86_V2: ['sse4_2', 'popcnt', 'cx16'],
  X86_V3,
  X86_V4: [...X86_V3, ...AVX512],
  ASIMD: ['asimd'],
  ASIMDHP: ['asimdhp'],
  ASIMDDP: ['asimddp'],
  ASIMDFHM: ['asimdfhm'],
  SVE: ['sve'],
};

/** Levels of oneDNN and of MKL, the highest first. */
const ISA: readonly { readonly onednn: string; readonly mkl: string; readonly needs: readonly string[] }[] = [
  { onednn: 'AVX512_CORE_AMX', mkl: 'AVX512', needs: [...VNNI, 'avx512_bf16', 'avx512_fp16', 'amx_tile', 'amx_int8', 'amx_bf16'] },
  { onednn: 'AVX512_CORE_FP16', mkl: 'AVX512', needs: [...VNNI, 'avx512_bf16', 'avx512_fp16'] },
  { onednn: 'AVX512_CORE_BF16', mkl: 'AVX512', needs: [...VNNI, 'avx512_bf16'] },
  { onednn: 'AVX512_CORE_VNNI', mkl: 'AVX512', needs: VNNI },
  { onednn: 'AVX512_CORE', mkl: 'AVX512', needs: AVX512 },
  { onednn: 'AVX2_VNNI', mkl: 'AVX2', needs: [...AVX2, 'avx_vnni'] },
  { onednn: 'AVX2', mkl: 'AVX2', needs: AVX2 },
  { onednn: 'AVX', mkl: 'AVX', needs: ['avx'] },
  { onednn: 'SSE41', mkl: 'SSE4_2', needs: ['sse4_1'] },
];

const NUMERIC_FLAG = /^(?:pni|ssse3|sse|avx|amx|fma|f16c|bmi|movbe|abm|xop|popcnt|gfni|vaes|vpclmulqdq|asimd|sve|sme|fp|bf16|i8mm|vsx|vx)/;

/** The flags among those of a CPU that numeric libraries choose by, sorted. */
export const numericFlags = (flags: readonly string[]): readonly string[] => flags.filter((flag) => NUMERIC_FLAG.test(flag)).toSorted();

export type Level = { readonly library: 'openblas' | 'torch' | 'numpy'; readonly name: string };

/** Flags that a level needs and a CPU does not have; undefined if the level is not known here. */
export const lackingFlags = ({ library, name }: Level, flags: readonly string[]): readonly string[] | undefined => {
  const table = { openblas: OPENBLAS, torch: TORCH, numpy: NUMPY }[library];
  const key = library === 'numpy' ? name : name.toLowerCase();
  return Object.hasOwn(table, key) ? table[key]!.filter((flag) => !flags.includes(flag)) : undefined;
};

/** The highest level of oneDNN and MKL that a CPU has; undefined if it has none of them. */
export const highestIsa = (flags: readonly string[]): { readonly onednn: string; readonly mkl: string } | undefined =>
  ISA.find(({ needs }) => needs.every((flag) => flags.includes(flag)));

const wordsOf = (text: string | undefined): readonly string[] => (text ?? '').split(' ').filter((word) => word !== '');

/** The features that NumPy was built to choose by, and those of them that it had. */
export const numpyChoice = (runtime: Readonly<Record<string, string>> | undefined): { readonly choices: readonly string[]; readonly had: readonly string[] } | undefined => {
  if (runtime?.['numpy.cpu_features'] === undefined) return undefined;
  const choices = wordsOf(runtime['numpy.cpu_dispatch']);
  const features = wordsOf(runtime['numpy.cpu_features']);
  return { choices, had: choices.filter((name) => features.includes(name)) };
};
