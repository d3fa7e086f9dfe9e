import type { CommandRow } from './command.ts';
import { KEYS_COMMANDS } from './keys-commands.ts';
import { FAILED, RUN } from './row-parts.ts';
import { TRUST_COMMANDS } from './trust-commands.ts';

/** Signatures, keys and whose keys count. */
export const SIGNING_COMMANDS: readonly CommandRow[] = [
  {
    name: 'sign',
    group: 'signing',
    readsRuns: true,
    summary: 'sign records that have no signature, or add another one',
    details:
      'Finished records are signed by themselves; this completes those that could not be. Without a run it signs every record without a signature, of runs that you started on this machine: others may have come with the repository, and are signed where you name them.',
    positionals: [{ ...RUN, required: false, repeats: true }],
    flags: [
      {
        name: 'key',
        kind: 'text',
        value: 'KEY',
        summary: 'name of a key, path of a private key, or reference of a key behind another tool',
        default: 'default',
        env: 'TRAINLOCK_KEY',
      },
      { name: 'time', kind: 'repeatable', value: 'URL', summary: 'a time authority (RFC 3161) that dates the signature' },
      { name: 'also', kind: 'repeatable', value: 'KIND', summary: 'a further statement to sign: slsa-provenance, test-result or model-signing' },
      { name: 'dry-run', kind: 'boolean', summary: 'only say which records would be signed' },
      { name: 'keyless', kind: 'boolean', summary: 'sign with the identity of this job (OIDC) instead of a key, by the services that are named' },
      { name: 'fulcio-url', kind: 'text', value: 'URL', summary: 'the certificate authority, for --keyless' },
      { name: 'rekor-url', kind: 'text', value: 'URL', summary: 'the log (Rekor v2) that takes the signature in, for --keyless; a public one keeps it for ever' },
      { name: 'timestamp-url', kind: 'repeatable', value: 'URL', summary: 'a time authority, for --keyless' },
      { name: 'trusted-root', kind: 'text', value: 'FILE', summary: 'the trusted root (Sigstore JSON) of these services, for --keyless', completes: 'file' },
      { name: 'identity-issuer', kind: 'text', value: 'URL', summary: 'the only issuer of identities that is meant, for --keyless' },
    ],
    examples: [
      { command: 'trainlock sign', says: 'sign every record of yours without a signature' },
      { command: 'trainlock sign last --key team', says: 'add the signature of another key' },
    ],
    exits: [
      { code: '0', means: 'signed, or nothing to sign' },
      { code: '1', means: 'the record is damaged, records of others were left unsigned, or no authority dated what --time asked for' },
      FAILED,
      { code: '3', means: 'a record is not finished, or from a newer version' },
    ],
    load: () => import('./commands/sign.ts'),
  },
  {
    name: 'sign folder',
    group: 'signing',
    summary: 'sign the files of a model or data folder in the format of OpenSSF Model Signing',
    details: 'Writes model.sig into the folder, or FILE.sig beside a single file: whoever has the public key checks it with model_signing.',
    positionals: [{ name: 'FOLDER', summary: 'the folder, or a single file', required: true, completes: 'file' }],
    flags: [
      {
        name: 'key',
        kind: 'text',
        value: 'KEY',
        summary: 'name of a key, path of a private key, or reference of a key behind another tool',
        default: 'default',
        env: 'TRAINLOCK_KEY',
      },
      { name: 'out', kind: 'text', value: 'FILE', summary: 'where the signature is written', default: 'model.sig in the folder', completes: 'file' },
    ],
    examples: [{ command: 'trainlock sign folder out/model', says: 'write out/model/model.sig' }],
    exits: [{ code: '0', means: 'signed' }, FAILED],
    load: () => import('./commands/sign-folder.ts'),
  },
  ...KEYS_COMMANDS,
  ...TRUST_COMMANDS,
];
