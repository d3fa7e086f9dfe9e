import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { shellWord, TrainlockError } from '#base';
import { nodeCrypto, readBounded, readBoundedIfThere } from '#files';
import { keysFolder, nodeVerifySignature } from '#keys';
import { pinOf, readTrust, readTrustEnvelope, readTrustPin, type Trust, type TrustPin, type TrustPorts } from '#trust';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The real hash functions and signature check. */
export const TRUST_PORTS: TrustPorts = { crypto: nodeCrypto, verifySignature: nodeVerifySignature };

/** Where a trust file and what belongs to it lie. */
export type TrustPlaces = {
  /** The version that counts. */
  readonly current: string;
  /** The next version, while fewer than enough roots have signed it. */
  readonly waiting: string;
  /** Folder of the versions before, so that whoever was away can follow. */
  readonly older: string;
};

/** Older versions lie in a folder beside the file. */
export const placesBeside = (file: string): TrustPlaces => ({ current: file, waiting: join(dirname(file), 'trust.next.json'), older: join(dirname(file), 'trust') });

export const trustPlaces = (projectRoot: string): TrustPlaces => placesBeside(join(projectRoot, '.trainlock', 'trust.json'));

/** Where version N is kept when the next one counts. */
export const olderPath = (places: TrustPlaces, version: number): string => join(places.older, `v${version}.json`);

/** A version of a trust file on disk; the bytes are hostile until they are judged. */
export type ChainLink = { readonly path: string; readonly bytes: Uint8Array };

/** Unit: byte. */
export const MAX_TRUST = 2 * 1024 * 1024;

/** Most older versions that are read; the newest count. */
const MOST_VERSIONS = 10_000;
/** Most bytes of older versions that are held at once. */
const MOST_CHAIN_BYTES = 256 * 1024 * 1024;

/** The versions of a trust file, the oldest first. */
export const readChain = async ({ current, older }: TrustPlaces): Promise<readonly ChainLink[]> => {
  const names = (await readdir(older).catch(() => [])).filter((name) => /^v[1-9][0-9]{0,8}\.json$/.test(name));
  const ordered = names.toSorted((a, b) => Number(a.slice(1, -5)) - Number(b.slice(1, -5))).slice(-MOST_VERSIONS);
  const chain: ChainLink[] = [];
  let left = MOST_CHAIN_BYTES;
  for (const name of ordered) {
    const link = { path: join(older, name), bytes: await readBounded(join(older, name), Math.min(MAX_TRUST, left)) };
    left -= link.bytes.length;
    chain.push(link);
  }
  const newest = await readBoundedIfThere(current, MAX_TRUST);
  return [...chain, ...(newest === undefined ? [] : [{ path: current, bytes: newest }])];
};

/** The next version, if one waits for signatures. */
export const readWaiting = async ({ waiting }: TrustPlaces): Promise<Uint8Array | undefined> => readBoundedIfThere(waiting, MAX_TRUST);

/** A pin of roots: one of the configuration, or a file that a person named for one question. */
export type PinHere = { readonly of: 'user' | 'system' | 'question'; readonly path: string; readonly pin: TrustPin };

/** Where roots are pinned for a user, and for everybody on a machine. Never in a repository. A user without a home has no place. */
export const pinPaths = (env: Environment): { readonly user?: string; readonly system: string } => {
  const folder = keysFolder(env);
  return { ...(folder.kind === 'folder' ? { user: join(dirname(folder.path), 'trust-pin.json') } : {}), system: '/etc/trainlock/trust-pin.json' };
};

/** The pins of the configuration; the first one counts. Throws TL1201 for one that cannot be used. */
export const configuredPins = async (env: Environment): Promise<readonly PinHere[]> => {
  const { user, system } = pinPaths(env);
  const places = [...(user === undefined ? [] : [{ of: 'user' as const, path: user }]), { of: 'system' as const, path: system }];
  const pins: PinHere[] = [];
  for (const place of places) {
    const pin = await pinAt(place.path);
    if (pin !== undefined) pins.push({ ...place, pin });
  }
  return pins;
};

/** A pin file that a person named for a question. Throws TL0002 if it is not there, TL1201 if it is none. */
export const namedPin = async (named: string, workingDirectory: string, projectRoot: string): Promise<PinHere> => {
  const path = resolve(workingDirectory, named);
  const pin = await pinAt(path);
  if (pin === undefined) throw new TrainlockError('TL0002', `cannot read ${named}: it does not exist`, { where: named, fix: 'name a pin file: trainlock trust pin writes one' });
  await refuseInside(path, projectRoot, { what: 'a pin file', fix: 'keep pin files outside the project: trainlock trust pin FILE' });
  return { of: 'question', path, pin };
};

/** Throws TL1202 for a file inside the project. */
const refuseInside = async (path: string, projectRoot: string, { what, fix }: { readonly what: string; readonly fix: string }): Promise<void> => {
  const real = await realpath(path);
  if (!real.startsWith(`${await realpath(projectRoot).catch(() => projectRoot)}/`)) return;
  throw new TrainlockError('TL1202', `${what} inside the project says nothing by itself: whoever can change the project could have written it`, { where: path, fix });
};

/** What a version says; undefined if it cannot be read. Nothing says whether anybody may believe it. */
export const trustIn = (bytes: Uint8Array | undefined): Trust | undefined => {
  const envelope = bytes === undefined ? undefined : readTrustEnvelope(bytes);
  const trust = envelope?.kind === 'accepted' ? readTrust(envelope.value.payload, nodeCrypto) : undefined;
  return trust?.kind === 'accepted' ? trust.value : undefined;
};

/**
 * The roots of a trust file that a person named for a question: naming it is pinning it. Undefined if the file is no trust file. Throws
 * TL1202 for one inside the project: whoever can change the project could have written it.
 */
export const namedTrust = async (named: string, workingDirectory: string, projectRoot: string): Promise<{ readonly pin: PinHere; readonly places: TrustPlaces } | undefined> => {
  const path = resolve(workingDirectory, named);
  const trust = trustIn(await readBoundedIfThere(path, MAX_TRUST));
  if (trust === undefined) return undefined;
  await refuseInside(path, projectRoot, { what: 'a trust file', fix: `look at its roots and pin them: trainlock trust pin ${shellWord(named)}` });
  const { lastSeen: _, ...pin } = pinOf(trust);
  return { pin: { of: 'question', path, pin }, places: placesBeside(path) };
};

/** A pin that cannot be read is an error: going on without it would trust less than the person believes, and say nothing. */
const pinAt = async (path: string): Promise<TrustPin | undefined> => {
  const bytes = await readBoundedIfThere(path, MAX_TRUST);
  if (bytes === undefined) return undefined;
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
    throw new TrainlockError('TL1201', 'other users can write the pinned roots, so they could put theirs in place of yours', {
      where: path,
      fix: `look at what is in it, then: chmod 644 ${shellWord(path)}`,
    });
  }
  const reading = readTrustPin(bytes, nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL1201', 'the pinned roots cannot be read', {
    where: path,
    notes: reading.problems.slice(0, 5).map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`)),
    fix: 'trainlock trust pin FILE --yes   # with the trust file whose roots you have checked',
  });
};
