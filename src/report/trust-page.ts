import { countOf } from '#base';
import { type CredentialRow, mayBeOther, type SignerRow, type TrustDescription, type TrustPin, type TrustStanding } from '#trust';
import { bad, faint, good, type Line, open, type Page, row, rows, type Row, type Span, strong } from './page.ts';

/** A pin, and where it lies. */
export type PinView = { readonly of: 'user' | 'system' | 'question'; readonly path: string; readonly pin: TrustPin };

/** The next version, and how many signatures it still needs. */
type WaitingView = { readonly version: number; readonly signedBy: readonly string[]; readonly missing: number };

export type TrustView = {
  readonly standing: TrustStanding;
  readonly description?: TrustDescription;
  readonly pins: readonly PinView[];
  readonly waiting?: WaitingView;
};

/** The id of a key in groups of four letters, as people compare it by voice. */
const spokenKeyId = (keyId: string): string => keyId.replace(/.{4}(?=.)/g, '$& ');

/** Whether there is nothing yet but a first version that waits. */
const isBegun = (standing: TrustStanding, waiting: WaitingView | undefined): waiting is WaitingView =>
  waiting !== undefined && (standing.kind === 'none' || (standing.kind === 'refused' && standing.refusal === 'missing'));

const waitingText = ({ version, missing }: WaitingView): string => `version ${version} of the trust file waits for ${countOf(missing, 'signature')}`;

/** How the file stands, and what helps where nothing is known. */
const headBlocks = (standing: TrustStanding, waiting: WaitingView | undefined): Page => {
  const said = (...line: Line): Page[number] => ({ kind: 'paragraph', line });
  if (isBegun(standing, waiting)) return [said(open('unknown'), `  ${waitingText(waiting)}, and counts nowhere before: trainlock trust sign`)];
  return [
    said(...standingLine(standing)),
    ...(standing.kind === 'unpinned' ? [said('compare the ids of its roots with those who hold them, then: trainlock trust pin')] : []),
    ...(standing.kind === 'none' ? [said('a trust file is begun with: trainlock trust new --root NAME')] : []),
  ];
};

/** One user has one pin, and perhaps two projects with trust files of their own. */
const otherBlocks = ({ standing, description, pins: [pin] }: TrustView): Page =>
  standing.kind !== 'refused' || description === undefined || pin === undefined || pin.of === 'question' || !mayBeOther(standing, pin.pin, description.roots)
    ? []
    : [
        {
          kind: 'paragraph',
          line: [`there is one pin for each user, and it may be that of another trust file: ${pin.path}; to replace it, compare the ids of the roots, then: trainlock trust pin`],
        },
      ];

/** How a trust file stands here, and everything that it says. */
export const trustPage = (view: TrustView): Page => {
  const { standing, description, pins, waiting } = view;
  return [
    ...headBlocks(standing, waiting),
    ...otherBlocks(view),
    ...(description === undefined ? [] : descriptionBlocks(description)),
    { kind: 'rows', rows: pinRows(pins) },
    ...(waiting === undefined || isBegun(standing, waiting) ? [] : [{ kind: 'paragraph' as const, line: [open(waitingText(waiting)), faint('  trainlock trust sign --dry-run')] }]),
  ];
};

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
  readonly waiting?: WaitingView;
};

/** The walk from the pinned roots to the newest version. */
export const trustWalkPage = ({ standing, steps, pin, waiting }: TrustWalkView): Page => [
  ...headBlocks(standing, waiting),
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
