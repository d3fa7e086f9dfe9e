import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fromUtf8, TrainlockError } from '#base';
import { nodeCrypto, readBounded, readBoundedIfThere } from '#files';
import { listKeys, nodeVerifySignature } from '#keys';
import { PREDICATE_TYPE } from '#manifest';
import { type PublicKey, readCertificate, readCertificatePem, readPublicKeyPem, type TimeAuthority } from '#seal';
import { sealsOf, signerKeyOf } from '#store';
import { type PinnedRoots, readTrustPin, type Trust, trustStanding, type TrustStanding } from '#trust';
import type { SealEvidence } from '#verify';

export type SealQuestion = {
  /** Where the statement lies; its signatures lie beside it. */
  readonly statementPath: string;
  /** A bundle that stands alone: it is its own signature. */
  readonly document?: Uint8Array;
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files of public keys that count for this question. */
  readonly keys: readonly string[];
  /** A pin file for this question, in place of those of the configuration. */
  readonly pin?: string;
  /** Files with certificates of time authorities that count for this question. */
  readonly authorities: readonly string[];
  /** The moment that is asked about, RFC 3339. */
  readonly now: string;
};

/** Fetches what says whose record it is. Throws TL0002 or TL1102 for a key or pin file that was named and is none. */
export const sealEvidence = async (question: SealQuestion): Promise<SealEvidence> => {
  const { statementPath, document, env } = question;
  const beside = await signerKeyOf(statementPath).catch(() => undefined);
  const trust = await standingOf(question);
  const besideKey = beside === undefined ? undefined : readPublicKeyPem(fromUtf8(beside) ?? '', nodeCrypto);
  return {
    bundles: document === undefined ? await sealsOf(statementPath) : [{ name: statementPath, bytes: document, isFurther: false }],
    named: await Promise.all(question.keys.map((path) => namedKey(resolve(question.workingDirectory, path)))),
    local: await localKeys(env),
    trust,
    authorities: [...(await namedAuthorities(question)), ...(trust.kind === 'accepted' ? trust.trust.timeAuthorities.flatMap(authorityOf) : [])],
    ...(besideKey?.kind === 'accepted' ? { beside: besideKey.value } : {}),
  };
};

/** A chain in PEM: the certificate that dates, or its issuer, first. */
const namedAuthorities = ({ authorities, workingDirectory }: SealQuestion): Promise<readonly TimeAuthority[]> =>
  Promise.all(
    authorities.map(async (named) => {
      const path = resolve(workingDirectory, named);
      const text = fromUtf8(await readBounded(path, MAX_KEY)) ?? '';
      const blocks = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
      const readings = blocks.map(readCertificatePem);
      const certificates = readings.flatMap((reading) => (reading.kind === 'accepted' ? [reading.value] : []));
      if (certificates.length > 0 && certificates.length === readings.length) return { name: named, certificates };
      throw new TrainlockError('TL0002', `${path} holds no certificates in PEM`, {
        where: path,
        notes: readings.flatMap((reading) => (reading.kind === 'rejected' ? reading.problems.map(({ message }) => message) : [])),
      });
    }),
  );

type ListedAuthority = Trust['timeAuthorities'][number];

/** One that is listed with certificates which cannot be read dates nothing. */
const authorityOf = ({ name, certificates }: ListedAuthority): readonly TimeAuthority[] => {
  const readings = certificates.map(readCertificate);
  return readings.every((reading) => reading.kind === 'accepted') ? [{ name, certificates: readings.map(({ value }) => value) }] : [];
};

const MAX_KEY = 65_536;

const namedKey = async (path: string): Promise<PublicKey> => {
  const reading = readPublicKeyPem(fromUtf8(await readBounded(path, MAX_KEY)) ?? '', nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL1102', `${path} holds no public key that can be used`, {
    where: path,
    notes: reading.problems.map(({ message }) => message),
    fix: 'export one: trainlock keys export NAME > key.pub',
  });
};

/** Public halves of the keys of this user. A folder of keys that cannot be used has none to offer: then nothing is trusted for it. */
const localKeys = async (env: SealQuestion['env']): Promise<SealEvidence['local']> => {
  const entries = await listKeys(env).catch(() => []);
  const keys = await Promise.all(
    entries.map(async (entry) => {
      if (entry.kind !== 'key' || entry.key.purpose !== 'statements') return [];
      const bytes = await readBoundedIfThere(entry.key.paths.publicKey, MAX_KEY).catch(() => undefined);
      const reading = readPublicKeyPem(bytes === undefined ? '' : (fromUtf8(bytes) ?? ''), nodeCrypto);
      if (reading.kind === 'rejected' || reading.value.keyId !== entry.key.keyId) return [];
      const { keyId, name, revoked } = entry.key;
      return [{ keyId, name, statementTypes: [PREDICATE_TYPE], key: reading.value, ...(revoked === undefined ? {} : { revoked }) }];
    }),
  );
  return keys.flat();
};

/** Where roots are pinned for a user, and for everybody on a machine. Never in a repository. */
export const pinPaths = (env: SealQuestion['env']): readonly string[] => {
  const config = env['XDG_CONFIG_HOME'];
  const home = config !== undefined && isAbsolute(config) ? config : join(env['HOME'] || homedir(), '.config');
  return [join(home, 'trainlock', 'trust-pin.json'), '/etc/trainlock/trust-pin.json'];
};

const MAX_TRUST = 2 * 1024 * 1024;

/** Older versions of the trust file lie in a folder beside it, so that whoever was away can follow. */
export const trustFiles = (projectRoot: string): { readonly current: string; readonly older: string } => ({
  current: join(projectRoot, '.trainlock', 'trust.json'),
  older: join(projectRoot, '.trainlock', 'trust'),
});

export const standingOf = async ({ projectRoot, env, pin: named, workingDirectory, now }: Pick<SealQuestion, 'projectRoot' | 'env' | 'pin' | 'workingDirectory' | 'now'>): Promise<TrustStanding> => {
  const pin = named === undefined ? await firstPin(env) : await pinAt(resolve(workingDirectory, named));
  if (named !== undefined && pin === undefined) throw new TrainlockError('TL0002', `cannot read ${named}: it does not exist`, { where: named });
  const { current, older } = trustFiles(projectRoot);
  const newest = await readBoundedIfThere(current, MAX_TRUST);
  const names = (await readdir(older).catch(() => [])).filter((name) => /^v[1-9][0-9]{0,8}\.json$/.test(name));
  const ordered = names.toSorted((a, b) => Number(a.slice(1, -5)) - Number(b.slice(1, -5)));
  const chain = await Promise.all(ordered.map((name) => readBounded(join(older, name), MAX_TRUST)));
  return trustStanding({ pin, chain: [...chain, ...(newest === undefined ? [] : [newest])], now }, { crypto: nodeCrypto, verifySignature: nodeVerifySignature });
};

const firstPin = async (env: SealQuestion['env']): Promise<PinnedRoots | undefined> => {
  for (const path of pinPaths(env)) {
    const pin = await pinAt(path);
    if (pin !== undefined) return pin;
  }
  return undefined;
};

/** A pin that cannot be read is an error: going on without it would trust less than the person believes, and say nothing. */
const pinAt = async (path: string): Promise<PinnedRoots | undefined> => {
  const bytes = await readBoundedIfThere(path, MAX_TRUST);
  if (bytes === undefined) return undefined;
  const reading = readTrustPin(bytes, nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL1201', 'the pinned roots cannot be read', {
    where: path,
    notes: reading.problems.slice(0, 5).map(({ pointer, message }) => `${pointer}: ${message}`),
    fix: 'trainlock trust pin FILE   # with the trust file whose roots you have checked',
  });
};
