import { canonicalJson, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { readTrust, type Trust, type TrustDocument } from '#trust';
import { applyChange, type TrustChange } from './apply-change.ts';
import type { NamedRoot } from './root-keys.ts';
import { pemOfPublicKey } from '#seal';

const DAY_MS = 86_400_000;

/** How long a trust file counts unless something else is said. Unit: day. */
export const USUAL_DAYS = 365;

export type NextVersion = { readonly document: TrustDocument; readonly trust: Trust };

export type VersionFacts = {
  /** RFC 3339 in UTC. */
  readonly now: string;
  /** How long the version counts; as long as the one before if nothing is said. Unit: day. */
  readonly days?: number;
  /** The version that counts now. */
  readonly before?: Trust;
};

/** The roots of a document, as people named them. */
export const rootsOfDocument = (roots: readonly NamedRoot[]): TrustDocument['roots'] =>
  roots.map(({ label, publicKey }) => ({ keyId: publicKey.keyId, name: label, publicKey: pemOfPublicKey(publicKey) }));

/** The first version, with these roots and nobody whose signatures count. Throws TL0001 for what a trust file cannot say. */
export const firstVersion = (roots: TrustDocument['roots'], threshold: number, facts: VersionFacts): NextVersion =>
  finished({ schemaVersion: SCHEMA_VERSION, version: 1, issuedAt: '', expiresAt: '', threshold, roots, signers: [] }, facts);

const SCHEMA_VERSION = '0.1';

/** The next version: a document with a change. Throws TL0001 for what a trust file cannot say. */
export const nextVersion = (document: TrustDocument, change: TrustChange, facts: VersionFacts): NextVersion => finished(applyChange(document, change), facts);

const finished = (document: TrustDocument, { now, days, before }: VersionFacts): NextVersion => {
  const { previousSha256: _, ...rest } = document;
  const next: TrustDocument = {
    ...rest,
    schemaVersion: SCHEMA_VERSION,
    version: (before?.version ?? 0) + 1,
    issuedAt: now,
    expiresAt: new Date(Date.parse(now) + (days ?? daysOf(before)) * DAY_MS).toISOString(),
    ...(before === undefined ? {} : { previousSha256: before.sha256 }),
  };
  const reading = readTrust(canonicalJson(next), nodeCrypto);
  if (reading.kind === 'accepted') return { document: next, trust: reading.value };
  const [first] = reading.problems;
  throw new TrainlockError('TL0001', `a trust file cannot say this: ${first?.pointer ?? ''} ${first?.message ?? ''}`, {
    notes: reading.problems.slice(1, 6).map(({ pointer, message }) => `${pointer} ${message}`),
    fix: 'trainlock trust show',
  });
};

const daysOf = (before: Trust | undefined): number =>
  before === undefined ? USUAL_DAYS : Math.max(1, Math.round((Date.parse(before.expiresAt) - Date.parse(before.issuedAt)) / DAY_MS));
