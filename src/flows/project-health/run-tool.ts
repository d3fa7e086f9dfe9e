import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type ToolAnswer = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs a program without a shell; undefined if it is not there or does not answer in time. At most 1 MiB of output is read. */
export const runTool = (
  file: string,
  args: readonly string[],
  options: { readonly env: Environment; readonly cwd?: string; readonly timeoutMs?: number },
): Promise<ToolAnswer | undefined> =>
  new Promise((resolve) => {
    const { env, cwd, timeoutMs = 10_000 } = options;
    const child = execFile(
      file,
      [...args],
      { env: { ...env }, ...(cwd === undefined ? {} : { cwd }), timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else resolve(undefined);
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });

/** Absolute path of a program as a shell would find it on the path; undefined if there is none. */
export const findProgram = async (name: string, env: Environment, workingDirectory: string): Promise<string | undefined> => {
  const candidates = name.includes('/')
    ? [join(workingDirectory, name), name].filter((path) => path.startsWith('/'))
    : (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder === '' ? workingDirectory : folder, name));
  for (const path of name.startsWith('/') ? [name] : candidates) if (await isProgram(path)) return path;
  return undefined;
};

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};
