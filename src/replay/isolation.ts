import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { helperFolder } from '#content';

/**
 * How a replay is kept from having effects outside its folder, best first.
 * bubblewrap: mounts and network of its own. network-namespace: network of its own, writes contained by the kernel (landlock).
 * kernel-filter: no internet sockets (seccomp), writes contained by the kernel. none: only variables that ask for it.
 */
export type IsolationKind = 'bubblewrap' | 'network-namespace' | 'kernel-filter' | 'none';

export type Isolation = {
  readonly kind: IsolationKind;
  /** No packet leaves, whatever the program does. */
  readonly network: boolean;
  /** Nothing outside the folder of the replay can be changed. */
  readonly writes: boolean;
  /** Programs can talk to each other over the loopback address. */
  readonly loopback: boolean;
  /** Why nothing better is available. */
  readonly notes: readonly string[];
};

export type IsolationWish = {
  /** Only this kind, or none of them; without it the best that works. */
  readonly only?: IsolationKind;
  /** An interpreter with ctypes, to start confined programs. */
  readonly python: string;
  /** Hosts may be reached: then no kind cuts the network off. */
  readonly openNetwork: boolean;
  /** The recorded run spoke over loopback (several ranks): forbidding internet sockets would break it. */
  readonly needsLoopback: boolean;
};

const QUALITY: Readonly<Record<IsolationKind, Omit<Isolation, 'kind' | 'notes'>>> = {
  bubblewrap: { network: true, writes: true, loopback: true },
  'network-namespace': { network: true, writes: true, loopback: true },
  'kernel-filter': { network: true, writes: true, loopback: false },
  none: { network: false, writes: false, loopback: true },
};

/** The best isolation that this machine permits, found by trying each. */
export const chooseIsolation = async (wish: IsolationWish): Promise<Isolation> => {
  const notes: string[] = [];
  for (const kind of wish.only === undefined ? (['bubblewrap', 'network-namespace', 'kernel-filter'] as const) : [wish.only]) {
    const reason = await whyNot(kind, wish);
    if (reason === undefined) return { kind, ...QUALITY[kind], network: QUALITY[kind].network && !wish.openNetwork, notes };
    notes.push(`${kind}: ${reason}`);
  }
  return { kind: 'none', ...QUALITY.none, notes };
};

const whyNot = async (kind: IsolationKind, wish: IsolationWish): Promise<string | undefined> => {
  if (kind === 'none') return undefined;
  if (kind === 'bubblewrap') return trial(['bwrap', ...namespaceFlags(wish.openNetwork), '--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', '--tmpfs', '/dev/shm', 'true']);
  const words = confineWords(kind, { python: wish.python, openNetwork: wish.openNetwork, writable: ['/dev'] });
  if (words === undefined) return 'the helper programs are not installed';
  if (kind === 'kernel-filter' && wish.needsLoopback && !wish.openNetwork) return 'the run needs the loopback address, which this would forbid';
  return trial([...words, 'true']);
};

export const namespaceFlags = (openNetwork: boolean): readonly string[] => ['--die-with-parent', '--unshare-ipc', ...(openNetwork ? [] : ['--unshare-net'])];

export type Confinement = { readonly python: string; readonly openNetwork: boolean; readonly writable: readonly string[] };

/** What stands in front of the command where there are no mounts of our own; undefined if the helper is not installed. */
export const confineWords = (kind: 'network-namespace' | 'kernel-filter', confinement: Confinement): readonly string[] | undefined => {
  const helper = helperFolder();
  if (helper === undefined) return undefined;
  const { python, openNetwork, writable } = confinement;
  const writes = writable.flatMap((folder) => ['--write', folder]);
  // Without site: what an environment runs at the start of its interpreter is not to run before it is confined.
  const confine = [python, '-I', '-S', '-B', join(helper, 'confine.py')];
  if (kind === 'kernel-filter' || openNetwork) return [...confine, ...(openNetwork ? [] : ['--no-network']), ...writes, '--'];
  return ['unshare', '--user', '--map-current-user', '--net', '--keep-caps', '--', ...confine, '--loopback', ...writes, '--'];
};

const TRIAL_MS = 20_000;

/** Runs a command that does nothing; undefined if it worked, else why not. */
const trial = (argv: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(argv[0]!, argv.slice(1), { timeout: TRIAL_MS, encoding: 'utf8' }, (error, _, stderr) => {
      if (error === null) return resolve(undefined);
      const said = stderr.trim().split('\n').at(-1) ?? '';
      resolve((error as NodeJS.ErrnoException).code === 'ENOENT' ? `${argv[0]} is not installed` : said === '' ? error.message.slice(0, 200) : said.slice(0, 200));
    });
  });
