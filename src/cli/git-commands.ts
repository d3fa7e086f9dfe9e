import type { CommandRow, FlagRow } from './command.ts';
import { FAILED, PIN } from './row-parts.ts';

const BASE: FlagRow = { name: 'base', kind: 'text', value: 'REVISION', summary: 'what the change is measured against: the branch that it is to go to' };
const HEAD: FlagRow = { name: 'head', kind: 'text', value: 'REVISION', summary: 'the commit that holds the change', default: 'HEAD' };

/** Records in git, and in the CI of a code host. */
export const GIT_COMMANDS: readonly CommandRow[] = [
  {
    name: 'git install',
    group: 'setting-up',
    summary: 'teach the repository of this project what records are: never merged, never changed, shown line by line',
    details:
      'Adds lines to .gitattributes and one setting to this clone; both stand beside what is there, and running it again changes nothing. There is no merge driver: a clone that lacks its setting would merge two records into a third that never ran.',
    positionals: [],
    flags: [
      { name: 'hooks', kind: 'boolean', summary: 'also a hook that looks before each commit whether what is staged is whole' },
      { name: 'uninstall', kind: 'boolean', summary: 'take away what was written, and nothing else' },
      { name: 'dry-run', kind: 'boolean', summary: 'show the changes and make none' },
    ],
    examples: [
      { command: 'trainlock git install', says: 'git diff shows dependencies.numpy.version = 2.0.0' },
      { command: 'trainlock git install --hooks', says: 'and a commit that rewrites a signed record is stopped' },
    ],
    exits: [{ code: '0', means: 'set up, or it was already' }, FAILED],
    load: () => import('./commands/git-install.ts'),
  },
  {
    name: 'git check',
    group: 'governance',
    summary: 'is every record, approval, policy, trust file and snapshot that a change touches whole, and nothing signed rewritten or removed?',
    details:
      'Reads the bytes of commits and of what is staged, never the working folder. Whose signatures count says the trust file of the base, and not that of the change. Outputs and data are not asked about: trainlock verify does that for one record.',
    positionals: [],
    flags: [
      BASE,
      HEAD,
      { name: 'staged', kind: 'boolean', summary: 'look at what is staged, in place of a commit' },
      { name: 'definite', kind: 'boolean', summary: 'only a definite no fails, and what is unknown passes: for hooks' },
      PIN,
    ],
    examples: [
      { command: 'trainlock git check --staged', says: 'before a commit' },
      { command: 'trainlock git check --base origin/main', says: 'what this branch would bring to main' },
    ],
    exits: [
      { code: '0', means: 'all that changed is whole, or nothing of ours changed' },
      { code: '1', means: 'something signed was rewritten or removed, or is not what was signed, or cannot be read' },
      FAILED,
      { code: '3', means: 'nothing is broken, but it is not known here whose something is' },
    ],
    load: () => import('./commands/git-check.ts'),
  },
  {
    name: 'git textconv',
    group: 'setting-up',
    summary: 'print a record, statement, snapshot or bundle as sorted lines, as git diff shows it; other files as they are',
    positionals: [{ name: 'FILE', summary: 'any file', required: true, completes: 'file' }],
    flags: [],
    examples: [{ command: 'trainlock git textconv .trainlock/kept/RUN.statement.json', says: 'every fact of a record on a line of its own' }],
    exits: [{ code: '0', means: 'printed' }, FAILED],
    load: () => import('./commands/git-textconv.ts'),
  },
  {
    name: 'ci check',
    group: 'governance',
    summary: 'in CI: is what a change brings whole, and approved by the rules of the branch that it is to go to?',
    details:
      'Asks what git check asks. Then each record that came is compared with the one that the base keeps of the same model or program, and the policy of the base says whose approval that needs; authors of the commits took part. A change of the policy itself is judged by the policy of the base. Whose signatures count says the trust file of the base: by pinned roots where there are some, else as it is.',
    positionals: [],
    flags: [
      { ...BASE, default: 'the target branch of the pull or merge request that this job runs for' },
      HEAD,
      PIN,
      { name: 'github', kind: 'boolean', summary: 'also print annotations, as workflow commands; nothing else that is printed can be one' },
      { name: 'sarif', kind: 'text', value: 'FILE', summary: 'also write the findings as SARIF 2.1.0', completes: 'file' },
      { name: 'junit', kind: 'text', value: 'FILE', summary: 'also write them as a JUnit report', completes: 'file' },
      { name: 'code-quality', kind: 'text', value: 'FILE', summary: 'also write them as a code quality report of GitLab', completes: 'file' },
      { name: 'markdown', kind: 'text', value: 'FILE', summary: 'also write a comment with what differs between the records, at most 60,000 characters', completes: 'file' },
    ],
    examples: [{ command: 'trainlock ci check --base origin/main --junit trainlock.xml', says: 'what a job of CI runs' }],
    exits: [
      { code: '0', means: 'whole, and everything that needs approval has it' },
      { code: '1', means: 'something is not whole, or is denied' },
      FAILED,
      { code: '3', means: 'undecided: approvals are outstanding, or it is not known whose something is' },
    ],
    load: () => import('./commands/ci-check.ts'),
  },
];
