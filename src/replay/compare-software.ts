import { execFile } from 'node:child_process';
import { cpus, release } from 'node:os';
import { type Manifest, packageName } from '#manifest';

/** Tells version and packages of an interpreter without importing any of them. */
const ASK = `
import json, platform, sys
try:
    from importlib.metadata import distributions
    found = {}
    for one in distributions():
        name = one.metadata['Name']
        if name:
            found.setdefault(name.lower().replace('_', '-').replace('.', '-'), one.version)
except Exception:
    found = None
print(json.dumps({'version': platform.python_version(), 'packages': found}))
`;

type Software = { readonly version: string; readonly packages: Readonly<Record<string, string>> | null };

const askInterpreter = (python: string, env: Readonly<Record<string, string>>): Promise<Software | undefined> =>
  new Promise((resolve) => {
    execFile(python, ['-B', '-c', ASK], { timeout: 60_000, encoding: 'utf8', env, cwd: '/', maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      if (error !== null) return resolve(undefined);
      try {
        resolve(JSON.parse(stdout) as Software);
      } catch {
        resolve(undefined);
      }
    });
  });

/**
 * What of interpreter, packages and machine is not as recorded, one sentence each. Packages that had nothing to do with the run are
 * left out. What could not be asked is said.
 */
export const compareSoftware = async (manifest: Manifest, python: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const now = await askInterpreter(python, env);
  return [...packageDifferences(manifest, now), ...machineDifferences(manifest)];
};

const packageDifferences = (manifest: Manifest, now: Software | undefined): readonly string[] => {
  const recorded = manifest.dependencies.interpreters[0];
  if (recorded === undefined) return [];
  if (now === undefined) return ['interpreter: it could not be asked for its packages'];
  const version = now.version === recorded.version ? [] : [`Python: ${recorded.version} recorded, ${now.version} now`];
  if (now.packages === null) return [...version, 'packages: this interpreter cannot list them'];
  const changed = manifest.dependencies.distributions
    .filter((one) => one.relation !== 'unrelated' || one.imported === true)
    .flatMap((one) => {
      const found = now.packages?.[packageName(one.name)];
      return found === one.version ? [] : [`${one.name}: ${one.version} recorded, ${found ?? 'not installed'} now`];
    });
  return [...version, ...changed];
};

const machineDifferences = (manifest: Manifest): readonly string[] => {
  const { cpu, os } = manifest.environment;
  const model = cpus()[0]?.model.trim();
  return [
    ...(cpu === undefined || model === undefined || cpu.model.trim() === model ? [] : [`CPU: ${cpu.model} recorded, ${model} now`]),
    ...(os?.kernel === undefined || os.kernel === release() ? [] : [`kernel: ${os.kernel} recorded, ${release()} now`]),
  ];
};
