/** Pins the roots of a trust file outside the repository: from then on it counts here, and only what its roots sign. */
import { dirname, resolve } from 'node:path';
import { compareBytes, countOf, TrainlockError } from '#base';
import { makeFolder, notWritable, readBoundedIfThere, writeAtomic } from '#files';
import { acceptTrust, pinOf, type Trust, type TrustPin, writeTrustPin } from '#trust';
import { BEFORE_EXPIRY, followToChange } from './trust-file/standing-of.ts';
import { readVersion } from './trust-file/trust-document.ts';
import { configuredPins, type Environment, type PinHere, pinPaths, placesBeside, readChain, TRUST_PORTS, type TrustPlaces, trustPlaces } from './trust-file/trust-places.ts';
import { waitingVersion } from './trust-file/waiting-version.ts';

export type PinRequest = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** A trust file; that of the project if nothing is said. */
  readonly file?: string;
  /** For everybody on this machine, in place of this user. */
  readonly system: boolean;
};

/**
 * What pinning would do. new: nothing is pinned there; same: these roots are; raised: the pinned roots have led to this version;
 * replaced: other roots are pinned, or a newer version of these was seen.
 */
export type PinPlan = {
  readonly kind: 'new' | 'same' | 'raised' | 'replaced';
  /** The trust file. */
  readonly file: string;
  /** Where the pin stands. */
  readonly path: string;
  readonly trust: Trust;
  readonly pin: TrustPin;
  /** What is pinned there now. */
  readonly before?: TrustPin;
  /** Whether the file has expired by now: then its roots are pinned, and it counts only when they have renewed it. */
  readonly isExpired: boolean;
};

/** Looks and writes nothing. Throws TL0002 if there is no trust file, TL1201 if it cannot be read or its own roots have not signed it, TL1102 without a home. */
export const planPin = async ({ projectRoot, workingDirectory, env, file: named, system }: PinRequest): Promise<PinPlan> => {
  const places = trustPlaces(projectRoot);
  const file = named === undefined ? places.current : resolve(workingDirectory, named);
  const bytes = await readBoundedIfThere(file, 2 * 1024 * 1024);
  if (bytes === undefined) throw await noFile(file, placesBeside(file));
  const trust = trustIn(bytes, file);
  const path = placeOf(env, system);
  const found = await pinThere(env, system);
  const pin = pinOf(trust, found?.pin.name);
  const chain = file === places.current ? (await readChain(places)).map((link) => link.bytes) : [bytes];
  return {
    kind: kindOf(found, pin, trust, chain),
    file,
    path,
    trust,
    pin,
    ...(found === undefined ? {} : { before: found.pin }),
    isExpired: new Date().toISOString() >= trust.expiresAt,
  };
};

/** A first version that waits for signatures is no file yet, and nobody begins another one then. */
const noFile = async (file: string, places: TrustPlaces): Promise<TrainlockError> => {
  const waiting = await waitingVersion(places, undefined);
  return waiting === undefined
    ? new TrainlockError('TL0002', 'there is no trust file', { where: file, fix: 'trainlock trust new --root NAME' })
    : new TrainlockError('TL0002', `version ${waiting.version} of the trust file waits for ${countOf(waiting.missing, 'signature')}: before that there is nothing to pin`, {
        where: places.waiting,
        notes: [`signed by ${waiting.signedBy.join(', ') || 'nobody'}`],
        fix: 'trainlock trust sign   # as another of its roots',
      });
};

/** Writes the pin. Throws TL0003 if it cannot be written. */
export const writePin = async ({ path, pin }: PinPlan): Promise<void> => {
  try {
    await makeFolder(dirname(path), path.startsWith('/etc/') ? 0o755 : 0o700);
    await writeAtomic(path, writeTrustPin(pin), 0o644);
  } catch (error) {
    const failure = notWritable(path, error);
    throw new TrainlockError('TL0003', failure.message, {
      where: path,
      notes: failure.notes,
      fix: path.startsWith('/etc/') ? 'sudo trainlock trust pin --system' : 'keep the configuration in a folder that can be written: export XDG_CONFIG_HOME=FOLDER',
      cause: error,
    });
  }
};

const trustIn = (bytes: Uint8Array, file: string): Trust => {
  const version = readVersion(bytes);
  if (version.kind === 'unreadable') throw new TrainlockError('TL1201', `the trust file cannot be read: ${version.because}`, { where: file, fix: 'trainlock trust verify FILE' });
  const answer = acceptTrust({ pin: { ...pinOf(version.trust) }, offered: bytes, now: BEFORE_EXPIRY }, TRUST_PORTS);
  if (answer.kind === 'accepted') return answer.trust;
  throw new TrainlockError('TL1201', answer.because, {
    where: file,
    notes: ['what its own roots have not signed is pinned by nobody'],
    fix: 'ask the roots to sign it: trainlock trust sign',
  });
};

const placeOf = (env: Environment, system: boolean): string => {
  const places = pinPaths(env);
  if (system) return places.system;
  if (places.user !== undefined) return places.user;
  throw new TrainlockError('TL1102', 'there is no place for the pins of this user', {
    notes: ['neither XDG_CONFIG_HOME nor HOME is an absolute path, and the system knows no home of this user'],
    fix: 'name a folder that is kept: export XDG_CONFIG_HOME=FOLDER, or pin for the machine: trainlock trust pin --system',
  });
};

const pinThere = async (env: Environment, system: boolean): Promise<PinHere | undefined> => {
  const of = system ? 'system' : 'user';
  return (await configuredPins(env)).find((pin) => pin.of === of);
};

const kindOf = (found: PinHere | undefined, pin: TrustPin, trust: Trust, chain: readonly Uint8Array[]): PinPlan['kind'] => {
  if (found === undefined) return 'new';
  if (compareBytes(writeTrustPin(found.pin), writeTrustPin(pin)) === 0) return 'same';
  const answer = followToChange(found, chain);
  return answer.kind === 'accepted' && answer.trust.sha256 === trust.sha256 ? 'raised' : 'replaced';
};
