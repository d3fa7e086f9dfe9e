import type { CommandRow, FlagRow } from './command.ts';
import { actorFlag, FAILED, PIN, RUN } from './row-parts.ts';

const NEEDED: FlagRow = { name: 'needed', kind: 'boolean', summary: 'leave out packages that the run neither imported nor needed for others' };
const PYTHON: FlagRow = {
  name: 'python',
  kind: 'text',
  value: 'PATH',
  summary: 'the interpreter whose environment is asked',
  default: 'python or python3 on the path',
  env: 'TRAINLOCK_PYTHON',
  completes: 'file',
};

/** The environment of a run: compared, printed as a lock, and given to another program. */
export const ENVIRONMENT_COMMANDS: readonly CommandRow[] = [
  {
    name: 'env show',
    group: 'environment',
    readsRuns: true,
    summary: 'the environment of a run: interpreter, packages and why they are there, native libraries, CPU, threads, accelerators, and what was not seen',
    positionals: [RUN],
    flags: [{ name: 'all', kind: 'boolean', summary: 'also packages that the run did not need, and every library' }],
    examples: [{ command: 'trainlock env show last', says: 'where and with what the last run was computed' }],
    exits: [{ code: '0', means: 'shown' }, FAILED],
    load: () => import('./commands/env-show.ts'),
  },
  {
    name: 'env lock',
    group: 'environment',
    readsRuns: true,
    summary: 'print the packages of a run as a lock that pip, uv and others install from',
    details:
      'No hash is made up: one stands there only if the installer or the recorded lock file tells it, or if a wheel here has exactly the files that were recorded. All other packages are pinned, and env diff checks their files when they are installed.',
    positionals: [RUN],
    flags: [
      {
        name: 'format',
        kind: 'choice',
        value: 'FORMAT',
        choices: ['pylock', 'pip'],
        summary: 'pylock.toml (PEP 751), which has no package without address and hash; or requirements of pip',
        default: 'pylock',
      },
      { name: 'out', kind: 'text', value: 'FILE', summary: 'the file to write in place of standard output', completes: 'file' },
      { name: 'find-links', kind: 'repeatable', value: 'FOLDER', summary: 'a folder with wheels, among which those that were installed are looked for', completes: 'folder' },
      { name: 'no-cache', kind: 'boolean', summary: 'do not look for wheels in the cache of pip' },
      NEEDED,
    ],
    examples: [
      { command: 'trainlock env lock last --format pip --out tl.txt', says: 'requirements with hashes, or with the digests to check afterwards' },
      { command: 'trainlock env lock last --find-links wheels --out pylock.toml', says: 'a complete pylock.toml, if the folder has the wheels' },
    ],
    exits: [
      { code: '0', means: 'the lock is complete: installed from it and checked with env diff, the environment is that of the run' },
      FAILED,
      { code: '3', means: 'the lock is not complete: what is missing is listed in it' },
    ],
    load: () => import('./commands/env-lock.ts'),
  },
  {
    name: 'env diff',
    group: 'environment',
    readsRuns: true,
    summary: 'is the environment here that of a run? What differs, how grave it is, and the command that repairs it',
    details:
      'Starts the interpreter in an empty folder, has it import the numeric libraries that the run used, and asks what the recorder asked. Packages of one version are compared by the digest of their RECORD.',
    positionals: [RUN],
    flags: [PYTHON, { name: 'against', kind: 'text', value: 'RUN', summary: 'another run in place of the environment here', completes: 'run' }, NEEDED],
    examples: [
      { command: 'trainlock env diff last', says: 'whether a program started here would compute as the last run did' },
      { command: 'trainlock env diff last --python /srv/model/.venv/bin/python', says: 'the environment that serves the model' },
    ],
    exits: [
      { code: '0', means: 'everything that was recorded was compared and is the same' },
      { code: '1', means: 'something differs' },
      FAILED,
      { code: '3', means: 'nothing differs, but something could not be compared' },
    ],
    load: () => import('./commands/env-diff.ts'),
  },
  {
    name: 'exec',
    group: 'environment',
    ownsSignals: true,
    summary: 'start a program under the numeric settings of a run: threads, CPU kernels, hash seed, locale, time zone',
    details:
      'The program keeps terminal, input, output, signals and exit code of its own. Variables of numeric libraries are set as recorded, or as the libraries had chosen; those that the run did not have are taken away. Nothing is started if the record is not intact or the CPU lacks what the run used.',
    positionals: [],
    rest: { name: 'COMMAND', summary: 'the program with its arguments' },
    flags: [
      { name: 'pin', kind: 'text', value: 'RUN', summary: 'the run whose settings hold', completes: 'run' },
      {
        name: 'model',
        kind: 'boolean',
        summary: 'open the model of the run, prove its bytes, and hand the open file on: TRAINLOCK_MODEL_FD is its number, TRAINLOCK_MODEL a path that leads to it',
      },
      { name: 'model-path', kind: 'text', value: 'FILE', summary: 'where the model lies, or which of several it is', default: 'where the run wrote it', completes: 'file' },
    ],
    examples: [
      { command: 'trainlock exec --pin last -- python predict.py', says: 'compute as the last run did, as far as variables can decide it' },
      { command: 'trainlock exec --pin last --model -- python serve.py', says: 'serve exactly the recorded bytes' },
    ],
    exits: [
      { code: '0-255', means: 'that of the program; 128+N if signal N ended it' },
      { code: '2', means: 'the command line was not understood' },
      { code: '125', means: 'nothing was started: the record is not intact, the machine cannot compute as the run did, or the model is another' },
      { code: '126', means: 'the program could not be started' },
      { code: '127', means: 'there is no such program' },
    ],
    load: () => import('./commands/exec.ts'),
  },
  {
    name: 'upgrade',
    group: 'environment',
    readsRuns: true,
    ownsSignals: true,
    summary: 'try other versions of packages on a recorded run: relock, compute it again in isolation, compare, and say who must approve',
    details:
      'Nothing of your environment or project is changed: pip chooses a new lock with hashes, an environment of its own is made from it, and the same code, data and seeds are computed in it without network, as a run that follows the old one. All other packages stay where that is possible. What is finished is kept in the store: the same command goes on from there, and tells the answer anew, for example after somebody approved.',
    positionals: [{ name: 'PKG', summary: 'a package with the version it is to have, PKG==VERSION; without a version the newest that fits', required: true, repeats: true }],
    flags: [
      { name: 'run', kind: 'text', value: 'RUN', summary: 'the run that is updated', default: 'the last that was approved, else the last', completes: 'run' },
      { name: 'dry-run', kind: 'boolean', summary: 'only tell which packages would move' },
      { name: 'write', kind: 'text', value: 'FILE', summary: 'write the new lock there, unless the update is different or denied', completes: 'file' },
      { name: 'yes', kind: 'boolean', summary: 'write over a file that is another one' },
      { name: 'find-links', kind: 'repeatable', value: 'FOLDER', summary: 'a folder with wheels for pip; indexes come from the configuration of pip', completes: 'folder' },
      { name: 'no-index', kind: 'boolean', summary: 'take packages from these folders alone' },
      { name: 'allow-build', kind: 'boolean', summary: 'let pip build packages without a wheel: this runs their code outside of the isolation' },
      { name: 'leave-out', kind: 'repeatable', value: 'PKG', summary: 'a package of the run that the new environment is not to have' },
      NEEDED,
      { name: 'python', kind: 'text', value: 'PATH', summary: 'the interpreter of which the new environment is made', default: 'the recorded one', completes: 'file' },
      { name: 'name', kind: 'text', value: 'NAME', summary: 'a name to find the new run by' },
      { name: 'why', kind: 'text', value: 'TEXT', summary: 'what the update is for' },
      { name: 'environment', kind: 'text', value: 'NAME', summary: 'the environment for which the policy is asked', default: 'all' },
      actorFlag('whom the record and its signatures name'),
      { name: 'map', kind: 'repeatable', value: 'FROM=TO', summary: 'a recorded path that lies elsewhere now' },
      { name: 'network', kind: 'repeatable', value: 'HOST', summary: 'a host that the run may reach; without it there is no network' },
      { name: 'env-from-current', kind: 'repeatable', value: 'NAME', summary: 'an environment variable taken from now, for example a token' },
      { name: 'again', kind: 'boolean', summary: 'do not go on from an earlier attempt' },
      PIN,
    ],
    examples: [
      { command: 'trainlock upgrade numpy==2.1.3 --dry-run', says: 'which packages would move' },
      { command: 'trainlock upgrade numpy==2.1.3 --run baseline --write requirements.txt', says: 'try it, and take the new lock if nothing differs' },
    ],
    exits: [
      { code: '0', means: 'nothing differs beyond what is tolerated, and no approval is outstanding; or nothing moves' },
      { code: '1', means: 'the results are different, a criterion is not met any more, or no rule lets the change pass' },
      { code: '2', means: 'could not be carried out: no set of packages fits, or the run cannot be computed again' },
      { code: '3', means: 'undecided: an approval is outstanding, or something cannot be compared' },
    ],
    load: () => import('./commands/upgrade.ts'),
  },
];
