import { join } from 'node:path';
import { type EvidencePointer, readReplayOutcome, type ReplayFact, weighReplay } from '#evidence';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import type { Manifest } from '#manifest';
import { type RunRecord, sealsOf, type Store } from '#store';
import type { TrustStanding } from '#trust';
import { type CheckName, judgeRecord, type Verdict } from '#verify';
import { type ExactRecord, exactRecord } from '../policy/exact-record.ts';
import { signersOf } from '../policy/signers-of.ts';
import { sealEvidence } from '../verify-run/seal-evidence.ts';
import { pointerTo, recordPointer } from './evidence-files.ts';

/** Most replays of one run that are looked at, the newest first. */
const MOST = 20;
/** Unit: byte. */
const MAX_NOTE = 16 * 1024 * 1024;

export type ReplaysPlace = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly trust: TrustStanding;
  readonly pin?: string;
  readonly now: string;
};

type Replayed = { readonly run: RunRecord; readonly manifest: Manifest; readonly sha256: string };

/** The replays of a run that the store has, each weighed anew. Never throws: one that cannot be read does not count, and is told. */
export const replayFacts = async (store: Store, of: Replayed, place: ReplaysPlace): Promise<{ readonly replays: readonly ReplayFact[]; readonly replaysLeftOut: number }> => {
  const all = (await store.runs())
    .filter(({ kind, state, parents, id }) => kind === 'replay' && state === 'finished' && id !== of.run.id && parents.includes(of.run.id))
    .toReversed();
  const authors = new Set(signersOf(await bundlesOf(of.run), place.trust));
  const replays: ReplayFact[] = [];
  for (const run of all.slice(0, MOST)) replays.push(await replayFact(of, run, { ...place, authors }));
  return { replays, replaysLeftOut: Math.max(0, all.length - MOST) };
};

const replayFact = async (of: Replayed, run: RunRecord, place: ReplaysPlace & { readonly authors: ReadonlySet<string> }): Promise<ReplayFact> => {
  const about = { runId: run.id, startedAt: run.startedAt };
  const nothing = { isBitIdentical: false, host: 'unknown', isIndependent: false, evidence: [recordPointer(place.projectRoot, run)] } as const;
  const record = await exactRecord(run).catch(() => undefined);
  if (record === undefined) return { ...about, ...nothing, outcome: 'not-counted', because: 'its record cannot be read' };
  const broken = brokenIn(await recordVerdict(record, place));
  if (broken !== undefined) return { ...about, ...nothing, outcome: 'not-counted', because: `its record does not hold: ${broken}` };
  const notePath = join(run.folder.path, 'evidence', 'replay-outcome.json');
  const bytes = await readBoundedIfThere(notePath, MAX_NOTE).catch(() => undefined);
  const note = bytes === undefined ? undefined : readReplayOutcome(bytes);
  const weighed = weighReplay(of, record, note?.kind === 'accepted' ? note.value : undefined);
  const signers = signersOf(record.bundles, place.trust);
  const pointers: readonly (EvidencePointer | undefined)[] = [
    recordPointer(place.projectRoot, run),
    bytes === undefined ? undefined : await pointerTo(place.projectRoot, notePath),
  ];
  return { ...about, ...weighed, isIndependent: signers.some((person) => !place.authors.has(person)), evidence: pointers.filter((one) => one !== undefined) };
};

const bundlesOf = async ({ statementPath }: RunRecord): Promise<readonly Uint8Array[]> => (await sealsOf(statementPath)).map(({ bytes }) => bytes);

/** Only the record and its signature: the outputs of a replay are gone with its folder, and their digests stand in it. */
const recordVerdict = async ({ run, statement }: ExactRecord, place: ReplaysPlace): Promise<Verdict> => {
  const seal = await sealEvidence({ ...place, statementPath: run.statementPath, keys: [], authorities: [] });
  return judgeRecord(
    { data: false, model: false, environment: false, signature: true, time: false, log: false },
    { document: statement, stated: [{ by: 'the index of runs', kind: 'run-id', value: run.id }], files: new Map(), seal },
    { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith },
  );
};

const OF_RECORD: ReadonlySet<CheckName> = new Set(['payload', 'schema', 'identity', 'subjects', 'signature', 'trust']);

const brokenIn = ({ checks }: Verdict): string | undefined => checks.find(({ name, outcome }) => outcome === 'broken' && OF_RECORD.has(name))?.because;
