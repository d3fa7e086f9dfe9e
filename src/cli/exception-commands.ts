import type { CommandRow, ExitRow, FlagRow, PositionalRow } from './command.ts';
import { actorFlag, FAILED, PIN, RUN, SSH_KEY, STATEMENT_KEY, YES } from './row-parts.ts';

const ROLE: FlagRow = {
  name: 'role',
  kind: 'choice',
  value: 'ROLE',
  choices: ['initiator', 'signer', 'approver-data', 'approver-dependency', 'approver-model', 'deployer'],
  summary: 'as what you speak; one of the two persons needs the role that the policy names for the environment',
};
const REASON: FlagRow = { name: 'reason', kind: 'text', value: 'TEXT', summary: 'why the model may run all the same' };
const ACTOR = actorFlag('who started and signed the run');
const SIGNING: readonly FlagRow[] = [
  { name: 'ticket', kind: 'text', value: 'TEXT', summary: 'where it is worked on' },
  { name: 'control', kind: 'text', value: 'TEXT', summary: 'what is done meanwhile so that no harm comes of it' },
  ACTOR,
  STATEMENT_KEY,
  SSH_KEY,
  YES,
  { name: 'dry-run', kind: 'boolean', summary: 'only say what would be signed, and what it would be worth' },
];
const EXITS: readonly ExitRow[] = [{ code: '0', means: 'signed' }, { code: '1', means: 'it could not count, or you said no: nothing was signed' }, FAILED];
const EXCEPTION: PositionalRow = { name: 'EXCEPTION', summary: 'the first letters of its digest, 6 or more: exception list', required: true };

/** Who lets a model run in spite of what the gate finds. */
export const EXCEPTION_COMMANDS: readonly CommandRow[] = [
  {
    name: 'exception new',
    group: 'governance',
    readsRuns: true,
    summary: 'let a model run in an environment for some days in spite of a finding of the gate, or in an emergency for hours; a second person must confirm it',
    details:
      'Names one finding of one record in one environment, and ends. It counts when a second person has confirmed it; one of the two must speak in the role that the policy names under exceptions of the environment, and must not have made the change. That record, signature, log, approvals or bytes are wrong (TL1001 to TL1004) no exception excuses. With --break-glass it is an emergency: it lasts 24 hours at most, may also stand for approvals that are missing (TL1003), needs breakGlass of the environment in the policy, is shown everywhere, and must be reviewed when it is over: else nothing passes the gate of that environment. Nothing is signed that could not count. It lies in .trainlock/exceptions, for git, and its leaf in the log; the gate shows it whenever it is asked.',
    positionals: [RUN],
    flags: [
      { name: 'env', kind: 'text', value: 'NAME', summary: 'the environment, as the policy names it' },
      { name: 'finding', kind: 'text', value: 'ID', summary: 'the finding, as the gate prints it, for example TL3001' },
      {
        name: 'about',
        kind: 'text',
        value: 'TEXT',
        summary: 'the thing that the gate prints behind it, for example "package numpy"',
        default: 'none: a finding that names no thing',
      },
      { name: 'days', kind: 'text', value: 'DAYS', summary: 'how long it counts; the policy says how long it may' },
      { name: 'break-glass', kind: 'boolean', summary: 'an emergency: hours in place of days, and a review afterwards' },
      { name: 'hours', kind: 'text', value: 'HOURS', summary: 'how long an emergency counts, with --break-glass; 24 at most' },
      ROLE,
      REASON,
      ...SIGNING,
    ],
    examples: [
      {
        command: 'trainlock exception new last --env production --finding TL3001 --about "package numpy here 2.1.0" --days 7 --role approver-model --reason "compared by hand"',
        says: 'the first of two words',
      },
      {
        command: 'trainlock exception new last --break-glass --env production --finding TL1003 --hours 4 --role approver-model --reason "the old model is down"',
        says: 'an emergency',
      },
    ],
    exits: EXITS,
    load: () => import('./commands/exception-new.ts'),
  },
  {
    name: 'exception confirm',
    group: 'governance',
    readsRuns: true,
    summary: 'confirm the exception of another person; it ends with the earlier of both',
    positionals: [EXCEPTION],
    flags: [
      ROLE,
      REASON,
      { name: 'days', kind: 'text', value: 'DAYS', summary: 'how long it counts', default: 'as long as what you confirm' },
      { name: 'hours', kind: 'text', value: 'HOURS', summary: 'the same of a break-glass', default: 'as long as what you confirm' },
      ...SIGNING,
    ],
    examples: [{ command: 'trainlock exception confirm 3fb5e5 --role deployer --reason "the old service runs beside it"', says: 'the second of two words' }],
    exits: EXITS,
    load: () => import('./commands/exception-confirm.ts'),
  },
  {
    name: 'exception review',
    group: 'governance',
    summary: 'look back at a break-glass that is over, and say whether it was right',
    details:
      'It must be signed by another person than the one who asked for the break-glass, in the role that the policy names under breakGlass, after it has ended or was taken back. Until then no second one counts for the same finding, and after the days of the policy nothing passes the gate of that environment.',
    positionals: [EXCEPTION],
    flags: [
      { name: 'outcome', kind: 'choice', value: 'OUTCOME', choices: ['justified', 'not-justified'], summary: 'whether it was right to let the model run' },
      { ...ROLE, summary: 'as what you speak: the role that the policy names under breakGlass of the environment' },
      { ...REASON, summary: 'what was learnt' },
      STATEMENT_KEY,
      SSH_KEY,
      YES,
    ],
    examples: [
      { command: 'trainlock exception review 3fb5e5 --outcome justified --role approver-model --reason "nobody could be reached"', says: 'the emergency is looked back at' },
    ],
    exits: [{ code: '0', means: 'signed' }, { code: '1', means: 'it would not count, or you said no: nothing was signed' }, FAILED],
    load: () => import('./commands/exception-review.ts'),
  },
  {
    name: 'exception list',
    group: 'governance',
    readsRuns: true,
    summary: 'every exception of the project, what it is worth now, and how many days or hours are left; also which break-glass nobody has reviewed',
    positionals: [],
    flags: [ACTOR, PIN],
    examples: [{ command: 'trainlock exception list', says: 'what runs in spite of what, and until when' }],
    exits: [{ code: '0', means: 'shown' }, FAILED],
    load: () => import('./commands/exception-list.ts'),
  },
  {
    name: 'exception withdraw',
    group: 'governance',
    summary: 'take back an exception or a confirmation of your own; it stays, and no longer counts',
    positionals: [EXCEPTION],
    flags: [{ name: 'reason', kind: 'text', value: 'TEXT', summary: 'why' }, { ...STATEMENT_KEY, summary: 'a key of the person who signed it' }, SSH_KEY],
    examples: [{ command: 'trainlock exception withdraw 3fb5e5 --reason "numpy is back at the recorded version"', says: 'it no longer counts' }],
    exits: [{ code: '0', means: 'signed' }, { code: '1', means: 'it would not count: nothing was signed' }, FAILED],
    load: () => import('./commands/exception-withdraw.ts'),
  },
];
