import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBelow } from '#assembly';
import { type Bind, bubblewrapWords, type Shadow, shadowOf } from './bubblewrap.ts';
import { confineWords, type Isolation } from './isolation.ts';
import type { Sandbox } from './replay-plan.ts';
import { nearestFolder } from './restore-folders.ts';

export type SandboxRequest = {
  readonly isolation: Isolation;
  readonly python: string;
  readonly openNetwork: boolean;
  readonly work: string;
  readonly scratch: string;
  /** Where the program shall see its project, if mounts are possible. */
  readonly seenProject: string;
  /** Relative to the project. */
  readonly workingFolder: string;
  readonly home?: string;
  readonly readOnly: readonly Bind[];
  /** Folders of which only the entries are mounted: for everybody else they lie where these come from. */
  readonly shown: readonly Bind[];
  /** Files outside the project that the recorded run wrote, absolute. */
  readonly outsideOutputs: readonly string[];
};

export type MadeSandbox = { readonly sandbox: Sandbox; /** Scratch folders and what they stand for. */ readonly shadows: readonly Shadow[]; readonly notes: readonly string[] };

/** Prepares what confines the program, and the function that puts it in front of the command. */
export const makeSandbox = async (request: SandboxRequest): Promise<MadeSandbox> => {
  if (request.isolation.kind !== 'bubblewrap') return withoutMounts(request);
  const { shadows, notes } = await makeShadows(request);
  const workingDirectory = join(request.seenProject, request.workingFolder);
  const mounts: readonly Bind[] = [
    { outside: request.work, inside: request.seenProject },
    ...request.shown,
    ...request.readOnly,
    ...shadows.flatMap((shadow) => [
      { outside: shadow.scratch, inside: shadow.inside },
      ...shadow.entries.map(({ name }) => join(shadow.inside, name)).map((path) => ({ outside: path, inside: path })),
    ]),
  ];
  const wrap: Sandbox['wrap'] = (argv, env) => {
    const own = ownFolders(env, request.seenProject);
    rewriteSettings(env, { project: request.seenProject, working: workingDirectory });
    const words = bubblewrapWords({
      ...request,
      shadows,
      work: { outside: request.work, inside: request.seenProject },
      readOnly: [...request.readOnly, ...own.readOnly],
      writable: own.writable,
      workingDirectory,
    });
    return { argv: [...words, ...argv], env };
  };
  return { sandbox: { isolation: request.isolation, mounts, project: request.seenProject, workingDirectory, wrap }, shadows, notes };
};

const withoutMounts = async (request: SandboxRequest): Promise<MadeSandbox> => {
  const temporary = join(request.scratch, 'tmp');
  await mkdir(temporary, { recursive: true });
  const { kind } = request.isolation;
  const wrap: Sandbox['wrap'] = (argv, given) => {
    const env = { ...given, ...scratchVariables(request.scratch) };
    if (kind !== 'network-namespace' && kind !== 'kernel-filter') return { argv, env };
    const writable = [request.work, request.scratch, '/dev', '/proc', ...ownFolders(given, request.work).writable.map((bind) => bind.outside)];
    return { argv: [...(confineWords(kind, { python: request.python, openNetwork: request.openNetwork, writable }) ?? []), ...argv], env };
  };
  return {
    sandbox: { isolation: request.isolation, mounts: [], project: request.work, workingDirectory: join(request.work, request.workingFolder), wrap },
    shadows: [],
    notes: [],
  };
};

/** Where programs put what is only for a while, if they can be told. */
const scratchVariables = (scratch: string): Readonly<Record<string, string>> => ({
  TMPDIR: join(scratch, 'tmp'),
  MPLCONFIGDIR: join(scratch, 'matplotlib'),
  NUMBA_CACHE_DIR: join(scratch, 'numba'),
  TORCHINDUCTOR_CACHE_DIR: join(scratch, 'inductor'),
  TRITON_CACHE_DIR: join(scratch, 'triton'),
});

/** Folders in which programs make files without being asked, and those in which the recorded run left outputs. */
const makeShadows = async (request: SandboxRequest): Promise<{ readonly shadows: readonly Shadow[]; readonly notes: readonly string[] }> => {
  const home =
    request.home === undefined || request.home === '/'
      ? []
      : [request.home, join(request.home, '.cache'), join(request.home, '.config'), join(request.home, '.local'), join(request.home, '.local', 'share')];
  const outputs = await Promise.all(request.outsideOutputs.map((path) => nearestFolder(dirname(path))));
  const wanted = [...new Set(['/tmp', '/var/tmp', ...home, ...outputs])].filter(
    (path) => path !== '/' && existsSync(path) && !isBelow(path, request.seenProject) && !isBelow(path, '/dev'),
  );
  const shadows: Shadow[] = [];
  const notes: string[] = [];
  for (const [index, inside] of wanted.entries()) {
    const scratch = join(request.scratch, 'shadows', String(index));
    await mkdir(scratch, { recursive: true });
    const shadow = await shadowOf(inside, scratch, request.outsideOutputs);
    if (typeof shadow === 'string') notes.push(`nothing can be written to ${inside} during the replay: ${shadow}`);
    else shadows.push(shadow);
  }
  return { shadows, notes };
};

/** The run's own folder must be written, the root and the hooks must be read; each may lie under something that is covered. */
const ownFolders = (env: Readonly<Record<string, string>>, covered: string): { readonly writable: readonly Bind[]; readonly readOnly: readonly Bind[] } => {
  const run = env['TRAINLOCK_RUN_DIR'];
  const hooks = env['PYTHONPATH']?.split(':')[0];
  const root =
    run === undefined
      ? undefined
      : settingsOf(run)
          .find((line) => line.startsWith('root_file='))
          ?.slice('root_file='.length);
  const same = (path: string): Bind => ({ outside: path, inside: path });
  return {
    writable: run === undefined ? [] : [same(run)],
    readOnly: [...(root === undefined ? [] : [same(root)]), ...(hooks !== undefined && isBelow(hooks, covered) ? [same(hooks)] : [])],
  };
};

const settingsOf = (run: string): readonly string[] => readFileSync(join(run, 'shim.conf'), 'utf8').split('\n');

/** The hooks must know the project as the program sees it: places in the code are named relative to it. */
const rewriteSettings = (env: Readonly<Record<string, string>>, seen: { readonly project: string; readonly working: string }): void => {
  const run = env['TRAINLOCK_RUN_DIR'];
  if (run === undefined) return;
  const lines = settingsOf(run)
    .filter((line) => !line.startsWith('map='))
    .map((line) => (line.startsWith('project=') ? `project=${seen.project}` : line.startsWith('working=') ? `working=${seen.working}` : line));
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'shim.conf'), lines.join('\n'), { mode: 0o600 });
};
