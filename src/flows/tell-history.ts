/** Who changed what of records, when and why, and what it did to the metrics. */
import { escapeControl, TrainlockError } from '#base';
import type { HistoryFinding } from '#history';
import { nodeVerifySignature } from '#keys';
import { openLogbook } from '#logbook';
import { openStore, type Store } from '#store';
import { glassEvents } from './life/glass-events.ts';
import { environmentsHere } from './life/environments-here.ts';
import { type HistoryHere, historyHere, type HistoryPlace } from './life/filed-history.ts';
import { approvalEvents, eventsAbout, eventsIn, type HistoryEvent, historyEvents } from './life/history-events.ts';
import { type Impact, impactOf } from './life/impact-of.ts';
import { plainLife, type RunLife, runLife } from './life/run-life.ts';
import { leavesBeside } from './log/waiting-leaves.ts';
import { exactRecord } from './policy/exact-record.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type TellOptions = HistoryPlace & {
  readonly storeFolder: string;
  /** Only what is about this run. */
  readonly reference?: string;
  /** Only what is about this environment. */
  readonly environment?: string;
};

export type ToldEvent = HistoryEvent & {
  /** Where the log of a machine has it; absent while it waits. */
  readonly leaf?: { readonly origin: string; readonly index: number };
  /** Of approvals and promotions that compare two runs. */
  readonly impact?: Impact;
};

export type ToldHistory = {
  /** By the times that they claim, the oldest first. */
  readonly events: readonly ToldEvent[];
  /** What became of the run that was asked about. */
  readonly life?: { readonly run: string; readonly data: Readonly<Record<string, unknown>>; readonly amended: RunLife['amended']; readonly because: readonly string[] };
  readonly findings: readonly HistoryFinding[];
  readonly unread: HistoryHere['unread'];
  /** Documents that were read and do not count, and why. */
  readonly notCounted: readonly { readonly path: string; readonly because: string }[];
  /** The log of this machine as it is: what was entered and taken away since is there all the same. */
  readonly asOf?: { readonly origin: string; readonly size: number };
  readonly isUndecided: boolean;
};

/** Throws TL0301 to TL0304 for the run, TL0001 for an environment of which nothing was said, TL0002 or TL1201 for a pin file that cannot be used. */
export const tellHistory = async (options: TellOptions): Promise<ToldHistory> => {
  const { projectRoot, storeFolder, reference, environment } = options;
  const store = await openStore({ projectRoot, storeFolder });
  const here = await historyHere(options);
  const names = new Map((await store.runs()).flatMap(({ manifestSha256, name }) => (manifestSha256 === undefined || name === undefined ? [] : [[manifestSha256, name] as const])));
  const trust = await standingOf({ ...options, now: new Date().toISOString() });
  const approvals = await approvalEvents(projectRoot, trust, names);
  const all = [...historyEvents(here, names), ...approvals.events, ...(await glassEvents(projectRoot, trust, names))];
  const life = reference === undefined ? undefined : await lifeAt(reference, { store, here, options });
  const about = life === undefined ? all : eventsAbout(all, [life.manifestSha256, ...life.deprecations.map(({ sha256 }) => sha256)]);
  const chosen = environment === undefined ? about : eventsIn(about, environment);
  if (environment !== undefined && chosen.length === 0) throw new TrainlockError('TL0001', `nothing was said about ${escapeControl(environment)}`, { fix: 'trainlock rollout' });
  const findings =
    life?.findings ?? (await environmentsHere(options, here)).filter((one) => environment === undefined || one.environment === environment).flatMap((one) => one.findings);
  const unread = [...here.unread, ...approvals.unread];
  return {
    events: await withEvidence(chosen.toSorted(byTime), store),
    ...(life === undefined ? {} : { life: { run: life.name, data: plainLife(life), amended: life.amended, because: life.because } }),
    findings,
    unread,
    notCounted: [
      ...here.filed.flatMap(({ path, judged }) => (judged.kind !== 'signed' && judged.document !== undefined ? [{ path, because: escapeControl(judged.because) }] : [])),
      ...approvals.notCounted,
    ],
    ...(await logNow(options)),
    isUndecided: unread.length > 0 || life?.kind === 'undecided' || findings.some(({ severity }) => severity === 'error'),
  };
};

const byTime = (a: HistoryEvent, b: HistoryEvent): number => (`${a.at} ${a.sha256}` < `${b.at} ${b.sha256}` ? -1 : 1);

type Looking = { readonly store: Store; readonly here: HistoryHere; readonly options: TellOptions };

const lifeAt = async (reference: string, { store, here, options }: Looking): Promise<RunLife & { readonly name: string }> => {
  const record = await store.find(reference, options.workingDirectory);
  const { manifest, sha256: manifestSha256 } = await exactRecord(record);
  const life = await runLife({ ...options, manifest, manifestSha256, now: new Date().toISOString(), here });
  return { ...life, name: record.name ?? record.id.slice(0, 8) };
};

/** The same two records are compared once. */
const withEvidence = async (events: readonly HistoryEvent[], store: Store): Promise<readonly ToldEvent[]> => {
  const impacts = new Map<string, Impact>();
  const told: ToldEvent[] = [];
  for (const event of events) {
    const { compares } = event;
    const pair = compares === undefined ? undefined : `${compares.before} ${compares.after}`;
    if (compares !== undefined && pair !== undefined && !impacts.has(pair)) impacts.set(pair, await impactOf(store, compares.before, compares.after));
    const impact = pair === undefined ? undefined : impacts.get(pair);
    const proof = (await leavesBeside(event.path)).leaves.find(({ leaf }) => leaf.payloadSha256 === event.sha256)?.proof;
    const origin = proof === undefined ? undefined : originOf(proof.checkpoint.body);
    told.push({
      ...event,
      ...(proof === undefined || origin === undefined ? {} : { leaf: { origin, index: proof.index } }),
      ...(impact === undefined ? {} : { impact }),
    });
  }
  return told;
};

/** First line of a checkpoint. */
const originOf = (body: string): string | undefined => body.split('\n')[0];

/** Without a log, or with one that cannot be read, nothing is said of it. */
const logNow = async ({ env }: TellOptions): Promise<Pick<ToldHistory, 'asOf'>> => {
  try {
    const head = await openLogbook({ env, verify: nodeVerifySignature }).head();
    return head === undefined ? {} : { asOf: { origin: head.checkpoint.origin, size: head.checkpoint.size } };
  } catch {
    return {};
  }
};
