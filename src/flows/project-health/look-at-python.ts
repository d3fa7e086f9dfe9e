import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, utf8 } from '#base';
import type { PythonFacts } from './health-facts.ts';
import { findProgram, runTool } from './run-tool.ts';

/** -I: nothing of the project is imported, so that looking has no effect. */
const QUESTION = `import importlib.util, json, sys
found = importlib.util.find_spec("torch") is not None
print(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "prefix": sys.prefix, "virtual": sys.prefix != sys.base_prefix, "torch": found}))`;

type Place = { readonly env: Readonly<Record<string, string | undefined>>; readonly workingDirectory: string; readonly projectRoot: string };

/** The interpreter that a training here would use: the one that is named, else python or python3 on the path. */
export const lookAtPython = async (named: string | undefined, { env, workingDirectory, projectRoot }: Place): Promise<PythonFacts> => {
  const names = named === undefined ? ['python', 'python3'] : [named];
  const found = await Promise.all(names.map((name) => findProgram(name, env, workingDirectory)));
  const executable = found.find((path) => path !== undefined);
  if (executable === undefined) return { kind: 'absent', looked: names.join(', ') };
  const answer = await runTool(executable, ['-I', '-c', QUESTION], { env });
  const json = answer?.code === 0 ? readJson(utf8(answer.stdout.trim())) : undefined;
  if (json?.kind !== 'accepted')
    return { kind: 'broken', executable, reason: answer === undefined ? 'it does not start or takes too long' : (answer.stderr.trim().split('\n').at(-1) ?? '') };
  const { version, prefix, virtual, torch } = json.value as { version: string; prefix: string; virtual: boolean; torch: boolean };
  const other = named === undefined && !virtual ? await environmentOf(projectRoot, prefix) : undefined;
  return { kind: 'found', executable, version, virtualEnvironment: virtual, torch, ...(other === undefined ? {} : { otherEnvironment: other }) };
};

const environmentOf = async (projectRoot: string, prefix: string): Promise<string | undefined> => {
  for (const name of ['.venv', 'venv', 'env']) {
    const folder = join(projectRoot, name);
    if (
      folder !== prefix &&
      (await stat(join(folder, 'pyvenv.cfg')).then(
        () => true,
        () => false,
      ))
    )
      return folder;
  }
  return undefined;
};
