import { type Crypto, type Problem, type VerifySignature } from '#base';
import { compareTimes } from './compare-times.ts';
import type { PinnedRoots } from './pinned-roots.ts';
import { readTrust } from './read-trust.ts';
import { pinnedKeys, type RootSet, rootsOf, rootsThatSigned } from './root-signatures.ts';
import type { Trust } from './trust.ts';
import { readTrustEnvelope, type TrustEnvelope } from './trust-envelope.ts';

/** The hash functions and the signature check that the trust rules need. */
export type TrustPorts = { readonly crypto: Crypto; readonly verifySignature: VerifySignature };

/** Why a trust file does not count, as a word for programs. */
export type TrustRefusal = 'missing' | 'malformed' | 'below-threshold' | 'rollback' | 'same-version-other-content' | 'not-linked' | 'expired';

export type AcceptedTrust = { readonly kind: 'accepted'; readonly trust: Trust };
export type RefusedTrust = {
  readonly kind: 'refused';
  readonly refusal: TrustRefusal;
  /** One sentence for people. */
  readonly because: string;
  /** Only for `malformed`: every problem with its place, in the envelope or in its payload. */
  readonly problems?: readonly Problem[];
};

/** Whether a trust file counts. */
export type TrustAnswer = AcceptedTrust | RefusedTrust;

export type TrustOffer = {
  readonly pin: PinnedRoots;
  /** The trust file that was accepted last; its roots decide on the next one. Without it, the pinned roots do. */
  readonly current?: Trust | undefined;
  /** The bytes of a trust.json; hostile. */
  readonly offered: Uint8Array;
  /** The moment that is asked about, RFC 3339 in UTC: now, or a past one. Anything else throws TypeError. */
  readonly now: string;
};

/**
 * Whether an offered trust file counts. It must be signed by enough of the roots that counted so far, and by enough of its own; its
 * version never goes down, and the same version has the same bytes; it must not have expired at the moment that is asked about.
 * Never throws on bad bytes. Source: TUF specification 1.0 §5.3, of which this is the part for roots.
 */
export const acceptTrust = ({ pin, current, offered, now }: TrustOffer, ports: TrustPorts): TrustAnswer => {
  const answer = takeStep({ pin, current, offered }, ports);
  return answer.kind === 'refused' ? answer : (floorRefusal(pin, answer.trust) ?? expiryRefusal(answer.trust, now) ?? answer);
};

/** acceptTrust for one version of many: it may be older than what was seen, and may have expired. */
export const takeStep = ({ pin, current, offered }: Omit<TrustOffer, 'now'>, ports: TrustPorts): TrustAnswer => {
  const envelope = readTrustEnvelope(offered);
  if (envelope.kind === 'rejected') return malformed('the trust file', envelope.problems);
  const reading = readTrust(envelope.value.payload, ports.crypto);
  if (reading.kind === 'rejected') return malformed('the document in the trust file', reading.problems);
  const trust = reading.value;
  const needed: readonly (readonly [string, RootSet])[] = [
    current === undefined ? ['the pinned roots', pinnedKeys(pin, trust)] : [`the roots of version ${current.version}`, rootsOf(current)],
    ['its own roots', rootsOf(trust)],
  ];
  return (
    (current === undefined ? undefined : successionRefusal(current, trust)) ??
    needed.map(([whose, roots]) => signatureRefusal({ trust, envelope: envelope.value, whose, roots }, ports)).find((refusal) => refusal !== undefined) ?? {
      kind: 'accepted',
      trust,
    }
  );
};

const refuse = (refusal: TrustRefusal, because: string): RefusedTrust => ({ kind: 'refused', refusal, because });

const malformed = (what: string, problems: readonly Problem[]): RefusedTrust => {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  return {
    ...refuse('malformed', `${what} cannot be read: ${first === undefined || first.pointer === '' ? '' : `${first.pointer}: `}${first?.message ?? 'unknown'}${more}`),
    problems,
  };
};

/** What the version before does not allow. */
const successionRefusal = (current: Trust, offered: Trust): RefusedTrust | undefined => {
  if (offered.version < current.version) return refuse('rollback', `the trust file has version ${offered.version}, but version ${current.version} was accepted before`);
  if (offered.version === current.version) return sameVersionRefusal(current, offered);
  return offered.version === current.version + 1 ? linkRefusal(current, offered) : undefined;
};

export const sameVersionRefusal = (known: { readonly version: number; readonly sha256: string }, offered: Trust): RefusedTrust | undefined =>
  offered.sha256 === known.sha256
    ? undefined
    : refuse('same-version-other-content', `the trust file has version ${offered.version} like the one that was accepted before, but says something else`);

const linkRefusal = (known: { readonly version: number; readonly sha256: string }, offered: Trust): RefusedTrust | undefined =>
  offered.previousSha256 === undefined || offered.previousSha256 === known.sha256
    ? undefined
    : refuse('not-linked', `version ${offered.version} of the trust file follows another version ${known.version} than the one that was accepted before`);

type Signed = { readonly trust: Trust; readonly envelope: TrustEnvelope; readonly whose: string; readonly roots: RootSet };

const signatureRefusal = ({ trust, envelope, whose, roots }: Signed, { verifySignature }: TrustPorts): RefusedTrust | undefined => {
  const { threshold } = roots;
  const signed = rootsThatSigned(envelope, roots, verifySignature);
  // A threshold that no schema has checked could be zero or no number at all: then nothing is enough.
  if (Number.isSafeInteger(threshold) && threshold >= 1 && signed.size >= threshold) return undefined;
  const broken = envelope.signatures.filter(({ keyId }) => roots.keys.has(keyId) && !signed.has(keyId)).length;
  const wrong = broken === 0 ? '' : `; ${broken === 1 ? 'a signature' : `${broken} signatures`} in their name ${broken === 1 ? 'does' : 'do'} not hold`;
  return refuse('below-threshold', `version ${trust.version} of the trust file is signed by ${signed.size} of ${whose}; ${threshold} must sign${wrong}`);
};

/** What the pin remembers of versions that were seen before. */
export const floorRefusal = ({ minVersion, lastSeen }: PinnedRoots, trust: Trust): RefusedTrust | undefined => {
  const least = Math.max(minVersion ?? 0, lastSeen?.version ?? 0);
  if (!(trust.version >= least)) return refuse('rollback', `the trust file has version ${trust.version}, but version ${least} was seen here before`);
  if (lastSeen === undefined) return undefined;
  if (trust.version === lastSeen.version) return sameVersionRefusal(lastSeen, trust);
  return trust.version === lastSeen.version + 1 ? linkRefusal(lastSeen, trust) : undefined;
};

export const expiryRefusal = (trust: Trust, now: string): RefusedTrust | undefined =>
  compareTimes(now, trust.expiresAt) < 0
    ? undefined
    : refuse('expired', `version ${trust.version} of the trust file expired on ${trust.expiresAt}, and no newer one is here: a newer one may have been held back`);
