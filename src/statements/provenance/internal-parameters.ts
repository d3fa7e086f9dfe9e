import { withoutUndefined } from '#base';
import type { Manifest } from '#manifest';
import { seedsOf } from './external-parameters.ts';

/** What the person did not decide: the machine, its settings, seeds that trainlock or the system gave, how the run was watched. */
export const internalParameters = (manifest: Manifest, notDescribed: Readonly<Record<string, number>>): object => {
  const { capture, dependencies, distributed, environment, randomness } = manifest;
  return withoutUndefined({
    environment: withoutUndefined({
      os: environment.os,
      cpu: environment.cpu,
      memoryBytes: environment.memoryBytes,
      accelerators: environment.accelerators,
      threadPools: environment.threadPools,
      runtime: environment.runtime,
      container: environment.container?.kind,
      locale: environment.locale,
      timeZone: environment.timeZone,
      variables: environment.variables.flatMap(({ name, shown, value }) => (shown === 'value' && value !== undefined ? [{ name, value }] : [])),
    }),
    interpreters: dependencies.interpreters.map(({ implementation, version, build, compiler, soabi }) => withoutUndefined({ implementation, version, build, compiler, soabi })),
    numeric: dependencies.numeric,
    distributed: distributed === undefined ? undefined : withoutUndefined({ worldSize: distributed.worldSize, launcher: distributed.launcher }),
    randomness: withoutUndefined({
      mode: randomness.mode,
      root: randomness.root,
      hashSeed: randomness.hashSeed,
      seeds: seedsOf(randomness.generators.filter(({ how }) => how !== 'explicit')),
    }),
    capture: { trainlockVersion: capture.trainlockVersion, modes: capture.modes, coverage: capture.coverage, trust: capture.trust.kind },
    // Said and not left out: what has no digest and no address cannot be an entry of resolvedDependencies.
    notDescribed,
  });
};
