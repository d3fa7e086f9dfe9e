import type { CommandRow } from './command.ts';
import { FAILED, RUN } from './row-parts.ts';

/** Signatures, keys and whose keys count. */
export const SIGNING_COMMANDS: readonly CommandRow[] = [
  {
    name: 'sign',
    group: 'signing',
    readsRuns: true,
    summary: 'sign records that have no signature, or add another one',
    details: 'Finished records are signed by themselves; this completes those that could not be. Without a run it signs every record without a signature.',
    positionals: [{ ...RUN, required: false, repeats: true }],
    flags: [
      { name: 'key', kind: 'text', value: 'KEY', summary: 'name of a key, path of a private key, or reference of a key behind another tool', default: 'default', env: 'TRAINLOCK_KEY' },
      { name: 'dry-run', kind: 'boolean', summary: 'only say which records would be signed' },
    ],
    examples: [
      { command: 'trainlock sign', says: 'sign every record without a signature' },
      { command: 'trainlock sign last --key team', says: 'add the signature of another key' },
    ],
    exits: [{ code: '0', means: 'signed, or nothing to sign' }, { code: '1', means: 'the record is damaged' }, FAILED, { code: '3', means: 'a record is not finished, or from a newer version' }],
    load: () => import('./commands/sign.ts'),
  },
];
