import { compareBytes, toBase64, toHex } from '#base';
import { preAuthEncoding, type PublicKey } from '#seal';
import { judgeByTimes, localTrust, type ProvenTime, type SignerAnswer } from '#trust';
import { furtherChecks } from './further-statements.ts';
import { findSigner, type Ports, type SignerFinding, type SignerIdentity } from './find-signer.ts';
import { identifySigner } from './identify-signer.ts';
import type { SealEvidence } from './seal-evidence.ts';
import { type ClaimedTimes, provenTimes, signatureTimes, timeCheck } from './signature-times.ts';
import type { Check, CheckName } from './verdict.ts';

const check = (name: CheckName, outcome: Check['outcome'], because: string, about?: string): Check => ({ name, outcome, because, ...(about === undefined ? {} : { about }) });

/**
 * Is the statement signed, and with a key that counts here? Every bundle is looked at: a broken one is broken even if another is
 * good, and one good signature with a key that counts is enough.
 */
export const sealChecks = (sealed: SealedRecord, evidence: SealEvidence | undefined, ports: Ports): readonly Check[] => {
  const { statement, predicateType, asksTime, witnessed } = sealed;
  if (statement === undefined || predicateType === undefined || evidence === undefined || evidence.bundles.length === 0) {
    return [
      check('signature', 'unknown', 'the record is not signed'),
      check('trust', 'unknown', 'without a signature nothing says whose record it is'),
      ...(asksTime ? [check('time', 'unknown', 'there is no signature that could be dated')] : []),
    ];
  }
  const keys = keysOf(evidence);
  const found = evidence.bundles.map(({ name, bytes, isFurther }) => ({
    name,
    bytes,
    isFurther,
    finding: identifySigner(findSigner(bytes, keys, ports), evidence.trustedRoot, ports),
  }));
  const isOver = ({ finding }: (typeof found)[number]): boolean => finding.kind !== 'refused' && compareBytes(finding.payload, statement) === 0;
  // What lies in place of the signature must be over the statement; what lies beside it may be over another one.
  const further = found.filter((one) => one.isFurther && !isOver(one));
  const over = found.filter((one) => !further.includes(one)).map((one) => ({ ...one, finding: isOver(one) || one.finding.kind === 'refused' ? one.finding : OTHER_BYTES }));
  const signed = over.flatMap(({ finding, bytes }): readonly Signed[] => {
    if (finding.kind !== 'signed' && finding.kind !== 'identified') return [];
    const dated = signatureTimes(finding.bundle, evidence, ports);
    const digest = toHex(ports.crypto.sha256(bytes));
    const seen = witnessed.filter(({ bundleSha256 }) => bundleSha256 === digest);
    if (finding.kind === 'identified') return [{ by: { kind: 'identity', ...finding.identity }, dated, times: [...finding.times, ...seen] }];
    return [{ by: { kind: 'key', key: finding.key }, dated, times: [...provenTimes(dated), ...seen] }];
  });
  const answers = signed.map((one) => ({ one, answer: trustCheck({ ...one, predicateType }, evidence) }));
  const counted = answers.filter(({ answer }) => answer.outcome === 'held');
  return [
    ...over.map(({ name, bytes, finding }) => {
      const one = signatureCheck(finding, over.length > 1 ? name : undefined);
      // One signature that could be checked is enough: a further one, of somebody who is not known here, takes nothing away.
      return { ...one, outcome: signed.length > 0 && one.outcome === 'unknown' ? ('not-asked' as const) : one.outcome, inputs: inputsOf(bytes, finding, ports) };
    }),
    ...trustChecks(answers.map(({ answer }) => answer)),
    ...(asksTime
      ? [
          timeCheck(
            // A time of somebody else's signature says nothing of the one that counts.
            (counted.length > 0 ? counted : answers).flatMap(({ one }) => one.dated),
            sealed.claimed,
          ),
        ]
      : []),
    ...furtherChecks(statement, further, ports),
  ];
};

const OTHER_BYTES: SignerFinding = { kind: 'refused', because: 'the bundle signs other bytes than those of the statement' };

/** What is asked about signatures. */
export type SealedRecord = {
  /** The bytes of the statement; undefined where they could not be read. */
  readonly statement: Uint8Array | undefined;
  /** What the statement says it is: the right to sign it is asked for this type. */
  readonly predicateType: string | undefined;
  /** Whether an authority must have dated the signature, and the times of the record agree with it. */
  readonly asksTime: boolean;
  readonly claimed: ClaimedTimes;
  /** When witnesses saw a bundle in a log, by its digest: the record alone does not say when it was signed. */
  readonly witnessed: readonly (ProvenTime & { readonly bundleSha256: string })[];
};

type Signed = { readonly by: By; readonly dated: ReturnType<typeof signatureTimes>; readonly times: readonly ProvenTime[] };

type Asked = Signed & { readonly predicateType: string };

type By = { readonly kind: 'key'; readonly key: PublicKey } | ({ readonly kind: 'identity' } & SignerIdentity);

/** Keys in the order in which they are tried; the one beside the record last. */
const keysOf = ({ named, local, trust, beside }: SealEvidence): readonly PublicKey[] => [
  ...named,
  ...local.map(({ key }) => key),
  ...(trust.kind === 'accepted' ? trust.trust.signers.flatMap((signer) => signer.keys.map(({ key }) => key)) : []),
  ...(beside === undefined ? [] : [beside]),
];

/** What a person needs to check a signature with other tools. */
const inputsOf = (bytes: Uint8Array, finding: SignerFinding, { crypto }: Ports): NonNullable<Check['inputs']> => {
  if (finding.kind === 'refused') return [['bundle sha256', toHex(crypto.sha256(bytes))]];
  const { content, signer, timestamps } = finding.bundle;
  const signedBytes = content.kind === 'dsse' ? preAuthEncoding(content.payloadType, content.payload) : finding.payload;
  return [
    ['bundle sha256', toHex(crypto.sha256(bytes))],
    ['payload sha256', toHex(crypto.sha256(finding.payload))],
    ['signed bytes (PAE) sha256', toHex(crypto.sha256(signedBytes))],
    ['signature', toBase64(content.signature)],
    ...(signer.kind === 'key' && signer.hint !== undefined ? [['hint', signer.hint] as const] : []),
    ...(signer.kind === 'certificate' ? [['certificate sha256', toHex(crypto.sha256(signer.certificates[0]!))] as const] : []),
    ...(finding.kind === 'signed' ? [['key', `${finding.key.keyId} (${finding.key.algorithm})`] as const] : []),
    ...timestamps.map((token): readonly [string, string] => ['time token sha256', toHex(crypto.sha256(token))]),
  ];
};

const signatureCheck = (finding: SignerFinding, about: string | undefined): Check => {
  switch (finding.kind) {
    case 'signed':
      return check('signature', 'held', `by the key ${short(finding.key)} over these bytes`, about);
    case 'stranger':
      return check('signature', 'unknown', finding.because, about);
    case 'identified':
      return check('signature', 'held', `by ${finding.identity.subject} over these bytes, with a certificate that counted when it signed`, about);
    case 'certified':
      return check('signature', 'unknown', 'it was signed with a certificate, and no trust root for certificates is at hand', about);
    case 'refused':
      return check('signature', 'broken', finding.because, about);
  }
};

const short = (key: PublicKey): string => `${key.keyId.slice(0, 12)}…`;

const trustChecks = (answers: readonly Check[]): readonly Check[] => {
  if (answers.length === 0) return [check('trust', 'unknown', 'no signature could be checked')];
  const held = answers.find(({ outcome }) => outcome === 'held');
  return held === undefined ? answers : [held];
};

/** The person's own word first, then the trust file where it knows the key, then the keys of this user. */
const trustCheck = (signed: Asked, evidence: SealEvidence): Check => ({
  ...trustAnswer(signed, evidence),
  inputs: [
    signed.by.kind === 'key' ? ['key', signed.by.key.keyId] : ['identity', `${signed.by.subject} (vouched for by ${signed.by.issuer})`],
    ['statement type', signed.predicateType],
    ['trust file', evidence.trust.kind === 'accepted' ? `version ${evidence.trust.trust.version}, sha256 ${evidence.trust.trust.sha256}` : evidence.trust.kind],
    ['proven times', signed.times.map(({ kind, at }) => `${at} (${kind})`).join(', ') || 'none'],
  ],
});

const trustAnswer = ({ by, times, predicateType }: Asked, evidence: SealEvidence): Check => {
  if (by.kind === 'identity') return identityAnswer(by, { times, predicateType }, evidence);
  const { key } = by;
  const { named, local, trust, identities = [] } = evidence;
  if (named.some(({ keyId }) => keyId === key.keyId)) return check('trust', 'held', `the key ${short(key)} is the one that you named`);
  // Who names a signer asks about that one, and not about everybody who counts here.
  if (named.length > 0) return check('trust', 'unknown', `the key ${short(key)} signed it, and is none of those that you named`);
  if (identities.length > 0) return check('trust', 'unknown', `the key ${short(key)} signed it, and not the identity that you named`);
  const question = { by: { kind: 'key', keyId: key.keyId }, statementType: predicateType, role: 'signer' } as const;
  if (trust.kind === 'accepted' && trust.trust.keys.has(key.keyId)) return checkOf(judgeByTimes({ ...question, trust }, times));
  // Roots are pinned, and their trust file is not here as it should be: it may be the one that revokes the key.
  if (trust.kind === 'refused') return check('trust', 'unknown', `whose keys count is not known: ${trust.because}`);
  if (local.some(({ keyId }) => keyId === key.keyId)) return checkOf(judgeByTimes({ ...question, trust: localTrust(local) }, times));
  return check('trust', 'unknown', `nothing here says that the key ${short(key)} counts: ${reasonOf(trust)}`);
};

/** An identity counts by the person's own word, or by the trust file; never by itself, whoever has certified it. */
const identityAnswer = (
  { issuer, subject }: SignerIdentity,
  { times, predicateType }: Pick<Asked, 'times' | 'predicateType'>,
  { identities = [], named, trust }: SealEvidence,
): Check => {
  if (identities.some((named) => named.issuer === issuer && named.subject === subject))
    return check('trust', 'held', `the identity ${subject} (vouched for by ${issuer}) is the one that you named`);
  if (identities.length > 0) return check('trust', 'broken', `the identity ${subject} (vouched for by ${issuer}) is not the one that you named`);
  if (named.length > 0) return check('trust', 'unknown', `the identity ${subject} (vouched for by ${issuer}) signed it, and not the key that you named`);
  if (trust.kind === 'accepted') return checkOf(judgeByTimes({ by: { kind: 'identity', issuer, subject }, statementType: predicateType, role: 'signer', trust }, times));
  return check('trust', 'unknown', `nothing here says that the identity ${subject} (vouched for by ${issuer}) counts: ${reasonOf(trust)}`);
};

/** A signature that cannot be dated, or that counts for some environments while none was asked about, is not proven to be worthless: that it does not count is all that is known. */
const checkOf = (answer: SignerAnswer): Check => {
  switch (answer.kind) {
    case 'trusted':
      return check('trust', 'held', answer.because);
    case 'refused':
      return check('trust', answer.refusal === 'undatable' || answer.refusal === 'no-environment' ? 'unknown' : 'broken', answer.because);
    case 'unknown':
      return check('trust', 'unknown', answer.because);
  }
};

const reasonOf = (trust: SealEvidence['trust']): string => {
  switch (trust.kind) {
    case 'accepted':
      return `version ${trust.trust.version} of the trust file does not name it`;
    case 'local':
      return 'it is none of this user';
    case 'refused':
    case 'unpinned':
    case 'none':
      return trust.because;
  }
};
