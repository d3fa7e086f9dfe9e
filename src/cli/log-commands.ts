import type { CommandRow, FlagRow, PositionalRow } from './command.ts';
import { FAILED, RUN } from './row-parts.ts';

const FOLDER: PositionalRow = {
  name: 'FOLDER',
  summary: 'folder of a log, for example one that was exported; the log of this machine if none is said',
  required: false,
  completes: 'folder',
};

const LOG_KEY: FlagRow = {
  name: 'log',
  kind: 'text',
  value: 'VKEY',
  summary: 'the verifier key of the log, as somebody you trust gave it to you',
  default: 'what lies beside the log',
};

const UNDECIDED = { code: '3', means: 'undecided: leaves wait, or were written by a newer version' };

/** The transparency log. */
export const LOG_COMMANDS: readonly CommandRow[] = [
  {
    name: 'log show',
    group: 'log',
    summary: 'the log of this machine: its key to pin, its state, its last leaves, and what of this project waits',
    positionals: [],
    flags: [{ name: 'last', kind: 'text', value: 'N', summary: 'how many of the last leaves', default: '10' }],
    examples: [{ command: 'trainlock log show', says: 'the key that others pin, and the last events' }],
    exits: [{ code: '0', means: 'shown' }, FAILED],
    load: () => import('./commands/log-show.ts'),
  },
  {
    name: 'log enter',
    group: 'log',
    readsRuns: true,
    summary: 'enter the leaves that wait beside records in the log of this machine',
    details:
      'A run that could not reach the log, on a node of a cluster or on a network folder, leaves its leaf beside its record. Whoever owns a log enters it from there; the proof is laid beside the leaf.',
    positionals: [{ ...RUN, required: false, repeats: true }],
    flags: [],
    examples: [{ command: 'trainlock log enter', says: 'everything in this project that waits' }],
    exits: [{ code: '0', means: 'entered, or nothing waits' }, { code: '1', means: 'the log is damaged: the leaves wait' }, FAILED, UNDECIDED],
    load: () => import('./commands/log-enter.ts'),
  },
  {
    name: 'log proof',
    group: 'log',
    readsRuns: true,
    summary: 'the proofs that the leaves of a run are in the log, with its present checkpoint',
    positionals: [RUN],
    flags: [{ name: 'write', kind: 'boolean', summary: 'put the new proof, with the cosignatures of witnesses, beside the record' }],
    examples: [{ command: 'trainlock log proof last --write', says: 'bring the proof up to date after a witness has signed' }],
    exits: [
      { code: '0', means: 'every leaf is proven' },
      { code: '1', means: 'a proof does not hold' },
      FAILED,
      { code: '3', means: 'a leaf waits, is in another log, or there is none' },
    ],
    load: () => import('./commands/log-proof.ts'),
  },
  {
    name: 'log verify',
    group: 'log',
    summary: 'is a log whole, and does it go on from everything that was seen of it before',
    details: 'Every leaf, hash and root is computed anew and compared, up to the signed checkpoint. Checkpoints that this machine and this project have seen are compared too.',
    positionals: [FOLDER],
    flags: [{ name: 'from', kind: 'repeatable', value: 'FILE', summary: 'a checkpoint, or a proof with one, that you kept', completes: 'file' }, LOG_KEY],
    examples: [
      { command: 'trainlock log verify', says: 'the log of this machine' },
      { command: 'trainlock log verify /srv/log --log VKEY --from checkpoint-of-may', says: 'a copy, from a checkpoint that an auditor kept' },
    ],
    exits: [{ code: '0', means: 'whole' }, { code: '1', means: 'damaged, set back, or another history: the first thing that is wrong is named' }, FAILED],
    load: () => import('./commands/log-verify.ts'),
  },
  {
    name: 'log export',
    group: 'log',
    summary: 'copy the log into a plain folder that any web server can hand out, and check the copy',
    details:
      'Tiles, checkpoint and verifier key in the layout of C2SP tlog-tiles; never the private key. The same command goes on after a break and brings an older copy up to date.',
    positionals: [{ name: 'FOLDER', summary: 'where to', required: true, completes: 'folder' }],
    flags: [],
    examples: [{ command: 'trainlock log export /srv/www/log', says: 'publish the log' }],
    exits: [{ code: '0', means: 'copied and whole' }, { code: '1', means: 'the log or the copy is damaged' }, FAILED],
    load: () => import('./commands/log-export.ts'),
  },
  {
    name: 'log merge',
    group: 'log',
    summary: 'several logs as one list of events, in the order of their times; each log is checked first',
    positionals: [{ name: 'FOLDER', summary: 'folders of logs', required: true, repeats: true, completes: 'folder' }],
    flags: [{ name: 'csv', kind: 'boolean', summary: 'as CSV' }],
    examples: [{ command: 'trainlock log merge /srv/logs/*', says: 'what a team did' }],
    exits: [{ code: '0', means: 'all logs are whole' }, { code: '1', means: 'one is not: its events are left out' }, FAILED, UNDECIDED],
    load: () => import('./commands/log-merge.ts'),
  },
  {
    name: 'log population',
    group: 'log',
    summary: 'every event of a kind between two checkpoints, provably complete; with a sample for an auditor',
    details:
      'The whole log is checked, so that nothing can be left out. The sample is drawn from a seed, so that anybody can draw it again; take a seed that nobody could know before, such as the root of a later checkpoint.',
    positionals: [FOLDER],
    flags: [
      {
        name: 'kind',
        kind: 'repeatable',
        value: 'KIND',
        summary:
          'run-recorded, run-signed, approval, withdrawal, amendment, deprecation, promotion, reversion, remediation, exception, exception-review, gate, deployed, trust, log-continued, key or other',
      },
      { name: 'from', kind: 'text', value: 'FILE', summary: 'the earlier checkpoint', default: 'the beginning', completes: 'file' },
      { name: 'to', kind: 'text', value: 'FILE', summary: 'the later checkpoint', default: 'the present one', completes: 'file' },
      { name: 'sample', kind: 'text', value: 'N', summary: 'draw so many of them' },
      { name: 'seed', kind: 'text', value: 'TEXT', summary: 'what the sample is drawn from' },
      LOG_KEY,
    ],
    examples: [
      { command: 'trainlock log population --kind run-signed', says: 'every signed run' },
      { command: 'trainlock log population --kind approval --from may --to june --sample 25 --seed ROOT /srv/log', says: 'what an auditor looks at' },
    ],
    exits: [{ code: '0', means: 'complete' }, { code: '1', means: 'the log is damaged, set back, or has another history' }, FAILED, UNDECIDED],
    load: () => import('./commands/log-population.ts'),
  },
  {
    name: 'log reconcile',
    group: 'log',
    readsRuns: true,
    summary: 'what other systems say was run, and has no record here; and the other way round',
    positionals: [],
    flags: [
      { name: 'slurm', kind: 'text', value: 'FILE', summary: 'output of sacct -P -o JobID,JobName,Start,State', completes: 'file' },
      { name: 'mlflow', kind: 'text', value: 'PATH', summary: 'a folder mlruns, or what runs/search answers', completes: 'file' },
      { name: 'kubernetes', kind: 'text', value: 'FILE', summary: 'output of kubectl get jobs -o json', completes: 'file' },
      { name: 'from', kind: 'text', value: 'TIME', summary: 'only what started at or after this time' },
      { name: 'to', kind: 'text', value: 'TIME', summary: 'only what started at or before this time; a day means its end' },
    ],
    examples: [{ command: 'trainlock log reconcile --slurm jobs.txt --from 2026-11-01', says: 'jobs of a month that nobody recorded' }],
    exits: [
      { code: '0', means: 'everything that ran has a record, and every record is known' },
      { code: '1', means: 'something ran without a record' },
      FAILED,
      { code: '3', means: 'nothing without a record was found, but records or parts of a list are not understood' },
    ],
    load: () => import('./commands/log-reconcile.ts'),
  },
  {
    name: 'log witness',
    group: 'log',
    ownsSignals: true,
    summary: 'be a witness: sign checkpoints of logs that go on from all that was seen of them',
    details:
      'Serves C2SP tlog-witness (POST /add-checkpoint) until it is interrupted. It signs one history of a log and never another. Put a web server with TLS in front of it where it can be reached from outside.',
    positionals: [],
    flags: [
      { name: 'listen', kind: 'text', value: 'HOST:PORT', summary: 'where to listen; port 0 takes a free one', default: '127.0.0.1:8464' },
      { name: 'log', kind: 'repeatable', value: 'VKEY', summary: 'verifier key of a log to sign for' },
      { name: 'state', kind: 'text', value: 'FOLDER', summary: 'where its key lies and what it saw', default: 'witness in the state folder', completes: 'folder' },
    ],
    examples: [{ command: 'trainlock log witness --listen 127.0.0.1:8464 --log VKEY', says: 'sign for the log of a colleague' }],
    exits: [{ code: '0', means: 'it was interrupted, and ended in good order' }, { code: '1', means: 'its state is damaged' }, FAILED],
    load: () => import('./commands/log-witness.ts'),
  },
  {
    name: 'log cosign',
    group: 'log',
    summary: 'ask a witness to sign the present checkpoint, and keep its signature',
    details: 'Any witness that speaks C2SP tlog-witness will do. It sees the name, size and root of the log, and nothing else.',
    positionals: [],
    flags: [
      { name: 'witness', kind: 'text', value: 'URL', summary: 'its address, without /add-checkpoint' },
      { name: 'witness-key', kind: 'text', value: 'VKEY', summary: 'its verifier key', default: 'that of the last time' },
    ],
    examples: [{ command: 'trainlock log cosign --witness https://witness.example --witness-key VKEY', says: 'have the log witnessed' }],
    exits: [{ code: '0', means: 'signed, and kept' }, { code: '1', means: 'the witness did not sign' }, FAILED],
    load: () => import('./commands/log-cosign.ts'),
  },
  {
    name: 'log continue',
    group: 'log',
    summary: 'open a new log that begins with the old one, after it was set back or damaged',
    details:
      'A log that was set back must not go on under its name: it would have two histories. The new one has a new key and a new origin, and its first leaf holds the newest checkpoint of the old one.',
    positionals: [],
    flags: [{ name: 'why', kind: 'text', value: 'TEXT', summary: 'what happened; it goes into the log for ever' }],
    examples: [{ command: 'trainlock log continue --why "the disk was restored from a backup"', says: 'go on in a new log' }],
    exits: [{ code: '0', means: 'opened' }, FAILED],
    load: () => import('./commands/log-continue.ts'),
  },
  {
    name: 'log renew',
    group: 'log',
    summary: 'date the present checkpoint anew, before older dates expire',
    details:
      'One checkpoint stands for every leaf before it, so one token of a time authority (RFC 3161) renews all of them. Tokens lie in the folder times of the log, beside the bytes that they date.',
    positionals: [],
    flags: [{ name: 'authority', kind: 'repeatable', value: 'URL', summary: 'a time authority' }],
    examples: [{ command: 'trainlock log renew --authority https://freetsa.org/tsr', says: 'once a year is enough' }],
    exits: [{ code: '0', means: 'dated' }, { code: '1', means: 'no authority dated it' }, FAILED],
    load: () => import('./commands/log-renew.ts'),
  },
];
