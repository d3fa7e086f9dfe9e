import { describe, expect, it } from 'vitest';
import type { Manifest } from '#manifest';
import { digestOf, distribution, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { compareEnvironment } from './compare-environment.ts';
import { type EnvironmentHere, hereOfManifest } from './environment-here.ts';
import type { EnvironmentFinding } from './finding.ts';

type Dependencies = Manifest['dependencies'];
type Environment = Manifest['environment'];

const DRIVER = { index: 0, model: 'NVIDIA H100', driver: '550.54' };
const LIBC = { path: '/usr/lib/libc.so.6', buildId: 'aa11', owner: { kind: 'deb', name: 'libc6', version: '2.36-9' } } as const;
const ZIG = distribution('zig', '1.0', { relation: 'unrelated', imported: false });

const base = trainingManifest();
const recorded: Manifest = {
  ...base,
  dependencies: { ...base.dependencies, native: [...base.dependencies.native, LIBC] },
  environment: { ...base.environment, accelerators: [] },
};

/** The recorded environment, with something else in it. */
const here = (dependencies: Partial<Dependencies>, environment: Partial<Environment> = {}): EnvironmentHere =>
  hereOfManifest({ ...recorded, dependencies: { ...recorded.dependencies, ...dependencies }, environment: { ...recorded.environment, ...environment } });

const withPackages = (...changes: readonly Partial<Dependencies['distributions'][number]>[]): EnvironmentHere =>
  here({ distributions: recorded.dependencies.distributions.map((one) => ({ ...one, ...changes.find(({ name }) => name === one.name) })) });

const compare = (now: EnvironmentHere, then: Manifest = recorded, neededOnly = false): readonly EnvironmentFinding[] =>
  compareEnvironment(then, now, { run: '1f0c7e52', python: '/venv/bin/python', neededOnly });

const told = (findings: readonly EnvironmentFinding[]): readonly string[] => findings.map(({ id, severity, state, about }) => `${id} ${severity} ${state} ${about}`);

const POOL = recorded.environment.threadPools![0]!;
const NUMPY = recorded.dependencies.distributions[0]!;
const AVX512 = ['avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl'];
const [FLAGS, MORE] = [recorded.environment.cpu!.flags!, [...recorded.environment.cpu!.flags!, ...AVX512]];
const cpu = (flags: readonly string[]): Partial<Environment> => ({ cpu: { model: 'other', flags: [...flags] } });

describe('compareEnvironment', () => {
  it('finds nothing where everything was compared and is the same', () => expect(compare(here({}))).toEqual([]));

  it.each<readonly [string, EnvironmentHere, readonly string[]]>([
    ['another patch of a package', withPackages({ name: 'numpy', version: '1.26.5' }), ['TL3001 medium different package numpy']],
    ['another major version', withPackages({ name: 'numpy', version: '2.0.0' }), ['TL3001 high different package numpy']],
    ['an epoch', withPackages({ name: 'numpy', version: '1!1.26.4' }), ['TL3001 high different package numpy']],
    ['other files of the same version', withPackages({ name: 'numpy', recordSha256: digestOf('x') }), ['TL3001 medium different package numpy']],
    ['files changed after the installation', withPackages({ name: 'numpy', sizesAgree: 'no', modified: ['/a'] }), ['TL3001 medium different package numpy']],
    ['an editable package', withPackages({ name: 'numpy', source: { kind: 'editable', url: 'file:///x' } }), ['TL3001 medium unknown package numpy']],
    ['a package that the run did not need', withPackages({ name: 'pip', version: '99.0' }), ['TL3001 low different package pip']],
    ['a package that is not there', here({ distributions: recorded.dependencies.distributions.slice(1) }), ['TL3001 high different package numpy']],
    ['a package more', here({ distributions: [...recorded.dependencies.distributions, ZIG] }), ['TL3001 low different package zig']],
    ['another series of Python', here({ interpreters: [{ ...recorded.dependencies.interpreters[0]!, version: '3.12.0' }] }), ['TL3001 high different interpreter']],
    ['a Python of other bytes', here({ interpreters: [{ ...recorded.dependencies.interpreters[0]!, sha256: digestOf('y') }] }), ['TL3002 medium different interpreter']],
    ['another build of a library', here({ native: [{ ...LIBC, buildId: 'bb22' }] }), ['TL3002 medium different deb libc6']],
    ['a library that is nowhere', here({ native: [] }), ['TL3002 medium different deb libc6']],
    ['another BLAS', here({}, { threadPools: [{ ...POOL, version: '0.3.24' }] }), ['TL3002 medium different openblas of numpy.libs/libopenblas64_p-r0.3.23.dev.so']],
    [
      'another kernel',
      here({}, { threadPools: [{ ...POOL, kernel: 'SkylakeX' }], ...cpu(MORE) }),
      ['TL3003 medium different openblas kernel of numpy.libs/libopenblas64_p-r0.3.23.dev.so'],
    ],
    ['another architecture', here({}, { os: { name: 'Debian', architecture: 'aarch64' } }), ['TL3003 high different architecture']],
    ['fewer threads', here({}, { threadPools: [{ ...POOL, threads: 1 }] }), ['TL3004 low different threads of openblas of numpy.libs/libopenblas64_p-r0.3.23.dev.so']],
    ['a variable that is not set', here({}, { variables: [] }), ['TL3004 low different variable OMP_NUM_THREADS']],
    [
      'a variable of the dispatch',
      here({}, { variables: [...recorded.environment.variables, { name: 'MKL_CBWR', shown: 'value', value: 'AVX2' }] }),
      ['TL3003 medium different variable MKL_CBWR'],
    ],
    ['a variable without a value', here({}, { variables: [{ name: 'OMP_NUM_THREADS', shown: 'masked' }] }), ['TL3004 low unknown variable OMP_NUM_THREADS']],
    ['another locale', here({}, { locale: 'de_DE' }), ['TL3004 low different locale']],
    ['a GPU more', here({}, { accelerators: [DRIVER] }), ['TL3005 high different accelerator 0']],
  ])('%s', (_, now, expected) => expect(told(compare(now))).toEqual(expected));

  it('says that nothing is known where nothing could be asked', () => {
    const findings = compare({ machine: {}, variable: () => ({ kind: 'unknown' }), unavailable: [{ about: '/dependencies', reason: 'python does not start' }] });
    expect(new Set(findings.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(['TL3001', 'TL3002', 'TL3003', 'TL3004', 'TL3005']));
    expect(findings.find(({ about }) => about === 'packages')?.here).toBe('python does not start');
  });

  it('leaves out what the run did not need, if asked, and keeps the places of the others', () => {
    const later = { ...recorded, dependencies: { ...recorded.dependencies, distributions: [ZIG, ...recorded.dependencies.distributions] } };
    const findings = compare(withPackages({ name: 'numpy', version: '1.26.5' }, { name: 'pip', version: '99.0' }), later, true);
    expect(findings.map(({ pointer }) => pointer)).toEqual(['/dependencies/distributions/1/version']);
  });

  it('knows a GPU by driver too', () => {
    const then = { ...recorded, environment: { ...recorded.environment, accelerators: [DRIVER] } };
    const findings = compare(here({}, { accelerators: [{ ...DRIVER, driver: '560.1' }] }), then);
    expect(findings.map(({ id, recorded: was, here: is }) => [id, was, is])).toEqual([['TL3005', 'NVIDIA H100, driver 550.54', 'NVIDIA H100, driver 560.1']]);
  });

  it('counts instruction sets where nobody could ask what the libraries chose', () => {
    const findings = compare(here({}, { threadPools: [], ...cpu(MORE) }));
    expect(told(findings)).toEqual([expect.stringMatching(/^TL3003 medium unknown instruction set/), expect.stringMatching(/^TL3004 low unknown openblas/)]);
  });

  it('tells a machine that cannot do as the run did from one that can be told to', () => {
    const strong = { ...recorded, environment: { ...recorded.environment, ...cpu(MORE), threadPools: [{ ...POOL, kernel: 'SkylakeX' }] } };
    expect(compare(here({}, cpu(FLAGS)), strong)[0]).toMatchObject({
      here: expect.stringContaining('the CPU here lacks avx512f'),
      remedy: expect.stringContaining('use a machine') as string,
    });
    expect(compare(here({}, { ...cpu(MORE), threadPools: [{ ...POOL, kernel: 'SkylakeX' }] }))[0]!.remedy).toBe('trainlock exec --pin 1f0c7e52 -- CMD');
  });

  it('does not pass over a second interpreter', () => {
    const [first] = recorded.dependencies.interpreters;
    const two = (sha256: string): Manifest => ({
      ...recorded,
      dependencies: { ...recorded.dependencies, interpreters: [first!, { ...first!, executable: '/usr/bin/python3', sha256 }] },
    });
    expect(told(compare(here({}), two(digestOf('other'))))).toEqual(['TL3001 medium unknown interpreter 2 of the run']);
    expect(compare(here({}), two(first!.sha256!))).toEqual([]);
  });

  it('takes a variable that says what the run had without it for no difference', () => {
    const pinned = [...recorded.environment.variables, { name: 'OPENBLAS_CORETYPE', shown: 'value', value: 'Haswell' }] as const;
    expect(compare(here({}, { variables: [...pinned] }))).toEqual([]);
    expect(told(compare(here({}, { variables: [...pinned.slice(0, -1), { name: 'OPENBLAS_CORETYPE', shown: 'value', value: 'Nehalem' }] })))).toEqual([
      'TL3003 medium different variable OPENBLAS_CORETYPE',
    ]);
  });

  it.each(['x; rm -rf /', '-rfile', '--index-url=http://evil.example'])('puts no recorded name into a command that is none: %s', (name) => {
    const bad = { ...NUMPY, name };
    const then = { ...recorded, dependencies: { ...recorded.dependencies, distributions: [...recorded.dependencies.distributions, bad] } };
    expect(compare(here({}), then)[0]!.remedy).toBe('look at it: its name or version is none that pip knows');
    expect(compare(here({ distributions: [...recorded.dependencies.distributions, bad] }))[0]!.remedy).toBe('look at it: its name is none that pip knows');
  });
});
