import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf, interpreters, pathNames, type ProcessEvents, runtimeSettings, softwareSeen, threadPools } from '#assembly';
import { prepareShim, readEventFiles } from '#capture';
import { hashFiles, makeTemporaryFolder } from '#files';
import type { Dependencies, Environment } from '#manifest';
import { runTool } from '../project-health/run-tool.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What an interpreter says of itself, told by the hooks that record a run. */
export type AskedPython = {
  readonly interpreter: Dependencies['interpreters'][number];
  /** Where it was installed, and where the interpreter lies that it was made from. */
  readonly prefixes: { readonly own: string; readonly base: string };
  readonly runtime: NonNullable<Environment['runtime']>;
  readonly threadPools: NonNullable<Environment['threadPools']>;
  readonly software: ReturnType<typeof softwareSeen>;
};

/** Importing PyTorch from a cold network disk takes its time. Unit: ms. */
const TIMEOUT_MS = 180_000;

/** A module that cannot be imported is left out: that its package is missing is told elsewhere. */
const PROGRAM = `import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception:
        pass`;

/**
 * Starts an interpreter with our hooks, lets it import numeric modules, and reads what the hooks told. It runs in an empty folder, so
 * that no code of the project is imported. Answers with a reason if it does not start, fails, or has no hooks.
 */
export const askPython = async (python: string, modules: readonly string[], env: Env): Promise<AskedPython | { readonly reason: string }> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-ask-');
  try {
    const empty = join(folder.path, 'empty');
    await mkdir(empty);
    const shimEnv = await prepareShim({ runFolder: folder.path, projectRoot: empty, workingDirectory: empty, entropy: 'observe', deterministic: false }, env);
    const answer = await runTool(python, ['-c', PROGRAM, ...modules], { env: shimEnv, cwd: empty, timeoutMs: TIMEOUT_MS });
    if (answer === undefined) return { reason: `${python} does not start, or does not answer within ${TIMEOUT_MS / 1000} s` };
    if (answer.code !== 0) return { reason: `${python} failed: ${answer.stderr.trim().split('\n').at(-1) ?? `exit code ${answer.code}`}` };
    const { logs } = await readEventFiles(folder.path);
    return (await factsOf(logs.filter(({ file }) => file === '0.jsonl'))) ?? { reason: `${python} did not load the hooks` };
  } finally {
    await folder.remove();
  }
};

const factsOf = async (logs: readonly ProcessEvents[]): Promise<AskedPython | undefined> => {
  const start = logs.flatMap((log) => eventsOf(log.events, 'start'))[0];
  if (start === undefined) return undefined;
  const [hashed] = await hashFiles([{ path: start.executable }], { jobs: 1 });
  const names = pathNames({});
  const digests = new Map(hashed?.sha256 === undefined ? [] : [[start.executable, hashed.sha256]]);
  return {
    interpreter: interpreters(logs, digests, names)[0]!,
    prefixes: { own: start.prefix ?? '', base: start.basePrefix ?? start.prefix ?? '' },
    runtime: runtimeSettings(logs),
    threadPools: threadPools(logs, names),
    software: softwareSeen(logs),
  };
};
