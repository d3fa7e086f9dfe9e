import type { CommandRow, FlagRow, PositionalRow } from './command.ts';
import { FAILED } from './row-parts.ts';

const NAME: PositionalRow = { name: 'NAME', summary: 'name of a key: small letters, digits, - and _', required: true };
const ALGORITHM: FlagRow = {
  name: 'algorithm',
  kind: 'choice',
  value: 'ALGORITHM',
  choices: ['ecdsa-p256', 'ed25519'],
  summary: 'kind of the key; cosign and model signing know ECDSA P-256 best',
  default: 'ecdsa-p256',
};
const PURPOSE: FlagRow = {
  name: 'purpose',
  kind: 'choice',
  value: 'PURPOSE',
  choices: ['statements', 'root'],
  summary: 'what it is for: statements about runs, or root, which signs trust files',
  default: 'statements',
};
const ENCRYPT: FlagRow = {
  name: 'encrypt',
  kind: 'boolean',
  summary: 'encrypt the private file with a passphrase (TRAINLOCK_PASSPHRASE, TRAINLOCK_PASSPHRASE_FILE or the prompt)',
};
const COMMENT: FlagRow = { name: 'comment', kind: 'text', value: 'TEXT', summary: 'a few words that are kept beside the key' };

/** The keys of a user. */
export const KEYS_COMMANDS: readonly CommandRow[] = [
  {
    name: 'keys new',
    group: 'signing',
    summary: 'make a key',
    details: 'Keys lie in the configuration of this user, readable by this user alone. The key default is made by itself on first use.',
    positionals: [NAME],
    flags: [ALGORITHM, PURPOSE, ENCRYPT, COMMENT],
    examples: [
      { command: 'trainlock keys new release --encrypt', says: 'a key for records that asks for a passphrase' },
      { command: 'trainlock keys new ann-root --purpose root --encrypt', says: 'a key that signs trust files' },
    ],
    exits: [{ code: '0', means: 'made' }, FAILED],
    load: () => import('./commands/keys-new.ts'),
  },
  {
    name: 'keys list',
    group: 'signing',
    summary: 'list the keys of this user, and which one signs now',
    positionals: [],
    flags: [],
    examples: [{ command: 'trainlock keys list', says: 'name, state, purpose, id and age of every key' }],
    exits: [{ code: '0', means: 'listed' }, FAILED],
    load: () => import('./commands/keys-list.ts'),
  },
  {
    name: 'keys rotate',
    group: 'signing',
    summary: 'make the key that signs in place of another one',
    details:
      'The old name signs with the new key from now on; the old key is kept to verify with. An encrypted key gets an encrypted successor. Roots are replaced with trust rotate-roots.',
    positionals: [{ ...NAME, required: false, summary: 'the key that is replaced; default if nothing is said' }],
    flags: [{ ...ALGORITHM, default: 'as the old key' }, ENCRYPT, { name: 'no-passphrase', kind: 'boolean', summary: 'the new key is not encrypted, although the old one is' }],
    examples: [{ command: 'trainlock keys rotate release', says: 'release signs with release-2' }],
    exits: [{ code: '0', means: 'replaced' }, FAILED],
    load: () => import('./commands/keys-rotate.ts'),
  },
  {
    name: 'keys revoke',
    group: 'signing',
    summary: 'say that a key must not be used any more',
    details: 'It signs no more, for ever, under whatever path. What others should know stands in the trust file: trust revoke.',
    positionals: [NAME],
    flags: [
      { name: 'why', kind: 'text', value: 'TEXT', summary: 'the reason; it is kept' },
      { name: 'compromised-since', kind: 'text', value: 'TIME', summary: 'since when somebody else may have had it: what is not proven to be older counts no more' },
      { name: 'remove-private-key', kind: 'boolean', summary: 'also remove the private file; copies and backups may still hold it' },
    ],
    examples: [{ command: "trainlock keys revoke release --why 'laptop lost' --compromised-since 2026-11-20", says: 'since that day it may be in other hands' }],
    exits: [{ code: '0', means: 'revoked, or it was already' }, FAILED],
    load: () => import('./commands/keys-revoke.ts'),
  },
  {
    name: 'keys import',
    group: 'signing',
    summary: 'take in a key that was made elsewhere',
    details: 'PEM of PKCS #8, SEC 1, PKCS #1, OpenSSH without passphrase, or cosign: ECDSA P-256, Ed25519, or RSA of 3072 bits and more. An encrypted key stays encrypted.',
    positionals: [NAME, { name: 'FILE', summary: 'the private key; only this user may be able to read it', required: true, completes: 'file' }],
    flags: [PURPOSE, { ...ENCRYPT, summary: 'give it a new passphrase, the same that opens FILE if that one is encrypted and stands in the environment' }, COMMENT],
    examples: [{ command: 'trainlock keys import release cosign.key', says: 'sign with the key that cosign made' }],
    exits: [{ code: '0', means: 'taken in' }, FAILED],
    load: () => import('./commands/keys-import.ts'),
  },
  {
    name: 'keys export',
    group: 'signing',
    summary: 'print a key for other tools: the public half, unless the private one is asked for',
    details: 'The private half leaves only encrypted, with a passphrase for the new file.',
    positionals: [NAME],
    flags: [
      {
        name: 'form',
        kind: 'choice',
        value: 'FORM',
        choices: ['pem', 'cosign', 'vkey'],
        summary: 'pem for openssl and most others, cosign, or vkey: the verifier key of an Ed25519 key that signs notes',
        default: 'pem',
      },
      { name: 'private', kind: 'boolean', summary: 'the private half, encrypted' },
      { name: 'origin', kind: 'text', value: 'NAME', summary: 'the name in the verifier key', default: 'the name of the key' },
    ],
    examples: [
      { command: 'trainlock keys export release', says: 'for cosign verify-blob, openssl, trust add' },
      { command: 'trainlock keys export release --private', says: 'to take it to another machine: keys import' },
    ],
    exits: [{ code: '0', means: 'printed' }, FAILED],
    load: () => import('./commands/keys-export.ts'),
  },
];
