/** Walks from the pinned roots to the newest version of a trust file, and tells each step. */
import { resolve } from 'node:path';
import { TrainlockError } from '#base';
import { acceptTrust, type Trust, type TrustStanding } from '#trust';
import { BEFORE_EXPIRY, standingHere } from './trust-file/standing-of.ts';
import { readVersion } from './trust-file/trust-document.ts';
import { rootsThatHold } from './trust-file/sign-version.ts';
import { type ChainLink, type Environment, type PinHere, placesBeside, readChain, TRUST_PORTS, trustPlaces } from './trust-file/trust-places.ts';
import { type WaitingVersion, waitingVersion } from './trust-file/waiting-version.ts';

export type VerifyTrustRequest = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** A trust file; that of the project if nothing is said. */
  readonly file?: string;
  /** A pin file for this question. */
  readonly pin?: string;
  /** The moment that is asked about, RFC 3339. */
  readonly now: string;
};

export type TrustStep = {
  readonly path: string;
  readonly version?: number;
  readonly sha256?: string;
  /** followed: enough roots of the version before, or of the pin, signed it; passed: older than the pinned roots; refused: the walk ends here. */
  readonly kind: 'followed' | 'passed' | 'refused';
  readonly because: string;
  /** The roots whose signature holds. */
  readonly signedBy: readonly string[];
};

export type VerifiedTrust = {
  readonly standing: TrustStanding;
  readonly pin?: PinHere;
  readonly steps: readonly TrustStep[];
  /** The next version, if one waits for signatures. */
  readonly waiting?: WaitingVersion;
};

/** Throws TL0002 for a file that cannot be read, TL1201 for a pin that cannot be used. */
export const verifyTrust = async ({ file, ...request }: VerifyTrustRequest): Promise<VerifiedTrust> => {
  const places = file === undefined ? trustPlaces(request.projectRoot) : placesBeside(resolve(request.workingDirectory, file));
  const chain = await readChain(places);
  if (file !== undefined && chain.at(-1)?.path !== places.current) throw new TrainlockError('TL0002', 'there is no trust file', { where: file, fix: 'trainlock trust verify' });
  const { standing, pin } = await standingHere({ ...request, places });
  const newest = chain.at(-1);
  const counted = newest?.path === places.current ? readVersion(newest.bytes) : undefined;
  const waiting = await waitingVersion(places, counted?.kind === 'read' ? counted.trust : undefined);
  return { standing, steps: stepsOf(chain, pin), ...(pin === undefined ? {} : { pin }), ...(waiting === undefined ? {} : { waiting }) };
};

/** The walk ends at the first version that does not follow. */
const stepsOf = (chain: readonly ChainLink[], pin: PinHere | undefined): readonly TrustStep[] => {
  const steps: TrustStep[] = [];
  let current: Trust | undefined;
  for (const link of chain) {
    const { step, trust } = stepOf(link, pin, current);
    steps.push(step);
    current = trust ?? current;
    if (step.kind === 'refused') break;
  }
  return steps;
};

const stepOf = ({ path, bytes }: ChainLink, pin: PinHere | undefined, current: Trust | undefined): { readonly step: TrustStep; readonly trust?: Trust } => {
  const version = readVersion(bytes);
  if (version.kind === 'unreadable') return { step: { path, kind: 'refused', because: version.because, signedBy: [] } };
  const signedBy = rootsThatHold(version.envelope, version.trust, current).map(({ name }) => name);
  const about = { path, version: version.trust.version, sha256: version.trust.sha256, signedBy };
  if (pin === undefined) return { step: { ...about, kind: 'passed', because: 'nothing is pinned here from which it could be followed' } };
  // What the pin remembers of versions is asked of the newest alone.
  const { lastSeen: _, ...roots } = pin.pin;
  const answer = acceptTrust({ pin: roots, current, offered: bytes, now: BEFORE_EXPIRY }, TRUST_PORTS);
  if (answer.kind === 'accepted') {
    const because = current === undefined ? 'the pinned roots signed it' : `the roots of version ${current.version} signed it, and its own`;
    return { step: { ...about, kind: 'followed', because }, trust: answer.trust };
  }
  const isOlder = current === undefined && answer.refusal === 'below-threshold';
  return { step: { ...about, kind: isOlder ? 'passed' : 'refused', because: answer.because } };
};
