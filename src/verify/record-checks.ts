import { type Crypto, exhaustive, type JsonValue, readJson, toHex } from '#base';
import type { Manifest } from '#manifest';
import { objectsOf } from './named-objects.ts';
import { canonicalOf, type ReadRecord } from './read-record.ts';
import type { Check, CheckName, Evidence, FileEvidence } from './verdict.ts';

/** The identity of the manifest and of the run, against every other place that states it. */
export const identityChecks = (record: ReadRecord, evidence: Evidence): readonly Check[] => {
  const check = (outcome: Check['outcome'], because: string): Check => ({ name: 'identity', outcome, because });
  if (evidence.stated.length === 0) return [check('not-asked', 'no other place states which manifest this is')];
  return evidence.stated.map(({ by, kind, value }): Check => {
    const ours = kind === 'manifest-sha256' ? record.sha256 : record.manifest?.run.id;
    if (ours === undefined) return check('unknown', `${by} states ${value.slice(0, 12)}…, and the document has no identity of its own`);
    const inputs = [
      ['stated', value],
      ['found', ours],
    ] as const;
    return letters(ours).startsWith(letters(value))
      ? { ...check('held', `as stated by ${by}`), inputs }
      : { ...check('broken', `${by} states ${value.slice(0, 12)}, but this is ${ours.slice(0, 12)}`), inputs };
  });
};

/** An id without its dashes: folders carry the first letters of it. */
const letters = (id: string): string => id.replaceAll('-', '');

/** The readable view says what the payload says. */
export const viewCheck = (record: ReadRecord, evidence: Evidence): Check => {
  const check = (outcome: Check['outcome'], because: string): Check => ({ name: 'view', outcome, because });
  if (evidence.view === undefined) return check('not-asked', 'the document stands alone');
  if (evidence.view === 'absent') return check('unknown', 'the readable view is missing');
  const view = readJson(evidence.view);
  if (view.kind === 'rejected') return check('broken', `the readable view cannot be read: ${view.problems[0]?.message ?? ''}`);
  const [shown, meant] = [canonicalOf(view.value), record.predicate === undefined ? undefined : canonicalOf(record.predicate)];
  return shown !== undefined && meant !== undefined && shown.length === meant.length && shown.every((byte, i) => byte === meant[i])
    ? check('held', 'the readable view says what the payload says')
    : check('broken', 'the readable view says something else than the payload');
};

/** Every subject of the statement is something that the manifest names by the same digest. */
export const subjectChecks = (record: ReadRecord, manifest: Manifest, crypto: Crypto): readonly Check[] => {
  if (record.form === 'manifest') return [{ name: 'subjects', outcome: 'not-asked', because: 'a bare manifest has no subjects' }];
  const named = namedDigests(manifest, crypto);
  const strange = record.subjects.filter(({ name, digest }) => !(named.get(digest.sha256)?.includes(name ?? '') ?? false));
  return [
    strange.length === 0
      ? { name: 'subjects', outcome: 'held', because: `${record.subjects.length} named by the manifest` }
      : {
          name: 'subjects',
          outcome: 'broken',
          because: `${strange.map(({ name, digest }) => name ?? digest.sha256.slice(0, 12)).join(', ')}: the manifest names nothing with this name and digest`,
        },
  ];
};

/** What a statement may be about, by digest: outputs, recorded output, inputs; where there are too many or none, a whole section. */
const namedDigests = (manifest: Manifest, crypto: Crypto): ReadonlyMap<string, readonly string[]> => {
  const named = new Map<string, string[]>();
  const add = (sha256: string | undefined, name: string): void => {
    if (sha256 === undefined) return;
    const names = named.get(sha256);
    if (names === undefined) named.set(sha256, [name]);
    else names.push(name);
  };
  for (const { path, sha256 } of manifest.outputs) add(sha256, path);
  for (const { stream, sha256 } of manifest.logs.output ?? []) add(sha256, stream);
  for (const [name, section] of [
    ['outputs', manifest.outputs],
    ['inputs', manifest.data],
  ] as const) {
    const bytes = canonicalOf(section as unknown as JsonValue);
    if (bytes !== undefined) add(toHex(crypto.sha256(bytes)), name);
  }
  return named;
};

/** Every event log is there, whole and unchanged. */
export const eventChecks = (manifest: Manifest, evidence: Evidence): readonly Check[] => {
  const logs = manifest.processes.flatMap(({ events }) => (events?.sha256 === undefined ? [] : [{ name: events.file, sha256: events.sha256 }]));
  return namedChecks('events', logs, evidence.events, 'the folder of the run is not at hand');
};

/** Recorded output is there and unchanged. */
export const logChecks = (manifest: Manifest, evidence: Evidence): readonly Check[] => {
  const logs = (manifest.logs.output ?? []).flatMap(({ file, sha256 }) => (file === undefined || sha256 === undefined ? [] : [{ name: file, sha256 }]));
  return namedChecks('logs', logs, evidence.logs, 'the folder of the run is not at hand');
};

/** Every object that the manifest names is in the store and has the bytes of its name. */
export const objectChecks = (manifest: Manifest, evidence: Evidence): readonly Check[] =>
  namedChecks(
    'objects',
    objectsOf(manifest, evidence.lists).map(({ name, sha256 }) => ({ name, sha256, key: sha256 })),
    evidence.objects,
    'there is no store at hand',
  );

type NamedDigest = { readonly name: string; readonly sha256: string; readonly key?: string };

const namedChecks = (check: CheckName, wanted: readonly NamedDigest[], found: ReadonlyMap<string, FileEvidence> | undefined, why: string): readonly Check[] => {
  if (wanted.length === 0) return [{ name: check, outcome: 'not-asked', because: 'the record names none' }];
  if (found === undefined) return [{ name: check, outcome: 'not-asked', because: why }];
  return wanted.map((one) => {
    const evidence = found.get(one.key ?? one.name);
    const inputs = [
      ['recorded', one.sha256],
      ['found', evidence?.kind === 'hashed' ? evidence.sha256 : (evidence?.kind ?? 'not looked at')],
    ] as const;
    return { name: check, about: one.name, ...judge(one.sha256, evidence), inputs };
  });
};

/** Unlike files outside, what belongs to the record itself must be there. */
const judge = (sha256: string, evidence: FileEvidence | undefined): Pick<Check, 'outcome' | 'because'> => {
  if (evidence === undefined) return { outcome: 'unknown', because: 'nobody looked' };
  switch (evidence.kind) {
    case 'hashed':
      return evidence.sha256 === sha256
        ? { outcome: 'held', because: 'the same bytes' }
        : { outcome: 'broken', because: `other bytes: ${evidence.sha256.slice(0, 12)}… in place of ${sha256.slice(0, 12)}…` };
    case 'same':
      return { outcome: 'held', because: 'the same bytes' };
    case 'differs':
      return { outcome: 'broken', because: evidence.because };
    case 'absent':
      return { outcome: 'broken', because: 'it is missing from the record' };
    case 'unreadable':
    case 'not-seen':
      return { outcome: 'unknown', because: evidence.because };
    case 'erased':
      // A copy of data is no part of the record itself: whether the data is there is asked by another check.
      return { outcome: 'not-asked', because: evidence.because };
    default:
      return exhaustive(evidence);
  }
};
