import { escapeControl } from '#base';
import { mayBeSigned } from './may-be-signed.ts';
import type { Role } from './generated/trust-types.ts';
import { identityName } from './identity-name.ts';
import { isUnbounded, stateOf } from './state-of.ts';
import { isTime } from './compare-times.ts';
import type { Bounds, Trust, TrustedIdentity, TrustedSigner } from './trust.ts';
import type { LocalKey, TrustStanding } from './trust-standing.ts';

/** What a signature was checked with. */
export type SignedBy = { readonly kind: 'key'; readonly keyId: string } | ({ readonly kind: 'identity' } & Pick<TrustedIdentity, 'issuer' | 'subject'>);

/** The best proof of when a signature existed: it existed at `at` (RFC 3339 in UTC) or before. What the signer says of the time is none. */
export type TrustedTime = ProvenTime | { readonly kind: 'none' };
export type ProvenTime = { readonly kind: 'authority' | 'witness'; readonly at: string };

export type SignerQuestion = {
  readonly trust: TrustStanding;
  readonly by: SignedBy;
  /** Predicate type of the statement, exactly. */
  readonly statementType: string;
  /** Environment that the statement is for. */
  readonly environment?: string | undefined;
  /** Role in which it was signed. */
  readonly role?: Role | undefined;
  readonly time: TrustedTime;
};

/** Why a signature does not count, as a word for programs. */
export type SignerRefusal =
  | 'unknown-key'
  | 'wrong-role'
  | 'wrong-type'
  | 'wrong-environment'
  | 'no-environment'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked'
  | 'undatable'
  | 'compromised';

/** Whether a signature counts; `because` is one sentence for people, without control characters. */
export type SignerAnswer =
  | {
      readonly kind: 'trusted';
      /** listed: a trust file names it; self: a key of this user on this machine, which attests its own runs. */
      readonly by: 'listed' | 'self';
      readonly signer: Pick<TrustedSigner, 'name' | 'person' | 'kind'>;
      readonly roles: readonly Role[];
      readonly because: string;
    }
  | { readonly kind: 'refused'; readonly refusal: SignerRefusal; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * Whether a signature that holds also counts: whether its key or identity may sign this type of statement, in this role, for this
 * environment, and did at a time that is proven. Where a key has a beginning, an end or a revocation, a time that nobody proves is
 * refused: otherwise who leaves the proof away would get more than who shows it. Never throws.
 */
export const judgeSigner = (question: SignerQuestion): SignerAnswer => {
  const { trust: standing } = question;
  switch (standing.kind) {
    case 'accepted':
      return judgeListed(question, standing.trust);
    case 'local':
      return judgeLocal(question, standing.keys);
    case 'refused':
    case 'unpinned':
    case 'none':
      return { kind: 'unknown', because: oneLine(`whose signatures count is not known here: ${standing.because}`) };
  }
};

const refuse = (refusal: SignerRefusal, because: string): SignerAnswer => ({ kind: 'refused', refusal, because: oneLine(because) });

/** Names and reasons come from documents that others wrote. */
const oneLine = (text: string): string => escapeControl(text);

const judgeListed = (question: SignerQuestion, trust: Trust): SignerAnswer => {
  const { by, statementType, environment, role, time } = question;
  const place = `version ${trust.version} of the trust file`;
  const found = by.kind === 'key' ? trust.keys.get(by.keyId) : trust.identities.get(identityName(by));
  if (found === undefined) return refuse('unknown-key', `${shown(by)} is not in ${place}`);
  const { signer, bounds } = found;
  const who = `${shown(by)} of ${signer.name}`;
  if (!mayBeSigned(signer.statementTypes, statementType)) return refuse('wrong-type', `${who} may not sign ${statementType}: ${place} allows ${signer.statementTypes.join(', ')}`);
  if (role !== undefined && !signer.roles.includes(role)) return refuse('wrong-role', `${who} does not have the role ${role}: ${place} gives ${signer.roles.join(', ')}`);
  const elsewhere = environmentProblem(signer, environment);
  if (elsewhere !== undefined) return refuse(environment === undefined ? 'no-environment' : 'wrong-environment', `${who} ${elsewhere}, says ${place}`);
  const dated = judgeTime(who, bounds, time);
  if (dated.kind === 'refused') return dated;
  const { name, person, kind, roles } = signer;
  const [asRole, inPlace] = [role === undefined ? '' : ` as ${role}`, environment === undefined ? '' : ` for ${environment}`];
  return {
    kind: 'trusted',
    by: 'listed',
    signer: { name, kind, ...(person === undefined ? {} : { person }) },
    roles,
    because: oneLine(`${who} may sign ${statementType}${asRole}${inPlace} by ${place}; ${dated.because}`),
  };
};

const judgeLocal = ({ by, statementType, environment, role, time }: SignerQuestion, keys: readonly LocalKey[]): SignerAnswer => {
  const found = by.kind === 'key' ? keys.find(({ keyId }) => keyId === by.keyId) : undefined;
  if (found === undefined) return refuse('unknown-key', `${shown(by)} is none of this user's, and there is no trust file`);
  const who = `${shown(by)} (${found.name})`;
  if (!mayBeSigned(found.statementTypes, statementType))
    return refuse('wrong-type', `${who} counts without a trust file only for ${found.statementTypes.join(', ')}, not for ${statementType}`);
  if (role !== undefined && role !== 'signer') return refuse('wrong-role', `${who} has the role signer without a trust file, not ${role}`);
  if (environment !== undefined) return refuse('wrong-environment', `${who} counts for no environment without a trust file, and so not for ${environment}`);
  const dated = judgeTime(who, found.revoked === undefined ? {} : { revoked: found.revoked }, time);
  if (dated.kind === 'refused') return dated;
  return {
    kind: 'trusted',
    by: 'self',
    signer: { name: found.name, kind: 'machine' },
    roles: ['signer'],
    because: oneLine(`${who} is a key of this user: the record is self-attested; ${dated.because}`),
  };
};

const shown = (by: SignedBy): string => (by.kind === 'key' ? `the key ${by.keyId.slice(0, 12)}…` : `the identity ${by.subject} (vouched for by ${by.issuer})`);

/** A signer that is limited to environments is not trusted in general: where none is asked about, the limit cannot be checked. */
const environmentProblem = ({ environments }: TrustedSigner, environment: string | undefined): string | undefined => {
  if (environments === undefined || (environment !== undefined && environments.includes(environment))) return undefined;
  const only = `counts only for ${environments.join(', ')}`;
  return environment === undefined ? `${only}, and the question names no environment` : `${only}, not for ${environment}`;
};

type Dated = { readonly kind: 'dated'; readonly because: string } | Extract<SignerAnswer, { readonly kind: 'refused' }>;

const judgeTime = (who: string, bounds: Bounds, time: TrustedTime): Dated => {
  // A time that cannot be read proves nothing.
  const at = time.kind !== 'none' && isTime(time.at) ? time.at : undefined;
  const witness = time.kind === 'witness' ? 'a witness' : 'a time authority';
  if (isUnbounded(bounds)) {
    return {
      kind: 'dated',
      because: at === undefined ? 'nothing limits when it counts, and nobody but the signer says when it signed' : `${witness} proves that the signature existed on ${at}`,
    };
  }
  if (at === undefined) {
    return refused('undatable', `${who} ${limitsOf(bounds)}, and no time authority or witness dates the signature: what the signer says of the time does not count`);
  }
  const { validFrom, validUntil, revoked } = bounds;
  switch (stateOf(bounds, at)) {
    case 'valid':
      return { kind: 'dated', because: `${witness} proves that the signature existed on ${at}, when it counted` };
    case 'not-yet-valid':
      return refused('not-yet-valid', `${who} counts from ${validFrom} on, but ${witness} saw the signature on ${at} already`);
    case 'expired':
      return refused('expired', `${who} counted until ${validUntil}, but the signature is only proven to have existed on ${at}`);
    case 'revoked':
      return refused('revoked', `${who} was revoked on ${revoked?.at} (${revoked?.reason}), and the signature is only proven to have existed on ${at}, not before`);
    case 'compromised':
      return refused(
        'compromised',
        `${who} may have been used by others since ${revoked?.compromisedSince} (${revoked?.reason}), and the signature is only proven to have existed on ${at}, not before`,
      );
  }
};

const refused = (refusal: SignerRefusal, because: string): Dated => ({ kind: 'refused', refusal, because: oneLine(because) });

const limitsOf = ({ validFrom, validUntil, revoked }: Bounds): string =>
  [
    ...(validFrom === undefined ? [] : [`counts from ${validFrom} on`]),
    ...(validUntil === undefined ? [] : [`counts until ${validUntil}`]),
    ...(revoked === undefined ? [] : [`was revoked on ${revoked.at} (${revoked.reason})`]),
  ].join(', ');
