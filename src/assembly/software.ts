import { withoutUndefined } from '#base';
import type { Dependencies, Environment } from '#manifest';
import type { PathNames } from './path-names.ts';
import { cutText, eventsOf, type ProcessEvents } from './read-events.ts';
import { processOf } from './traced-files.ts';

type Interpreter = Dependencies['interpreters'][number];

/** Every interpreter that ran; `sha256` holds digests of executables by absolute path. */
export const interpreters = (logs: readonly ProcessEvents[], sha256: ReadonlyMap<string, string>, names: PathNames): readonly Interpreter[] => {
  const byPath = new Map<string, Interpreter>();
  for (const log of logs) {
    const start = eventsOf(log.events, 'start')[0];
    if (start === undefined || byPath.has(start.executable)) continue;
    byPath.set(
      start.executable,
      withoutUndefined({
        implementation: start.implementation,
        version: start.pythonVersion,
        executable: names.nameOf(start.executable),
        sha256: sha256.get(start.executable),
        build: start.build,
        compiler: start.compiler,
        environment: environmentKind(start.prefix, start.basePrefix),
        soabi: start.soabi,
      }),
    );
  }
  return [...byPath.values()];
};

const environmentKind = (prefix: string | undefined, basePrefix: string | undefined): Interpreter['environment'] => {
  if (prefix === undefined || basePrefix === undefined) return 'unknown';
  if (/(^|\/)(mini|ana|mamba|micromamba)?conda[^/]*(\/|$)|\/envs\//.test(prefix)) return 'conda';
  return prefix === basePrefix ? 'system' : 'venv';
};

/** Numeric libraries with their own words about how they were built; the last word of any process counts. */
export const numericBuilds = (logs: readonly ProcessEvents[]): NonNullable<Dependencies['numeric']> => {
  const builds = new Map(logs.flatMap((log) => eventsOf(log.events, 'library')).map((event) => [event.name, event]));
  return [...builds.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((event) =>
      withoutUndefined({ library: event.name, version: event.version, configuration: event.configuration === undefined ? undefined : cutText(event.configuration, 60_000) }),
    );
};

/** Thread pools by process; pools of a child that are the same as those of the first process are left out. */
export const threadPools = (logs: readonly ProcessEvents[], names: PathNames): NonNullable<Environment['threadPools']> => {
  const seen = new Set<string>();
  return logs
    .flatMap((log) =>
      (eventsOf(log.events, 'threads').at(-1)?.pools ?? []).flatMap((pool) => {
        const entry = withoutUndefined({
          api: pool.api,
          version: pool.version,
          kernel: pool.kernel,
          threads: pool.threads,
          configuration: pool.configuration,
          path: names.nameOf(pool.path),
        });
        const key = JSON.stringify(entry);
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ ...entry, process: processOf(log) }];
      }),
    )
    .slice(0, 200);
};

/** Settings of numeric libraries; where processes disagree, the other's value stands under its process id. */
export const runtimeSettings = (logs: readonly ProcessEvents[]): NonNullable<Environment['runtime']> => {
  const settings: Record<string, string> = {};
  for (const log of logs) {
    for (const [name, value] of Object.entries(eventsOf(log.events, 'runtime').at(-1)?.settings ?? {})) {
      const before = settings[name];
      if (before === undefined) settings[name] = value;
      else if (before !== value) settings[`${name}@${processOf(log)}`] = value;
    }
  }
  return Object.fromEntries(Object.entries(settings).slice(0, 1000));
};

/** What the probes need to know of the run's software. */
export const softwareSeen = (
  logs: readonly ProcessEvents[],
): { readonly searchPath: readonly string[]; readonly importedNames: readonly string[]; readonly libraries: readonly string[]; readonly codeFiles: readonly string[] } => {
  const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
  return {
    searchPath: unique(logs.flatMap((log) => eventsOf(log.events, 'search-path').at(-1)?.paths ?? [])),
    importedNames: unique(logs.flatMap((log) => eventsOf(log.events, 'modules').flatMap((event) => event.names))).toSorted(),
    codeFiles: unique(logs.flatMap((log) => eventsOf(log.events, 'modules').flatMap((event) => event.files))).toSorted(),
    libraries: unique(logs.flatMap((log) => eventsOf(log.events, 'maps').flatMap((event) => event.libraries))).toSorted(),
  };
};
