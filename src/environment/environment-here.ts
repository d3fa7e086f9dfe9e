import type { Dependencies, Environment, Manifest } from '#manifest';

/** An environment that is compared with a recorded one. Members that are absent could not be asked. */
export type EnvironmentHere = {
  readonly interpreter?: { readonly implementation: string; readonly version: string; readonly sha256?: string };
  readonly distributions?: Dependencies['distributions'];
  readonly native?: Dependencies['native'];
  /** Settings and thread pools of the numeric libraries, as a process of this interpreter has them. */
  readonly runtime?: NonNullable<Environment['runtime']>;
  readonly threadPools?: NonNullable<Environment['threadPools']>;
  /** The machine: system, CPU, accelerators. */
  readonly machine: Partial<Environment>;
  /** Value of a variable; undefined if it is not set, unknown if nobody can tell. */
  readonly variable: (name: string) => string | undefined | { readonly kind: 'unknown' };
  /** What could not be asked, by the place of the manifest that it stands for. */
  readonly unavailable: readonly { readonly about: string; readonly reason: string }[];
};

/** The environment of another run, taken as the one that is compared. */
export const hereOfManifest = (manifest: Manifest): EnvironmentHere => {
  const { dependencies, environment, capture } = manifest;
  const interpreter = dependencies.interpreters[0];
  const shown = new Map(environment.variables.map((variable) => [variable.name, variable]));
  return {
    ...(interpreter === undefined ? {} : { interpreter }),
    distributions: dependencies.distributions,
    native: dependencies.native,
    ...(environment.runtime === undefined ? {} : { runtime: environment.runtime }),
    ...(environment.threadPools === undefined ? {} : { threadPools: environment.threadPools }),
    machine: environment,
    variable: (name) => {
      const variable = shown.get(name);
      return variable === undefined ? undefined : variable.shown === 'value' && variable.value !== undefined ? variable.value : { kind: 'unknown' };
    },
    unavailable: capture.gaps.filter(({ about }) => /^\/(?:environment|dependencies)\b/.test(about) && !about.startsWith('/dependencies/lock')),
  };
};
