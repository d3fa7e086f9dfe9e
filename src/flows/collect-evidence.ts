/** Fetches everything that is asked about one run: its verdict, its replays, its approvals, and the files they rest on. What it means is for the room evidence. */
import { join } from 'node:path';
import type { CaseFacts, EvidencePointer } from '#evidence';
import type { OnProgress } from '#files';
import type { Manifest } from '#manifest';
import { openStore, type RunRecord, type Store } from '#store';
import { approvalFact, type ApprovalPlace } from './case-facts/approval-fact.ts';
import { policyIfThere, type PolicyPlace } from './policy/policy-file.ts';
import { exceptionLines } from './case-facts/exception-lines.ts';
import { filesBeside, pointerTo, recordPointer } from './case-facts/evidence-files.ts';
import { evaluationsHere } from './evaluations/evaluations-here.ts';
import type { HistoryPlace } from './life/filed-history.ts';
import { promotionLines, runLife } from './life/run-life.ts';
import { replayFacts } from './case-facts/replay-facts.ts';
import { standingOf } from './trust-file/standing-of.ts';
import { verifyRun } from './verify-run.ts';

export type EvidenceOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reference: string;
  /** The run from which the change is judged; without it those that its approvals name. */
  readonly against?: string;
  /** Who took part in making the change, beside whom record and signatures say. */
  readonly actors: readonly string[];
  readonly environment?: string;
  /** Do not read the data again: then nothing is said of it. */
  readonly skipData: boolean;
  /** A pin file for this question. */
  readonly pin?: string;
  /** Files of public keys that count for this question. */
  readonly keys: readonly string[];
  /** Files with certificates of time authorities that count for this question. */
  readonly authorities: readonly string[];
  /** Keys of logs and witnesses that count for this question, as text. */
  readonly logKeys: readonly string[];
  readonly onProgress?: OnProgress;
};

/** What was asked, with the store and the place that answered. */
export type CollectedEvidence = { readonly facts: CaseFacts; readonly run: RunRecord; readonly store: Store; readonly place: ApprovalPlace };

/** Throws TL0301 to TL0304 if there is no record, TL0001 for actors that are none, and as verifyRun does for keys that were named. */
export const collectEvidence = async (options: EvidenceOptions): Promise<CollectedEvidence> => {
  const { projectRoot, storeFolder, workingDirectory, env, pin, keys, authorities, logKeys, actors, environment, onProgress } = options;
  const now = new Date().toISOString();
  const store = await openStore({ projectRoot, storeFolder });
  const run = await store.find(options.reference, workingDirectory);
  const manifest = await run.manifest();
  const against = options.against === undefined ? undefined : await store.find(options.against, workingDirectory);
  const withPin = pin === undefined ? {} : { pin };
  const verdict = await verifyRun({
    projectRoot,
    storeFolder,
    workingDirectory,
    env,
    keys,
    authorities,
    logKeys,
    ...withPin,
    reference: options.reference,
    question: { data: !options.skipData, model: false, environment: false, signature: true, time: true, log: true },
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const trust = await standingOf({ projectRoot, workingDirectory, env, now, ...withPin });
  const place = { projectRoot, storeFolder, workingDirectory, actors, trust, now, ...(environment === undefined ? {} : { environment }) };
  const sha256 = run.manifestSha256 ?? '';
  const policy = await understoodPolicy({ projectRoot, workingDirectory });
  const trustFile = await pointerTo(projectRoot, join(projectRoot, '.trainlock', 'trust.json'));
  const facts: CaseFacts = {
    manifest,
    manifestSha256: sha256,
    verdict,
    ...(await replayFacts(store, { run, manifest, sha256 }, { projectRoot, workingDirectory, env, trust, now, ...withPin })),
    evaluations: await evaluationsHere(store, { manifest, sha256 }),
    approval: await approvalFact(store, run, { ...place, ...(against === undefined ? {} : { against }) }),
    promoted: await promotedLines({ ...place, env }, { manifest, manifestSha256: sha256 }),
    exceptions: await exceptionLines(place, { store, sha256 }),
    isKept: run.kept,
    files: {
      statement: recordPointer(projectRoot, run),
      ...(await filesBeside(projectRoot, run)),
      ...(policy === undefined ? {} : { policy }),
      ...(trustFile === undefined ? {} : { trust: trustFile }),
    },
  };
  return { facts, run, store, place };
};

const promotedLines = async (place: HistoryPlace, about: { readonly manifest: Manifest; readonly manifestSha256: string }): Promise<readonly string[]> =>
  promotionLines(await runLife({ ...place, ...about, now: new Date().toISOString() }));

/** The policy of the project, if it can be understood. */
const understoodPolicy = async (place: PolicyPlace): Promise<EvidencePointer | undefined> => {
  const file = await policyIfThere(place);
  return file?.kind === 'read' ? pointerTo(place.projectRoot, file.path) : undefined;
};
