import { describe, expect, it } from 'vitest';
import type { Manifest } from '#manifest';
import { digestOf, distribution, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { testCrypto, trainingRun } from '../../test/fixtures/training-run.ts';
import type { ResourceDescriptor } from './resource-descriptor.ts';
import { slsaProvenance } from './slsa-provenance.ts';

type Statement = {
  readonly subject: readonly unknown[];
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: Readonly<Record<string, unknown>>;
      readonly internalParameters: Readonly<Record<string, unknown>>;
      readonly resolvedDependencies: readonly ResourceDescriptor[];
    };
    readonly runDetails: { readonly builder: unknown; readonly metadata: unknown; readonly byproducts: readonly ResourceDescriptor[] };
  };
};

const provenanceOf = (changes: Partial<Manifest> = {}): Statement => JSON.parse(Buffer.from(slsaProvenance(trainingRun(changes), testCrypto).payload).toString()) as Statement;

const manifest = trainingManifest();
const { subject, predicate } = provenanceOf();
const { buildDefinition, runDetails } = predicate;
const named = (name: string, of: readonly ResourceDescriptor[] = buildDefinition.resolvedDependencies): ResourceDescriptor | undefined => of.find((one) => one.name === name);

describe('slsaProvenance', () => {
  it('is about the same subjects as the record', () => {
    expect(subject).toEqual(trainingRun().subjects);
  });

  it('has no member that SLSA provenance v1 does not have, and no level', () => {
    expect(Object.keys(predicate)).toEqual(['buildDefinition', 'runDetails']);
    expect(Object.keys(buildDefinition)).toEqual(['buildType', 'externalParameters', 'internalParameters', 'resolvedDependencies']);
    expect(Object.keys(runDetails)).toEqual(['builder', 'byproducts', 'metadata']);
    const descriptors = [...buildDefinition.resolvedDependencies, ...runDetails.byproducts];
    expect(new Set(descriptors.flatMap((one) => Object.keys(one)))).toEqual(new Set(['name', 'uri', 'digest', 'mediaType', 'annotations']));
    expect(descriptors.flatMap((one) => Object.values(one.annotations ?? {})).every((value) => typeof value === 'string')).toBe(true);
    expect(JSON.stringify(predicate)).not.toMatch(/SLSA_|BUILD_LEVEL/i);
  });

  it('says who watched, when, and which record says more', () => {
    expect(buildDefinition.buildType).toBe('https://trainlock.dev/train/v0');
    expect(runDetails.builder).toEqual({ id: 'https://trainlock.dev/builder/self-attested/v0', version: { trainlock: '0.1.0' } });
    expect(runDetails.metadata).toEqual({ invocationId: manifest.run.id, startedOn: manifest.run.startedAt, finishedOn: manifest.run.finishedAt });
    expect(named('statement of the run', runDetails.byproducts)?.digest).toEqual({ sha256: trainingRun().sha256 });
    expect(named('0.jsonl', runDetails.byproducts)?.digest).toEqual({ sha256: digestOf('events') });
  });

  it('leaves out an end that nobody saw', () => {
    const { finishedAt: _, ...run } = manifest.run;
    expect(provenanceOf({ run: { ...run, exit: { kind: 'lost' } } }).predicate.runDetails.metadata).toEqual({ invocationId: manifest.run.id, startedOn: manifest.run.startedAt });
  });

  it('puts what a person decided into the external parameters, seeds as texts', () => {
    expect(buildDefinition.externalParameters).toMatchObject({
      command: ['python', 'train.py', '--depth', '3'],
      parameters: [
        { name: 'depth', value: '3' },
        { name: 'lr', value: '0.1' },
      ],
      seeds: [{ library: 'random', how: 'explicit', seed: '7', seedKind: 'int' }],
      code: { repository: 'https://example.org/ann/digits.git', commit: 'a'.repeat(40) },
      criteria: [{ metric: 'accuracy', operator: '>=', value: '0.9' }],
    });
  });

  it('puts what a person did not decide into the internal parameters', () => {
    expect(buildDefinition.internalParameters).toMatchObject({
      environment: { cpu: { model: 'AMD EPYC 7B13' }, variables: [{ name: 'OMP_NUM_THREADS', value: '2' }] },
      randomness: { mode: 'own', root: { commitment: digestOf('root-1') }, seeds: [{ library: 'numpy', how: 'owned', seed: '123456789' }] },
      capture: { trust: 'self-attested' },
      notDescribed: { 'native-library': 1 },
    });
  });

  it('keeps a seed beyond 2^53 to its last digit', () => {
    const seed = '340282366920938463463374607431768211455';
    const generators = [{ library: 'numpy', api: 'PCG64', how: 'explicit' as const, seed: { kind: 'ints' as const, value: [seed, '0'] }, process: '0', rank: 3 }];
    expect(provenanceOf({ randomness: { ...manifest.randomness, generators } }).predicate.buildDefinition.externalParameters['seeds']).toEqual([
      { library: 'numpy', api: 'PCG64', how: 'explicit', process: '0', rank: '3', seed: [seed, '0'], seedKind: 'ints' },
    ]);
  });

  it.each([
    [
      'data',
      '${python}/site-packages/sklearn/datasets/data/digits.csv.gz',
      { digest: { sha256: digestOf('digits') }, annotations: { role: 'data', use: 'train', dataSet: 'digits' } },
    ],
    [
      'the repository',
      'repository',
      { uri: `git+https://example.org/ann/digits.git@${'a'.repeat(40)}`, digest: { gitCommit: 'a'.repeat(40) }, annotations: { role: 'code', dirty: 'no' } },
    ],
    ['a source file', '${project}/train.py', { digest: { sha256: digestOf('import sklearn') } }],
    ['an interpreter', 'CPython 3.11.2', { digest: { sha256: digestOf('python') }, annotations: { role: 'interpreter' } }],
    ['a package', 'scikit-learn', { uri: 'pkg:pypi/scikit-learn@1.5.2', annotations: { role: 'package', imported: 'yes' } }],
  ])('names %s', (_, name, expected) => {
    expect(named(name)).toMatchObject(expected);
  });

  it('names every thing by an address or a digest, as SLSA asks, and counts what has neither', () => {
    expect(buildDefinition.resolvedDependencies.every(({ uri, digest }) => uri !== undefined || digest !== undefined)).toBe(true);
    const data: Manifest['data'] = [{ name: 'live', role: 'train', origin: { kind: 'memory' } }];
    expect(provenanceOf({ data }).predicate.buildDefinition.internalParameters['notDescribed']).toEqual({ data: 1, 'native-library': 1 });
  });

  it.each([
    [
      'a list of files',
      { list: { sha256: digestOf('list'), treeRoot: digestOf('root'), fileCount: 3, totalBytes: 9 } },
      'big (list of its files)',
      { digest: { sha256: digestOf('list') } },
    ],
    [
      'a commit it came from',
      { origin: { kind: 'git' as const, uri: 'https://example.org/data.git', revision: 'b'.repeat(40) } },
      'big (where it came from)',
      { uri: 'https://example.org/data.git', digest: { gitCommit: 'b'.repeat(40) } },
    ],
    [
      'an address with a version',
      { origin: { kind: 's3' as const, uri: 's3://bucket/key', revision: 'v7' } },
      'big (where it came from)',
      { uri: 's3://bucket/key', annotations: { revision: 'v7' } },
    ],
  ])('names data by %s', (_, more, name, expected) => {
    const data: Manifest['data'] = [{ name: 'big', role: 'train', origin: { kind: 'local' }, ...more }];
    expect(named(name, provenanceOf({ data }).predicate.buildDefinition.resolvedDependencies)).toMatchObject(expected);
  });

  it.each([
    [{}, 'pkg:pypi/a@1.0'],
    [{ version: '2.1+cu118' }, 'pkg:pypi/a@2.1%2Bcu118'],
    [{ source: { kind: 'editable' as const } }, 'pkg:generic/a@1.0'],
    [{ source: { kind: 'vcs' as const, url: 'https://e.org/a.git', commit: 'c0' } }, 'pkg:pypi/a@1.0?vcs_url=git%2Bhttps%3A%2F%2Fe.org%2Fa.git%40c0'],
    [{ name: 'a?x=1#y/../z' }, 'pkg:pypi/a%3Fx%3D1%23y%2F..%2Fz@1.0'],
  ])('names the package %j as %s', (more, uri) => {
    const dependencies = { ...manifest.dependencies, distributions: [distribution('a', '1.0', more)] };
    const packages = provenanceOf({ dependencies }).predicate.buildDefinition.resolvedDependencies.filter(({ annotations }) => annotations?.['role'] === 'package');
    expect(packages.map((one) => one.uri)).toEqual([uri]);
  });

  it('does not let a name in the record change the role of a thing', () => {
    const data: Manifest['data'] = [{ name: 'role', role: 'test', origin: { kind: 'local' }, files: [{ path: 'x', sha256: digestOf('x') }] }];
    expect(named('x', provenanceOf({ data }).predicate.buildDefinition.resolvedDependencies)?.annotations).toMatchObject({ role: 'data', dataSet: 'role', use: 'test' });
  });

  it('is the same bytes for the same record', () => {
    expect(slsaProvenance(trainingRun(), testCrypto).sha256).toBe(slsaProvenance(trainingRun(), testCrypto).sha256);
  });
});
