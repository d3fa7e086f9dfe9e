import { join } from 'node:path';
import type { GivenReplay, GivenReplays, Policy } from '#approval';
import { toHex } from '#base';
import { proveReplay, readReplayOutcome } from '#evidence';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import type { RunRecord, Store } from '#store';
import type { TrustStanding } from '#trust';
import { type Check, type CheckName, judgeRecord } from '#verify';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';
import type { ComparedRecord } from './decide-change.ts';
import { exactRecord } from './exact-record.ts';
import { signersOf } from './signers-of.ts';

/** Most replays of one run that are looked at, the newest first. */
const MOST = 200;
/** Unit: byte. */
const MAX_NOTE = 16 * 1024 * 1024;

/** Whether any rule asks for a replay: where none does, none is looked for. */
export const asksReplays = ({ rules }: Policy): boolean => rules.some(({ replay }) => replay !== undefined);

/** The replays of a record that the store has, kept ones too. Never throws for what they are: one that cannot be read proves nothing, and is told. */
export const replaysInStore = async (store: Store, candidate: ComparedRecord, trust: TrustStanding): Promise<GivenReplays> => {
  const { id } = candidate.manifest.run;
  const all = (await store.runs()).filter(({ kind, state, parents }) => kind === 'replay' && state === 'finished' && parents.includes(id)).toReversed();
  const given: GivenReplay[] = [];
  for (const run of all.slice(0, MOST)) given.push(await replayInStore(run, candidate, trust));
  return { given, leftOut: Math.max(0, all.length - MOST) };
};

const replayInStore = async (run: RunRecord, candidate: ComparedRecord, trust: TrustStanding): Promise<GivenReplay> => {
  const record = await exactRecord(run).catch(() => undefined);
  if (record === undefined) return { runId: run.id, outcome: 'nothing', because: 'its record cannot be read', host: 'unknown', by: [] };
  const bytes = await readBoundedIfThere(join(run.folder.path, 'evidence', 'replay-outcome.json'), MAX_NOTE).catch(() => undefined);
  return replayOf(candidate, { record, ...(bytes === undefined ? {} : { note: bytes }) }, trust);
};

/**
 * What a replay is worth to a policy: its record must hold, a signature on it must count here, and both records must bear the outcome
 * out. A difference counts whoever signed it: what takes away is not made harder than what gives.
 */
export const replayOf = (
  candidate: ComparedRecord,
  { record, note }: { readonly record: ComparedRecord; /** Hostile. */ readonly note?: Uint8Array },
  trust: TrustStanding,
): GivenReplay => {
  const reading = note === undefined ? undefined : readReplayOutcome(note);
  const { outcome, because, host } = proveReplay(weighed(candidate), weighed(record), reading?.kind === 'accepted' ? reading.value : undefined);
  const { broken, uncounted, persons } = sealOf(record, trust);
  const about = { runId: record.manifest.run.id, host };
  if (broken !== undefined) return { ...about, outcome: 'nothing', because: `its record does not hold: ${broken}`, by: [] };
  const { email, name, account } = candidate.manifest.run.participant;
  const authors = new Set([...signersOf(candidate.bundles, trust), email, name, account]);
  const by = persons.filter((person) => !authors.has(person));
  return outcome === 'same' && uncounted !== undefined
    ? { ...about, outcome: 'nothing', because: `its signature does not count: ${uncounted}`, by: [] }
    : { ...about, outcome, because, by };
};

const weighed = ({ manifest, statement }: ComparedRecord): Parameters<typeof proveReplay>[0] => ({ manifest, sha256: toHex(nodeCrypto.sha256(statement)) });

type Seal = {
  /** Why the record is not what was signed. */
  readonly broken?: string;
  /** Why no signature on it counts here. */
  readonly uncounted?: string;
  /** Whose signatures count; a machine is nobody. */
  readonly persons: readonly string[];
};

const OF_RECORD: ReadonlySet<CheckName> = new Set(['payload', 'schema', 'identity', 'subjects', 'signature', 'trust']);

/** Each signature is asked by itself: one that counts does not make another count. */
const sealOf = (record: ComparedRecord, trust: TrustStanding): Seal => {
  const broken = checksOf(record, record.bundles, trust).find(({ name, outcome }) => outcome === 'broken' && OF_RECORD.has(name))?.because;
  if (broken !== undefined) return { broken, persons: [] };
  const judged = record.bundles.map((bundle) => ({ bundle, open: checksOf(record, [bundle], trust).find(isOpenSeal)?.because }));
  const counted = judged.filter(({ open }) => open === undefined).map(({ bundle }) => bundle);
  if (counted.length === 0) return { uncounted: judged[0]?.open ?? 'it is not signed', persons: [] };
  return { persons: signersOf(counted, trust) };
};

const isOpenSeal = ({ name, outcome }: Check): boolean => (name === 'signature' || name === 'trust') && outcome !== 'held';

const QUESTION = { data: false, model: false, environment: false, signature: true, time: false, log: false };
const PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };

/** Keys of this machine that no trust file lists count for nobody here. What lies beside the first signature may be over another statement. */
const checksOf = ({ statement }: ComparedRecord, bundles: readonly Uint8Array[], trust: TrustStanding): readonly Check[] => {
  const seal = {
    bundles: bundles.map((bytes, at) => ({ name: `${at}`, bytes, isFurther: at > 0 })),
    named: [],
    local: [],
    trust,
    authorities: trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [],
  };
  return judgeRecord(QUESTION, { document: statement, stated: [], files: new Map(), seal }, PORTS).checks;
};
