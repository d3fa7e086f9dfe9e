import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compareBytes, shellWord, TrainlockError } from '#base';
import { makeFolder, nodeCrypto, notWritable, readBounded, readBoundedIfThere, syncFolder, writeAtomic, writeOnce } from '#files';
import { nodeVerifySignature, type Signer, signTrust } from '#keys';
import { signatureProblem } from '#seal';
import { acceptTrust, addTrustSignature, pinOf, type Trust, trustBytesToSign, type TrustEnvelope, writeTrustEnvelope } from '#trust';
import { rememberSeen } from './remember-seen.ts';
import { BEFORE_EXPIRY } from './standing-of.ts';
import { readVersion } from './trust-document.ts';
import type { TrustToChange } from './trust-here.ts';
import { configuredPins, type Environment, olderPath, TRUST_PORTS, type TrustPlaces } from './trust-places.ts';

/** A version, and what became of it. */
export type SignedVersion = {
  /** installed: enough roots have signed, and it counts; waiting: it lies beside the one that counts until they have. */
  readonly kind: 'installed' | 'waiting';
  readonly path: string;
  /** The roots whose signature holds. */
  readonly signedBy: readonly { readonly name: string; readonly keyId: string }[];
  /** Why it does not count yet. */
  readonly because?: string;
};

export type VersionToSign = { readonly envelope: TrustEnvelope; readonly trust: Trust; readonly current: TrustToChange['current'] };

/**
 * Adds signatures of roots to a version and puts it where it belongs. As soon as enough of the old and of the new roots have signed,
 * the version before is kept, and then the new one takes its place in one step: at every moment the file is one of the two, whole.
 * Throws TL1102 for a key that is no root, TL1104, TL0003.
 */
export const signVersion = async (version: VersionToSign, signers: readonly Signer[], places: TrustPlaces, env: Environment): Promise<SignedVersion> => {
  const { trust, current } = version;
  let { envelope } = version;
  for (const signer of signers) {
    const reading = addTrustSignature(envelope, await signTrust(signer, envelope, current?.trust, nodeCrypto));
    if (reading.kind === 'rejected') throw new TrainlockError('TL1201', reading.problems[0]?.message ?? 'no signature can be added', { where: places.waiting });
    envelope = reading.value;
  }
  const bytes = writeTrustEnvelope(envelope);
  const answer = acceptTrust({ pin: current === undefined ? pinOf(trust) : pinOf(current.trust), current: current?.trust, offered: bytes, now: BEFORE_EXPIRY }, TRUST_PORTS);
  const signedBy = rootsThatHold(envelope, trust, current?.trust);
  if (answer.kind === 'refused') {
    if (answer.refusal !== 'below-threshold') throw new TrainlockError('TL1201', answer.because, { where: places.waiting, fix: 'trainlock trust verify' });
    await written(places.waiting, () => writeAtomic(places.waiting, bytes, 0o644));
    // Of the first version nothing is pinned yet.
    const because = current === undefined ? answer.because.replace('the pinned roots', 'its own roots') : answer.because;
    return { kind: 'waiting', path: places.waiting, signedBy, because };
  }
  await install(bytes, current, places);
  const [pin] = await configuredPins(env).catch(() => []);
  if (pin !== undefined && current !== undefined) await rememberSeen(pin, trust);
  return { kind: 'installed', path: places.current, signedBy };
};

/** The roots, of the version itself and of the one before, whose signature holds. */
export const rootsThatHold = (envelope: TrustEnvelope, trust: Trust, before: Trust | undefined): SignedVersion['signedBy'] => {
  const roots = new Map([...(before?.roots ?? []), ...trust.roots].map((root) => [root.key.keyId, root]));
  const message = trustBytesToSign(envelope);
  return envelope.signatures.flatMap(({ keyId, signature }) => {
    const root = roots.get(keyId);
    const holds = root !== undefined && signatureProblem(root.key.algorithm, signature) === undefined && nodeVerifySignature(root.key.spki, message, signature);
    return holds ? [{ name: root.name, keyId }] : [];
  });
};

const MAX_TRUST = 2 * 1024 * 1024;

const install = async (bytes: Uint8Array, current: TrustToChange['current'], places: TrustPlaces): Promise<void> => {
  if (current === undefined) {
    await written(places.current, async () => {
      if (!(await writeOnce(places.current, bytes, 0o644))) throw changedMeanwhile(places);
    });
  } else {
    await checkAsRead(current, places);
    // Whoever keeps the old version may replace it: of two processes that change the same version one succeeds.
    if (!(await keepOlder(current, places))) await waitForOther(current, places);
    await written(places.current, () => writeAtomic(places.current, bytes, 0o644));
  }
  // Left over, it would only be removed by the next command.
  await unlink(places.waiting).catch(() => undefined);
  await syncFolder(dirname(places.current));
};

type Current = NonNullable<TrustToChange['current']>;

const changedMeanwhile = ({ current }: TrustPlaces): TrainlockError =>
  new TrainlockError('TL1201', 'the trust file was changed by somebody else meanwhile', { where: current, fix: 'look at it, and try again: trainlock trust verify' });

const checkAsRead = async ({ bytes }: Current, places: TrustPlaces): Promise<void> => {
  const there = await readBoundedIfThere(places.current, MAX_TRUST);
  if (there === undefined || compareBytes(there, bytes) !== 0) throw changedMeanwhile(places);
};

/** Unit: millisecond. */
const OTHER_NEEDS = { step: 100, all: 2000 };

/** The old version is kept already: by a process that is just about to replace it, or by one that was killed before it could. */
const waitForOther = async (current: Current, places: TrustPlaces): Promise<void> => {
  for (let waited = 0; waited < OTHER_NEEDS.all; waited += OTHER_NEEDS.step) {
    await setTimeout(OTHER_NEEDS.step);
    await checkAsRead(current, places);
  }
};

/** False: it was kept already. */
const keepOlder = async ({ trust, bytes }: Current, places: TrustPlaces): Promise<boolean> => {
  const path = olderPath(places, trust.version);
  let isNew = true;
  await written(path, async () => {
    isNew = await writeOnce(path, bytes, 0o644);
    const there = isNew ? undefined : readVersion(await readBounded(path, MAX_TRUST));
    // The same version with other signatures is the same version.
    if (there === undefined || (there.kind === 'read' && there.trust.sha256 === trust.sha256)) return;
    throw new TrainlockError('TL1201', `another version ${trust.version} is kept already than the one that counts`, {
      where: path,
      fix: `look at both: trainlock trust verify ${shellWord(path)}`,
    });
  });
  return isNew;
};

/** Writes below the folder of the trust file. */
const written = async (path: string, write: () => Promise<void>): Promise<void> => {
  try {
    await makeFolder(dirname(path));
    await write();
  } catch (error) {
    const failure = notWritable(path, error);
    if (failure.code !== 'TL0003') throw failure;
    throw new TrainlockError('TL0003', failure.message, { where: path, notes: failure.notes, fix: `ls -ld ${shellWord(dirname(path))}`, cause: failure });
  }
};
