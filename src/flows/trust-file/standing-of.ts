import { followTrust, trustStanding, type TrustStanding } from '#trust';
import { rememberSeen } from './remember-seen.ts';
import { configuredPins, type Environment, namedPin, namedTrust, type PinHere, readChain, TRUST_PORTS, type TrustPlaces, trustPlaces } from './trust-places.ts';

export type TrustQuestion = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** A pin file, or a trust file from outside the project, for this question, in place of the pins of the configuration. */
  readonly pin?: string;
  /** The moment that is asked about, RFC 3339. */
  readonly now: string;
  /** Another trust file than that of the project. */
  readonly places?: TrustPlaces;
};

export type StandingHere = {
  readonly standing: TrustStanding;
  /** The pin that counted. */
  readonly pin?: PinHere;
  /** All pins that are here. */
  readonly pins: readonly PinHere[];
};

/** How a trust file stands here; a newer version that is accepted is remembered. Throws TL0002 or TL1201 for a pin file that cannot be used. */
export const standingHere = async ({ projectRoot, workingDirectory, env, pin: named, now, places = trustPlaces(projectRoot) }: TrustQuestion): Promise<StandingHere> => {
  const file = named === undefined ? undefined : await namedTrust(named, workingDirectory, projectRoot);
  const pins = file !== undefined ? [file.pin] : named === undefined ? await configuredPins(env) : [await namedPin(named, workingDirectory, projectRoot)];
  const [pin] = pins;
  const chain = (await readChain(file?.places ?? places)).map(({ bytes }) => bytes);
  const standing = trustStanding({ pin: pin?.pin, chain, now }, TRUST_PORTS);
  if (pin !== undefined && file === undefined && standing.kind === 'accepted') await rememberSeen(pin, standing.trust);
  return { standing, pins, ...(pin === undefined ? {} : { pin }) };
};

export const standingOf = async (question: TrustQuestion): Promise<TrustStanding> => (await standingHere(question)).standing;

/** Before everything that can expire. */
export const BEFORE_EXPIRY = '0001-01-01T00:00:00Z';

/** Whether the chain leads from a pin to its newest version, also if that has expired: roots must be able to renew it. */
export const followToChange = ({ pin }: PinHere, chain: readonly Uint8Array[]): ReturnType<typeof followTrust> => followTrust(pin, chain, BEFORE_EXPIRY, TRUST_PORTS);
