import type { CommandRow, FlagRow } from './command.ts';
import { FAILED, RUN } from './row-parts.ts';

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
];
