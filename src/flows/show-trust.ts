/** What a trust file says, how it stands here, and whether one key counts for one purpose. */
import { isAbsolute, resolve } from 'node:path';
import { nearest, TrainlockError } from '#base';
import { readBoundedIfThere } from '#files';
import { kindOfPredicate, PREDICATE_TYPES } from '#statements';
import { describeTrust, judgeSigner, localTrust, type Role, type SignerAnswer, type TrustDescription, type TrustedTime, type TrustStanding } from '#trust';
import { localKeys } from './trust-file/local-keys.ts';
import { publicKeyAt } from './trust-file/public-key-at.ts';
import { standingHere } from './trust-file/standing-of.ts';
import { readVersion } from './trust-file/trust-document.ts';
import { type Environment, MAX_TRUST, type PinHere, trustPlaces } from './trust-file/trust-places.ts';
import { type WaitingVersion, waitingVersion } from './trust-file/waiting-version.ts';

export type ShowTrustRequest = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** A pin file for this question. */
  readonly pin?: string;
  /** The moment that is asked about, RFC 3339; now if nothing is said. */
  readonly at?: string;
};

export type ShownTrust = {
  readonly standing: TrustStanding;
  /** What the file says, whether it counts or not; absent if there is none, or it cannot be read. */
  readonly description?: TrustDescription;
  readonly pins: readonly PinHere[];
  /** The next version, if one waits for signatures. */
  readonly waiting?: WaitingVersion;
};

/** Throws TL0002 or TL1201 for a pin that cannot be used. */
export const showTrust = async ({ at, ...request }: ShowTrustRequest): Promise<ShownTrust> => {
  const now = at ?? new Date().toISOString();
  const { standing, pin, pins } = await standingHere({ ...request, now });
  const places = trustPlaces(request.projectRoot);
  const bytes = await readBoundedIfThere(places.current, MAX_TRUST);
  const version = bytes === undefined ? undefined : readVersion(bytes);
  const waiting = await waitingVersion(places, version?.kind === 'read' ? version.trust : undefined);
  return {
    standing,
    pins,
    ...(version?.kind === 'read' ? { description: describeTrust(version.trust, pin?.pin, now) } : {}),
    ...(waiting === undefined ? {} : { waiting }),
  };
};

export type JudgeRequest = ShowTrustRequest & {
  /** Id of a key, or the first letters of it, or the file of a public key. */
  readonly key: string;
  /** Predicate type, or the word for one. */
  readonly type?: string;
  readonly environment?: string;
  readonly role?: Role;
};

export type JudgedKey = {
  readonly keyId: string;
  readonly statementType: string;
  readonly answer: SignerAnswer;
};

/**
 * Whether a key counts, as a signature would be judged: with `at` for one that is proven to have existed then, without it for one that
 * nobody has dated. Throws TL0001 for a type or key id that is none, TL1102 for a file that holds no key.
 */
export const judgeKey = async (request: JudgeRequest): Promise<JudgedKey> => {
  const { env, workingDirectory, key, environment, role, at } = request;
  const { standing } = await standingHere({ ...request, now: new Date().toISOString() });
  const local = await localKeys(env);
  const listed = standing.kind === 'accepted' ? [...standing.trust.keys.keys()] : [];
  const keyId = await keyIdOf(key, workingDirectory, [...listed, ...local.map((one) => one.keyId)]);
  const statementType = statementTypeOf(request.type ?? PREDICATE_TYPES['training-run']);
  const time: TrustedTime = at === undefined ? { kind: 'none' } : { kind: 'authority', at };
  // As verify does it: the trust file where it knows the key, then the keys of this user, unless pinned roots miss their trust file.
  const isOwn = standing.kind !== 'refused' && !listed.includes(keyId) && local.some((one) => one.keyId === keyId);
  const answer = judgeSigner({ trust: isOwn ? localTrust(local) : standing, by: { kind: 'key', keyId }, statementType, environment, role, time });
  return { keyId, statementType, answer };
};

const keyIdOf = async (text: string, workingDirectory: string, known: readonly string[]): Promise<string> => {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  if (/[./]/.test(text) || isAbsolute(text)) return (await publicKeyAt(resolve(workingDirectory, text))).keyId;
  const found = /^[0-9a-f]{8,63}$/.test(text) ? [...new Set(known)].filter((id) => id.startsWith(text)) : [];
  if (found.length === 1) return found[0]!;
  throw new TrainlockError('TL0001', found.length === 0 ? `no key that is known here has the id ${text.slice(0, 64)}` : `more than one key has an id that begins with ${text}`, {
    notes: ['a key is named by its id, by at least 8 letters of it, or by a file with a dot or slash in its path'],
    fix: 'trainlock trust show --key ./key.pub',
  });
};

/** A predicate type: the word for one that trainlock knows, or a URI. Throws TL0001 for anything else. */
export const statementTypeOf = (text: string): string => {
  const kinds = Object.keys(PREDICATE_TYPES) as (keyof typeof PREDICATE_TYPES)[];
  const known = kinds.find((kind) => kind === text);
  if (known !== undefined) return PREDICATE_TYPES[known];
  const named = kindOfPredicate(text);
  if (named !== undefined) return PREDICATE_TYPES[named];
  if (/^[a-z][a-z0-9+.-]*:[!-~]+$/.test(text)) return text;
  const near = nearest(text, kinds);
  throw new TrainlockError('TL0001', `${text.slice(0, 60)} is no type of statement`, {
    notes: [...(near === undefined ? [] : [`did you mean ${near}?`]), `known: ${kinds.join(', ')}; or the URI of a predicate type`],
    fix: `--type ${near ?? 'training-run'}`,
  });
};
