import type { CredentialRow, SignerRow, TrustDescription, TrustPin, TrustStanding } from '#trust';
import { bad, faint, good, type Line, open, type Page, row, rows, type Row, type Span, strong } from './page.ts';

/** A pin, and where it lies. */
export type PinView = { readonly of: 'user' | 'system' | 'question'; readonly path: string; readonly pin: TrustPin };

export type TrustView = {
  readonly standing: TrustStanding;
  readonly description?: TrustDescription;
  readonly pins: readonly PinView[];
  readonly waitingVersion?: number;
};

/** The id of a key in groups of four letters, as people compare it by voice. */
const spokenKeyId = (keyId: string): string => keyId.replace(/.{4}(?=.)/g, '$& ');

/** What helps where nothing is known. */
const helpBlocks = (standing: TrustStanding): Page => {
  if (standing.kind === 'unpinned') return [{ kind: 'paragraph', line: ['compare the ids of its roots with those who hold them, then: trainlock trust pin'] }];
  return standing.kind === 'none' ? [{ kind: 'paragraph', line: ['a trust file is begun with: trainlock trust new --root NAME'] }] : [];
};

/** How a trust file stands here, and everything that it says. */
export const trustPage = ({ standing, description, pins, waitingVersion }: TrustView): Page => [
  { kind: 'paragraph', line: standingLine(standing) },
  ...helpBlocks(standing),
  ...(description === undefined ? [] : descriptionBlocks(description)),
  { kind: 'rows', rows: pinRows(pins) },
  ...(waitingVersion === undefined
    ? []
    : [{ kind: 'paragraph' as const, line: [open(`version ${waitingVersion} waits for signatures`), faint('  trainlock trust sign --dry-run')] }]),
];

/** One line for how a trust file stands. */
const standingLine = (standing: TrustStanding): Line => {
  switch (standing.kind) {
    case 'accepted':
      return [good('accepted'), `  version ${standing.trust.version} of the trust file counts here until ${standing.trust.expiresAt}`];
    case 'refused':
      return [standing.refusal === 'missing' ? open('unknown') : bad('refused'), `  ${standing.because}`];
    case 'unpinned':
    case 'none':
      return [open('unknown'), `  ${standing.because}`];
    case 'local':
      return [open('unknown'), '  only keys of this user count'];
  }
};

const descriptionBlocks = ({ version, sha256, because, roots, threshold, signers, timeAuthorities, logs, witnesses }: TrustDescription): Page => [
  {
    kind: 'rows',
    rows: [
      ...row('version', `${version}`, faint(`  sha256 ${sha256}`)),
      ...row('counts', because),
      ...rows('roots', [
        [`${threshold} of ${roots.length} must sign`],
        ...roots.map(({ name, keyId, because: why }): Line => [strong(name), `  ${spokenKeyId(keyId)}`, faint(`  ${why}`)]),
      ]),
      ...signers.flatMap(signerRows),
      ...(signers.length === 0 ? row('signers', open('none: nothing that anybody signs counts')) : []),
      ...rows(
        'time',
        timeAuthorities.map((name): Line => [name]),
      ),
      ...rows(
        'logs',
        logs.map((name): Line => [name]),
      ),
      ...rows(
        'witnesses',
        witnesses.map((name): Line => [name]),
      ),
    ],
  },
];

const signerRows = ({ name, person, kind, roles, statementTypes, environments, credentials }: SignerRow): readonly Row[] =>
  rows('signer', [
    [
      strong(name),
      faint(
        `  ${[person === undefined ? kind : `${kind}, ${person}`, `as ${roles.join(', ')}`, ...(environments === undefined ? [] : [`in ${environments.join(', ')}`])].join('; ')}`,
      ),
    ],
    ...statementTypes.map((type): Line => [faint('  signs '), type]),
    ...credentials.map((credential): Line => [
      '  ',
      stateSpan(credential),
      `  ${credential.kind === 'key' ? `${credential.id.slice(0, 16)}…` : credential.id}`,
      faint(`  ${credential.because}`),
    ]),
  ]);

const stateSpan = ({ state }: CredentialRow): Span => (state === 'valid' ? good(state) : state === 'revoked' || state === 'compromised' ? bad(state) : open(state));

const OF = { user: 'of this user', system: 'of this machine', question: 'of this question' } as const;

const pinRows = (pins: readonly PinView[]): readonly Row[] =>
  pins.length === 0
    ? row('pins', open('none'))
    : pins.flatMap(({ of, path, pin }, at) =>
        rows('pinned', [
          [`${OF[of]}, ${pin.threshold} of ${pin.roots.length} roots`, at === 0 ? '' : faint('  not asked: the first pin counts'), faint(`  ${path}`)],
          ...pin.roots.map(({ name, keyId }): Line => ['  ', name, faint(`  ${spokenKeyId(keyId)}`)]),
          ...(pin.lastSeen === undefined ? [] : [[faint(`  version ${pin.lastSeen.version} was seen; older ones are refused`)]]),
        ]),
      );

export type TrustStepView = {
  readonly path: string;
  readonly version?: number;
  readonly kind: 'followed' | 'passed' | 'refused';
  readonly because: string;
  readonly signedBy: readonly string[];
};

export type TrustWalkView = {
  readonly standing: TrustStanding;
  readonly steps: readonly TrustStepView[];
  readonly pin?: PinView;
  readonly waiting?: { readonly version: number; readonly signedBy: readonly string[] };
};

/** The walk from the pinned roots to the newest version. */
export const trustWalkPage = ({ standing, steps, pin, waiting }: TrustWalkView): Page => [
  { kind: 'paragraph', line: standingLine(standing) },
  ...helpBlocks(standing),
  {
    kind: 'rows',
    rows: [
      ...(pin === undefined
        ? row('pinned', open('nothing'))
        : row('pinned', `${pin.pin.threshold} of ${pin.pin.roots.length} roots: ${pin.pin.roots.map(({ name }) => name).join(', ')}`, faint(`  ${pin.path}`))),
      ...steps.flatMap((step) => row(step.version === undefined ? 'version ?' : `version ${step.version}`, ...stepSpans(step))),
      ...(waiting === undefined ? [] : row(`version ${waiting.version}`, open('waits'), `  signed by ${waiting.signedBy.join(', ') || 'nobody'}; it does not count yet`)),
    ],
  },
];

const STEPS = { followed: good, passed: faint, refused: bad } as const;

const stepSpans = ({ kind, because, signedBy, path }: TrustStepView): Line => [
  STEPS[kind](kind),
  `  ${because}`,
  signedBy.length === 0 ? '' : `  (signed by ${signedBy.join(', ')})`,
  faint(`  ${path}`),
];

/** The roots of a trust file, in a form that people compare by voice. */
export const rootsPage = (roots: TrustPin['roots'], threshold: number): Page => [
  { kind: 'paragraph', line: [`${threshold} of ${roots.length} roots must sign:`] },
  { kind: 'list', items: roots.map(({ name, keyId }) => ({ line: [strong(name)], inner: [[spokenKeyId(keyId)]] })) },
];
