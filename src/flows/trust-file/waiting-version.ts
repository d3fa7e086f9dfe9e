import type { Trust } from '#trust';
import { rootsThatHold } from './sign-version.ts';
import { readVersion } from './trust-document.ts';
import { readWaiting, type TrustPlaces } from './trust-places.ts';

/** The next version, while fewer than enough roots have signed it. */
export type WaitingVersion = {
  readonly version: number;
  readonly sha256: string;
  readonly signedBy: readonly string[];
  /** How many roots must still sign, at least. */
  readonly missing: number;
};

/** The version that waits for signatures, on top of the one that counts; undefined where none does, or it cannot be read. */
export const waitingVersion = async (places: TrustPlaces, current: Trust | undefined): Promise<WaitingVersion | undefined> => {
  const bytes = await readWaiting(places);
  const next = bytes === undefined ? undefined : readVersion(bytes);
  // It counts already where whoever put it in place was ended before the last step.
  if (next?.kind !== 'read' || next.trust.sha256 === current?.sha256) return undefined;
  const { envelope, trust } = next;
  const signed = rootsThatHold(envelope, trust, current);
  const missingOf = ({ threshold, roots }: Trust): number => threshold - roots.filter(({ key }) => signed.some(({ keyId }) => keyId === key.keyId)).length;
  const missing = Math.max(0, missingOf(trust), current === undefined ? 0 : missingOf(current));
  return { version: trust.version, sha256: trust.sha256, signedBy: signed.map(({ name }) => name), missing };
};
