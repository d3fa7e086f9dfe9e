import { type Crypto, withoutUndefined } from '#base';
import type { Capture, Manifest } from '#manifest';
import { buildStatement, type BuiltStatement } from './built-statement.ts';
import { externalParameters } from './provenance/external-parameters.ts';
import { internalParameters } from './provenance/internal-parameters.ts';
import { resolvedDependencies } from './provenance/resolved-dependencies.ts';
import type { ResourceDescriptor } from './resource-descriptor.ts';
import type { TrainingRun } from './training-run-statement.ts';

/**
 * The kind of build: a training run as trainlock records it. docs/reference/statements.md says what its parameters are. The mapping of a
 * published version never changes: who verifies builds the statement again and compares.
 */
export const BUILD_TYPE = 'https://trainlock.dev/train/v0';

/**
 * Who watched the run, by how far that can be trusted. A machine that a person owns is never named as a builder of its own: it could
 * say anything. Which key may speak for which builder is decided by a trust policy.
 */
const builderId = (trust: Capture['trust']['kind']): string => `https://trainlock.dev/builder/${trust}/v0`;

/**
 * SLSA provenance v1 of a run: the same subjects, no field that SLSA does not have, and no level, which only a verifier can tell.
 * Source: https://slsa.dev/spec/v1.2/build-provenance
 */
export const slsaProvenance = (run: TrainingRun, crypto: Crypto): BuiltStatement<'provenance'> => {
  const { manifest } = run;
  const { described, notDescribed } = resolvedDependencies(manifest);
  const predicate = {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: externalParameters(manifest),
      internalParameters: internalParameters(manifest, notDescribed),
      resolvedDependencies: described,
    },
    runDetails: {
      builder: { id: builderId(manifest.capture.trust.kind), version: { trainlock: manifest.capture.trainlockVersion } },
      metadata: withoutUndefined({ invocationId: manifest.run.id, startedOn: manifest.run.startedAt, finishedOn: manifest.run.finishedAt }),
      byproducts: byproductsOf(run, manifest),
    },
  };
  return buildStatement({ kind: 'provenance', subjects: run.subjects, predicate }, crypto);
};

/** The record itself, which says more than provenance can, then what was kept of the run besides its outputs. */
const byproductsOf = (run: TrainingRun, manifest: Manifest): readonly ResourceDescriptor[] => [
  { name: 'statement of the run', digest: { sha256: run.sha256 }, mediaType: 'application/vnd.in-toto+json', annotations: { role: 'record', predicateType: run.predicateType } },
  ...(manifest.logs.output ?? []).flatMap(({ stream, sha256 }) => (sha256 === undefined ? [] : [{ name: stream, digest: { sha256 }, annotations: { role: 'log' } }])),
  ...manifest.processes.flatMap(({ events }) => (events?.sha256 === undefined ? [] : [{ name: events.file, digest: { sha256: events.sha256 }, annotations: { role: 'events' } }])),
];
