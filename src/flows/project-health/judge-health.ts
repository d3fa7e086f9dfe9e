import { countOf, exhaustive, type FindingKind, formatBytes } from '#base';
import type { GitFacts, HealthFacts, PythonFacts, SigningFacts } from './health-facts.ts';

/** One thing that was looked at. A hazard counts against the machine; a note does not. */
export type HealthCheck = {
  readonly name: string;
  readonly outcome: 'fine' | 'note' | 'hazard';
  /** What was seen. */
  readonly message: string;
  /** Kind of the finding; absent if all is fine. */
  readonly kind?: FindingKind;
  /** A command or edit that mends it. */
  readonly fix?: string;
};

/** Every check, in the order in which a person would mend them. Pure. */
export const judgeHealth = (facts: HealthFacts): readonly HealthCheck[] => [
  ...(facts.configurationFault === undefined
    ? []
    : [
        hazard(
          'configuration',
          'configuration-invalid',
          [facts.configurationFault.where, facts.configurationFault.message].filter((part) => part !== undefined).join(': '),
          'trainlock config show',
        ),
      ]),
  ...pythonChecks(facts.python),
  hashSeedCheck(facts.hashSeed),
  threadCheck(facts.threadVariables),
  lockCheck(facts),
  gitCheck(facts.git),
  ...isolatedChecks(facts),
  ...unseededChecks(facts),
  ...gpuChecks(facts),
  ...toolChecks(facts),
  ...namespaceChecks(facts),
  ...storeChecks(facts),
  clockCheck(facts.clock),
  ...signingChecks(facts.signing),
];

const fine = (name: string, message: string): HealthCheck => ({ name, outcome: 'fine', message });

const hazard = (name: string, kind: FindingKind, message: string, fix: string): HealthCheck => ({ name, outcome: 'hazard', kind, message, fix });

const note = (name: string, kind: FindingKind, message: string, fix?: string): HealthCheck => ({ name, outcome: 'note', kind, message, ...(fix === undefined ? {} : { fix }) });

/** Source: the shim's promise, Python 3.8 and newer. */
const OLDEST_PYTHON = 8;

const pythonChecks = (python: PythonFacts): readonly HealthCheck[] => {
  switch (python.kind) {
    case 'absent':
      return [
        hazard(
          'python',
          'python-missing',
          `no Python interpreter at ${python.looked}`,
          'activate the environment of the project, or name the interpreter: trainlock doctor --python PATH',
        ),
      ];
    case 'broken':
      return [hazard('python', 'python-missing', `${python.executable} does not answer: ${python.reason}`, 'trainlock doctor --python PATH')];
    case 'found': {
      const [major, minor] = python.version.split('.').map(Number);
      const where = `Python ${python.version} at ${python.executable}${python.virtualEnvironment ? ' (virtual environment)' : ''}`;
      if (major !== 3 || (minor ?? 0) < OLDEST_PYTHON)
        return [hazard('python', 'python-too-old', `${where}; the hooks need 3.${OLDEST_PYTHON} or newer`, 'use a newer interpreter')];
      if (python.otherEnvironment === undefined) return [fine('python', where)];
      return [hazard('python', 'python-differs', `${where}, but the project has ${python.otherEnvironment}`, `source ${python.otherEnvironment}/bin/activate`)];
    }
    default:
      return exhaustive(python);
  }
};

const signingChecks = (signing: SigningFacts): readonly HealthCheck[] =>
  (['key', 'log'] as const).flatMap((name) => {
    const facts = signing[name];
    const title = name === 'key' ? 'signing key' : 'log';
    switch (facts.kind) {
      case 'off':
        return [];
      case 'fine':
        return [fine(title, facts.message)];
      case 'fault':
        return [hazard(title, name === 'key' ? 'key-not-usable' : 'log-not-usable', facts.message, facts.fix ?? `trainlock ${name === 'key' ? 'keys list' : 'log show'}`)];
      default:
        return exhaustive(facts);
    }
  });

const hashSeedCheck = (seed: string | undefined): HealthCheck => {
  if (seed === 'random') return hazard('hash seed', 'hash-seed-random', 'PYTHONHASHSEED=random cannot be repeated', 'unset PYTHONHASHSEED');
  return fine('hash seed', seed === undefined || seed === '' ? 'drawn and recorded by trainlock run' : `PYTHONHASHSEED=${seed}`);
};

const threadCheck = (set: readonly string[]): HealthCheck =>
  set.length > 0
    ? fine('threads', `fixed by ${set.join(', ')}`)
    : hazard('threads', 'threads-unset', 'no variable fixes the number of threads of numeric libraries', 'export OMP_NUM_THREADS=1 (or the number of cores you mean)');

const lockCheck = ({ locking }: HealthFacts): HealthCheck => {
  switch (locking.kind) {
    case 'locked':
      return fine('dependencies', `locked by ${locking.file}`);
    case 'loose':
      return hazard('dependencies', 'dependencies-unlocked', `${locking.file} names no exact version of ${listed(locking.unpinned)}`, `pip freeze > requirements.lock`);
    case 'none':
      return hazard('dependencies', 'dependencies-unlocked', 'no lock file', 'pip freeze > requirements.lock (or uv lock, poetry lock)');
    default:
      return exhaustive(locking);
  }
};

const gitCheck = (git: GitFacts): HealthCheck => {
  switch (git.kind) {
    case 'no-repository':
      return hazard('git', 'git-missing', 'the project is in no git repository', 'git init && git add . && git commit -m "first commit"');
    case 'unborn':
      return hazard('git', 'git-unborn', 'the repository has no commit yet', 'git add . && git commit -m "first commit"');
    case 'unreadable':
      return hazard('git', 'git-missing', `the repository cannot be read: ${git.reason}`, 'git status');
    case 'repository':
      return git.changedFiles === 0
        ? fine('git', 'everything is committed')
        : hazard('git', 'git-dirty', `${countOf(git.changedFiles, 'file')} changed or not tracked`, 'git add . && git commit');
    default:
      return exhaustive(git);
  }
};

const isolatedChecks = ({ isolatedScripts }: HealthFacts): readonly HealthCheck[] =>
  isolatedScripts.map(({ path, options }) =>
    hazard('hooks', 'python-isolated', `${path} starts Python with ${options}: the hooks are not loaded there`, `remove ${options} from the first line of ${path}`),
  );

const unseededChecks = ({ lastRun }: HealthFacts): readonly HealthCheck[] => {
  if (lastRun === undefined) return [];
  if (lastRun.unseeded.length === 0) return [fine('randomness', `every generator of run ${lastRun.id.slice(0, 8)} can be repeated`)];
  return lastRun.unseeded.map(({ api, place }) =>
    hazard('randomness', 'unseeded-source', `${api} at ${place} drew a seed that cannot be repeated (run ${lastRun.id.slice(0, 8)})`, `give ${api} a seed at ${place}`),
  );
};

const gpuChecks = ({ gpu, python, deterministic }: HealthFacts): readonly HealthCheck[] => {
  if (!gpu || python.kind !== 'found' || !python.torch) return [];
  if (deterministic) return [fine('gpu', 'deterministic algorithms are asked for')];
  return [
    hazard(
      'gpu',
      'nondeterministic-gpu',
      'PyTorch on this GPU may choose algorithms whose sums differ from run to run',
      'trainlock run --deterministic …, or run: {deterministic: true} in trainlock.yaml',
    ),
  ];
};

const TOOL_USES: Readonly<Record<keyof HealthFacts['tools'], { readonly use: string; readonly fix: string; readonly severe: boolean }>> = {
  git: { use: 'the commit of the code is not recorded', fix: 'apt install git', severe: true },
  bwrap: { use: 'replays are isolated by unshare or by copies instead', fix: 'apt install bubblewrap', severe: false },
  strace: { use: 'files read by native code are found by looking at the process only', fix: 'apt install strace', severe: false },
  unshare: { use: 'replays cannot be cut off from the network by the kernel', fix: 'apt install util-linux', severe: false },
};

const toolChecks = ({ tools }: HealthFacts): readonly HealthCheck[] => {
  const missing = (Object.keys(TOOL_USES) as (keyof typeof TOOL_USES)[]).filter((name) => !tools[name]);
  if (missing.length === 0) return [fine('tools', Object.keys(TOOL_USES).join(', '))];
  return missing.map((name) => {
    const { use, fix, severe } = TOOL_USES[name];
    return (severe ? hazard : note)('tools', 'tool-missing', `${name} is not installed: ${use}`, fix);
  });
};

const namespaceChecks = ({ namespaces }: HealthFacts): readonly HealthCheck[] => {
  if (namespaces === undefined) return [];
  if (namespaces.permitted) return [fine('isolation', 'user namespaces are permitted')];
  return [
    hazard(
      'isolation',
      'namespaces-denied',
      `user namespaces are not permitted${namespaces.reason === undefined ? '' : `: ${namespaces.reason}`}`,
      'sudo sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0',
    ),
  ];
};

/** Below it a record of an ordinary run may not fit. Unit: byte. */
const LITTLE_SPACE = 1024 * 1024 * 1024;

const storeChecks = ({ store }: HealthFacts): readonly HealthCheck[] => {
  if (!store.writable)
    return [
      hazard(
        'records',
        'store-not-writable',
        `${store.folder} cannot be written${store.reason === undefined ? '' : `: ${store.reason}`}`,
        'trainlock … --store FOLDER, or export TRAINLOCK_STORE=FOLDER',
      ),
    ];
  if (store.freeBytes !== undefined && store.freeBytes < LITTLE_SPACE) {
    return [hazard('records', 'disk-nearly-full', `${formatBytes(store.freeBytes)} left at ${store.folder}`, 'trainlock gc, or export TRAINLOCK_STORE=FOLDER')];
  }
  return [fine('records', `${store.folder} can be written${store.freeBytes === undefined ? '' : `, ${formatBytes(store.freeBytes)} left`}`)];
};

const clockCheck = (clock: HealthFacts['clock']): HealthCheck => {
  switch (clock) {
    case 'synchronised':
      return fine('clock', 'set by a time server');
    case 'not-synchronised':
      return hazard('clock', 'clock-not-synchronised', 'the clock is not set by a time server', 'timedatectl set-ntp true');
    case 'unknown':
      return note('clock', 'clock-unknown', 'whether a time server sets the clock cannot be seen from here');
    default:
      return exhaustive(clock);
  }
};

const listed = (names: readonly string[]): string => (names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`);
