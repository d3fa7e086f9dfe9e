import type { CommandRow, FlagRow } from './command.ts';
import { FAILED, PIN } from './row-parts.ts';

const ROOT_KEY = 'a key of this user with the purpose root, the path of a public or private key, or the reference of one behind another tool; LABEL=KEY says who holds it';
const SIGN_WITH: FlagRow = {
  name: 'sign-with',
  kind: 'repeatable',
  value: 'KEY',
  summary: 'a root that signs: its name, the path of its private key, or a reference',
  default: 'every root of this user',
  completes: 'file',
};
const EXPIRES: FlagRow = { name: 'expires', kind: 'text', value: 'DAYS', summary: 'how long the version counts', default: 'as long as the one before' };
const YES: FlagRow = { name: 'yes', kind: 'boolean', summary: 'take the change into a version that another root has proposed, without a question' };
const DRY_RUN: FlagRow = { name: 'dry-run', kind: 'boolean', summary: 'only say what the version would change' };
const SINCE: FlagRow = {
  name: 'compromised-since',
  kind: 'text',
  value: 'TIME',
  summary: 'since when somebody else may have had it: what is not proven to be older counts no more',
};
const CHANGE_FLAGS: readonly FlagRow[] = [SIGN_WITH, EXPIRES, YES, DRY_RUN];

const SIGNED = [
  { code: '0', means: 'the version counts, or waits for further signatures' },
  { code: '1', means: 'the question was answered with no' },
  FAILED,
  { code: '3', means: 'the roots of the trust file are not pinned here: trust pin' },
];
const NEXT = 'While fewer roots than the threshold have signed the next version, it waits as .trainlock/trust.next.json, and further changes are taken into it.';

/** Whose signatures count. */
export const TRUST_COMMANDS: readonly CommandRow[] = [
  {
    name: 'trust new',
    group: 'signing',
    summary: 'begin a trust file: the roots that say whose signatures count in this project',
    details: 'Writes .trainlock/trust.json when enough roots have signed it. It counts nowhere until its roots are pinned there: trust pin.',
    positionals: [],
    flags: [
      { name: 'root', kind: 'repeatable', value: 'KEY', summary: ROOT_KEY, completes: 'file' },
      { name: 'threshold', kind: 'text', value: 'N', summary: 'how many roots must sign each version', default: '1' },
      { ...EXPIRES, default: '365' },
      DRY_RUN,
    ],
    examples: [
      { command: 'trainlock trust new --root ann-root', says: 'one root, held by this user' },
      { command: 'trainlock trust new --root ann=ann-root --root ben=ben.pub --root cleo=cleo.pub --threshold 2', says: 'two of three must agree' },
    ],
    exits: [{ code: '0', means: 'it is there, or waits for further signatures' }, FAILED],
    load: () => import('./commands/trust-new.ts'),
  },
  {
    name: 'trust add',
    group: 'signing',
    summary: 'make signatures of somebody count: a person, machine or service; or a time authority, a log, a witness',
    details: `${NEXT} A signer that is there already gets a further key; of its other properties only those change that are given. --valid-from and --valid-until change a key that is listed already: the one that is named, or the only one.`,
    positionals: [{ name: 'NAME', summary: 'name of the signer, authority or witness; a log and a witness have one in their key', required: false }],
    flags: [
      { name: 'public-key', kind: 'repeatable', value: 'FILE', summary: 'a public key of the signer', completes: 'file' },
      { name: 'identity', kind: 'repeatable', value: 'ISSUER SUBJECT', summary: 'an identity in certificates, as one word with a space in it; both are compared letter by letter' },
      { name: 'role', kind: 'repeatable', value: 'ROLE', summary: 'initiator, signer, approver-data, approver-dependency, approver-model, deployer, auditor or admin' },
      {
        name: 'type',
        kind: 'repeatable',
        value: 'TYPE',
        summary:
          'what it may sign: training-run, provenance, test-result, verification-summary, model-signing, approval, withdrawal, exception, exception-review, amendment, deprecation, promotion, deployment, reversion, remediation, or the URI of a predicate type',
      },
      { name: 'environment', kind: 'repeatable', value: 'NAME', summary: 'an environment for which it counts', default: 'all' },
      { name: 'kind', kind: 'choice', value: 'KIND', choices: ['person', 'machine', 'service'], summary: 'what signs', default: 'machine' },
      { name: 'person', kind: 'text', value: 'NAME', summary: 'who stands behind it: signers of one person count as one where persons are counted' },
      { name: 'valid-from', kind: 'text', value: 'TIME', summary: 'first moment that counts; then each signature needs a proven time' },
      { name: 'valid-until', kind: 'text', value: 'TIME', summary: 'last moment that counts; then each signature needs a proven time' },
      { name: 'authority', kind: 'text', value: 'FILE', summary: 'certificates (PEM) of a time authority, the one that signs tokens first', completes: 'file' },
      { name: 'url', kind: 'text', value: 'URL', summary: 'where the time authority is asked' },
      { name: 'log', kind: 'text', value: 'VKEY', summary: 'verifier key of a log' },
      { name: 'witness', kind: 'text', value: 'VKEY', summary: 'verifier key of a witness' },
      ...CHANGE_FLAGS,
    ],
    examples: [
      { command: 'trainlock trust add ci --public-key ci.pub --role signer --type training-run', says: 'records that CI signs count' },
      { command: 'trainlock trust add ann --kind person --public-key ann.pub --role signer --role approver-model --type training-run', says: 'a person with two roles' },
      { command: 'trainlock trust add ann --valid-until 2027-01-01', says: 'the key of ann ends; what it signed before counts where its time is proven' },
      { command: 'trainlock trust add tsa --authority tsa.pem --url https://tsa.example.com', says: 'times of this authority count' },
    ],
    exits: SIGNED,
    load: () => import('./commands/trust-add.ts'),
  },
  {
    name: 'trust revoke',
    group: 'signing',
    summary: 'make a key or everything of a signer count no more',
    details: `What is proven to be older still counts, unless it was in other hands by then; what nobody has dated counts no more. ${NEXT}`,
    positionals: [{ name: 'NAME|KEYID', summary: 'a signer by its name, or one key by its id or 8 and more letters of it', required: true }],
    flags: [{ name: 'why', kind: 'text', value: 'TEXT', summary: 'the reason; it stands in the file for ever' }, SINCE, ...CHANGE_FLAGS],
    examples: [{ command: "trainlock trust revoke ci --why 'secret was printed in a log' --compromised-since 2026-11-20", says: 'since that day others may have used it' }],
    exits: SIGNED,
    load: () => import('./commands/trust-revoke.ts'),
  },
  {
    name: 'trust rotate-roots',
    group: 'signing',
    summary: 'name the roots anew: all of them, also those that stay',
    details: 'Enough of the old and enough of the new roots must sign. Whoever has pinned the old ones follows by the kept versions.',
    positionals: [],
    flags: [
      { name: 'root', kind: 'repeatable', value: 'KEY', summary: ROOT_KEY, completes: 'file' },
      { name: 'threshold', kind: 'text', value: 'N', summary: 'how many roots must sign each version', default: 'as before' },
      ...CHANGE_FLAGS,
    ],
    examples: [{ command: 'trainlock trust rotate-roots --root ann=ann-root-2 --root ben=ben.pub --root dan=dan.pub', says: 'a new key of ann, and dan in place of cleo' }],
    exits: SIGNED,
    load: () => import('./commands/trust-rotate-roots.ts'),
  },
  {
    name: 'trust renew',
    group: 'signing',
    summary: 'make the next version with nothing changed but its end',
    positionals: [],
    flags: [...CHANGE_FLAGS],
    examples: [{ command: 'trainlock trust renew --expires 365', says: 'a trust file that has expired counts again' }],
    exits: SIGNED,
    load: () => import('./commands/trust-renew.ts'),
  },
  {
    name: 'trust sign',
    group: 'signing',
    summary: 'sign the version of the trust file that waits, as another root',
    details: 'Says first what the version changes. As soon as enough of the old and of the new roots have signed, it counts, and the version before is kept in .trainlock/trust.',
    positionals: [],
    flags: [
      { ...SIGN_WITH, name: 'root' },
      { name: 'yes', kind: 'boolean', summary: 'do not ask' },
      { name: 'dry-run', kind: 'boolean', summary: 'only say what would be signed' },
    ],
    examples: [
      { command: 'trainlock trust sign --dry-run', says: 'look at the change first' },
      { command: 'trainlock trust sign --root ben-root', says: 'sign it' },
    ],
    exits: SIGNED,
    load: () => import('./commands/trust-sign.ts'),
  },
  {
    name: 'trust pin',
    group: 'signing',
    summary: 'pin the roots of a trust file, so that it counts here',
    details:
      'Compare the ids that are shown with those who hold the keys, over another way than the repository. The pin lies outside every repository, and remembers the newest version that was seen. Other roots than those that are pinned are pinned only after a question, or with --yes.',
    positionals: [{ name: 'FILE', summary: 'a trust file; that of the project if nothing is said', required: false, completes: 'file' }],
    flags: [
      { name: 'yes', kind: 'boolean', summary: 'do not ask' },
      { name: 'system', kind: 'boolean', summary: 'for everybody on this machine: /etc/trainlock/trust-pin.json' },
      { name: 'dry-run', kind: 'boolean', summary: 'only show the roots' },
    ],
    examples: [{ command: 'trainlock trust pin', says: 'show the roots of this project, and pin them' }],
    exits: [{ code: '0', means: 'pinned' }, { code: '1', means: 'the question was answered with no' }, FAILED],
    load: () => import('./commands/trust-pin.ts'),
  },
  {
    name: 'trust show',
    group: 'signing',
    summary: 'what the trust file says and how it stands here; with --key, whether one key counts and why',
    positionals: [],
    flags: [
      { name: 'key', kind: 'text', value: 'KEYID|FILE', summary: 'a key: its id, 8 and more letters of it, or the file of its public half', completes: 'file' },
      { name: 'type', kind: 'text', value: 'TYPE', summary: 'what it would sign', default: 'training-run' },
      { name: 'environment', kind: 'text', value: 'NAME', summary: 'the environment that is asked about' },
      { name: 'role', kind: 'text', value: 'ROLE', summary: 'the role in which it would sign' },
      {
        name: 'at',
        kind: 'text',
        value: 'TIME',
        summary: 'the moment that is asked about; with --key: when the signature is proven to have existed',
        default: 'now; with --key: a signature that nobody has dated',
      },
      PIN,
    ],
    examples: [
      { command: 'trainlock trust show', says: 'roots, signers and pins, each with its state' },
      { command: 'trainlock trust show --key ci.pub --environment production', says: 'does this key count, by which rule, and why' },
    ],
    exits: [
      { code: '0', means: 'it counts here; with --key: the key counts' },
      { code: '1', means: 'it is refused; with --key: the key does not count' },
      FAILED,
      { code: '3', means: 'unknown: there is no trust file, or its roots are not pinned here' },
    ],
    load: () => import('./commands/trust-show.ts'),
  },
  {
    name: 'trust verify',
    group: 'signing',
    summary: 'follow the trust file from the pinned roots to its newest version, step by step',
    positionals: [
      { name: 'FILE', summary: 'a trust file, with older versions in a folder trust beside it; that of the project if nothing is said', required: false, completes: 'file' },
    ],
    flags: [{ name: 'at', kind: 'text', value: 'TIME', summary: 'the moment that is asked about', default: 'now' }, PIN],
    examples: [{ command: 'trainlock trust verify', says: 'every version, who signed it, and whether the newest counts' }],
    exits: [{ code: '0', means: 'it counts' }, { code: '1', means: 'it is refused' }, FAILED, { code: '3', means: 'unknown: there is no trust file, or nothing is pinned here' }],
    load: () => import('./commands/trust-verify.ts'),
  },
];
