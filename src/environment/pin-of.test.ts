import { describe, expect, it } from 'vitest';
import type { Manifest } from '#manifest';
import { trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { type Pin, type PinHere, pinOf } from './pin-of.ts';

type Environment = Manifest['environment'];

const base = trainingManifest();
const AVX512 = ['avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl'];
const HERE: PinHere = { architecture: 'x86_64', flags: base.environment.cpu!.flags!, cpus: 2 };
const pin = (environment: Partial<Environment> = {}, here: PinHere = HERE, more: Partial<Manifest> = {}): Pin =>
  pinOf({ ...base, ...more, environment: { ...base.environment, variables: [], ...environment } }, here);

const shown = (name: string, value: string): Environment['variables'][number] => ({ name, shown: 'value', value });

describe('pinOf', () => {
  it('sets threads and kernels as the libraries had them, hash seed and time zone, and takes away what was not set', () => {
    const { set, unset, refusals, notes } = pin();
    expect(set).toEqual({ OPENBLAS_NUM_THREADS: '2', OPENBLAS_CORETYPE: 'Haswell', PYTHONHASHSEED: '1234567', TZ: 'UTC' });
    expect(unset).toContain('OMP_NUM_THREADS');
    expect([refusals, notes]).toEqual([[], []]);
  });

  it('takes recorded variables before what was derived', () => {
    const { set, unset } = pin({ variables: [shown('OPENBLAS_NUM_THREADS', '4'), shown('OPENBLAS_CORETYPE', 'Nehalem'), shown('LC_ALL', 'de_DE.UTF-8')] });
    expect(set).toMatchObject({ OPENBLAS_NUM_THREADS: '4', OPENBLAS_CORETYPE: 'Nehalem', LC_ALL: 'de_DE.UTF-8' });
    expect(unset).not.toContain('LC_ALL');
  });

  it('lets a record name no file, no library and no option', () => {
    const variables = [
      shown('LD_PRELOAD', '/tmp/evil.so'),
      shown('PATH', '/tmp'),
      shown('PYTHONPATH', '/tmp'),
      shown('OMP_TOOL_LIBRARIES', '/tmp/evil.so'),
      shown('XLA_FLAGS', '--xla_dump_to=/'),
    ];
    const { set, unset } = pin({ variables });
    expect(Object.keys(set)).toEqual(['OPENBLAS_NUM_THREADS', 'OPENBLAS_CORETYPE', 'PYTHONHASHSEED', 'TZ']);
    expect(unset.filter((name) => variables.some((one) => one.name === name))).toEqual([]);
    expect(pin({ variables: [shown('TZ', ':/etc/shadow'), shown('OMP_PLACES', 'a\nb')], timeZone: '/etc/shadow' })).toMatchObject({
      set: expect.not.objectContaining({ TZ: expect.anything() as unknown }) as unknown,
      notes: [expect.stringContaining('TZ is left as it is'), expect.stringContaining('OMP_PLACES is left as it is')],
    });
  });

  it('leaves alone what was not recorded by value', () => {
    const { set, unset, notes } = pin({ variables: [{ name: 'OMP_SCHEDULE', shown: 'masked' }] });
    expect([set['OMP_SCHEDULE'], unset.includes('OMP_SCHEDULE'), notes]).toEqual([undefined, false, ['OMP_SCHEDULE is left as it is: its value was not recorded']]);
  });

  it('keeps another CPU to what the recorded one had', () => {
    const runtime = { 'torch.cpu_capability': 'AVX2', 'numpy.cpu_dispatch': 'X86_V4 AVX512_SPR', 'numpy.cpu_features': 'X86_V2' };
    const flags = [...HERE.flags!, ...AVX512, 'bmi1', 'bmi2', 'f16c', 'movbe', 'abm'];
    const dependencies = { ...base.dependencies, distributions: [...base.dependencies.distributions, { name: 'torch', version: '2.5', imported: true }] };
    expect(pin({ runtime }, { ...HERE, flags }, { dependencies }).set).toMatchObject({
      ATEN_CPU_CAPABILITY: 'avx2',
      NPY_DISABLE_CPU_FEATURES: 'X86_V4',
      ONEDNN_MAX_CPU_ISA: 'AVX2',
    });
    expect(pin({ runtime }, HERE, { dependencies }).set).not.toHaveProperty('ONEDNN_MAX_CPU_ISA');
  });

  it.each<readonly [string, Partial<Environment>, PinHere, string]>([
    ['a level that the CPU lacks', { threadPools: [{ api: 'openblas', kernel: 'SkylakeX' }], cpu: { model: 'x', flags: AVX512 } }, HERE, 'the CPU here lacks avx512f'],
    ['a capability that it lacks', { runtime: { 'torch.cpu_capability': 'AVX512' }, cpu: { model: 'x', flags: AVX512 } }, HERE, 'for capability avx512 of PyTorch'],
    [
      'a level that a variable demands',
      { threadPools: [], variables: [shown('OPENBLAS_CORETYPE', 'Cooperlake')], cpu: { model: 'x', flags: AVX512 } },
      HERE,
      'for kernel Cooperlake of OpenBLAS',
    ],
    ['a level that nobody knows', { threadPools: [{ api: 'openblas', kernel: 'Zen9' }], cpu: { model: 'x', flags: AVX512 } }, HERE, 'nobody knows here what kernel Zen9'],
    ['a CPU that tells nothing', {}, { architecture: 'x86_64' }, 'this machine does not tell'],
    ['another architecture', {}, { ...HERE, architecture: 'aarch64' }, 'the run was on x86_64, this machine is aarch64'],
  ])('refuses %s', (_, environment, here, because) => expect(pin(environment, here).refusals.join('\n')).toContain(because));

  it('takes a level of an unknown name where the CPU has all that the recorded one had', () =>
    expect(pin({ threadPools: [{ api: 'openblas', kernel: 'Zen9' }] })).toMatchObject({ refusals: [], set: { OPENBLAS_CORETYPE: 'Zen9' } }));

  it('says what it cannot pin', () => {
    const two = [
      { api: 'openblas', kernel: 'Haswell', threads: 2, path: '/a' },
      { api: 'openblas', kernel: 'Zen', threads: 8, path: '/b' },
    ];
    const { set, notes } = pin({ threadPools: two });
    expect(set).not.toHaveProperty('OPENBLAS_CORETYPE');
    expect(notes).toEqual([
      'OPENBLAS_NUM_THREADS is not set: libraries had 2 and 8 threads',
      'OPENBLAS_CORETYPE is not set: libraries had the kernels Haswell and Zen',
      '8 threads were recorded, and there are 2 CPUs here: some libraries take fewer',
    ]);
  });
});
