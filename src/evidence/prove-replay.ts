import { type Outcome, outcomeOf, type OutputFacts, pairMetrics } from '#diff';
import type { Manifest, Output } from '#manifest';
import type { ReplayFact } from './case-facts.ts';
import type { NotedOutcome } from './read-replay-outcome.ts';
import { isRepeated } from './replay-answer.ts';
import { hostOf, isReplayOf, type WeighedRun } from './weigh-replay.ts';

/** What a replay proves by itself. */
export type ProvenReplay = {
  /** same: digests, content digests and metrics of the two records agree; nothing: they do not settle it. */
  readonly outcome: 'same' | 'different' | 'nothing';
  readonly because: string;
  readonly host: ReplayFact['host'];
};

/**
 * What a replay proves to a policy: only what the two records themselves bear out, because they are what people signed. The note of the
 * outcome lies beside them and is signed by nobody, so it can only take away: noted as different is different.
 */
export const proveReplay = (run: WeighedRun, replay: WeighedRun, note: NotedOutcome | undefined): ProvenReplay => {
  const host = hostOf(run.manifest, replay.manifest);
  const nothing = (because: string): ProvenReplay => ({ outcome: 'nothing', because, host });
  if (!isReplayOf(run, replay)) return nothing('it repeats another record');
  const isNoted = note?.of.manifestSha256 === run.sha256 && note.replay.manifestSha256 === replay.sha256;
  if (isNoted && note.kind === 'different') return { outcome: 'different', because: note.because[0] ?? 'it is noted so', host };
  const outcome = outcomeOfRecords(run.manifest, replay.manifest);
  const otherMetric = outcome.metrics.find((metric) => metric.outcome.kind === 'different');
  if (otherMetric !== undefined) return { outcome: 'different', because: `metric ${otherMetric.pair.name}: ${otherMetric.outcome.because}`, host };
  if (isRepeated({ outcome: outcome.kind })) return { outcome: 'same', because: outcome.because[0] ?? '', host };
  const [first = ''] = outcome.because;
  return nothing(outcome.kind === 'undecided' ? first : `the two records do not bear out that it came out the same: ${first}`);
};

const outcomeOfRecords = (run: Manifest, replay: Manifest): Outcome => {
  const [recorded, again] = [counted(run), new Map(counted(replay).map((output) => [output.path, output]))];
  const names = new Set(recorded.map(({ path }) => path));
  return outcomeOf({
    exit: { recorded: run.run.exit, replayed: replay.run.exit },
    outputs: recorded.map((output) => {
      const other = again.get(output.path);
      return { recorded: factsOf(output), replayed: other === undefined ? undefined : factsOf(other), pairedBy: other === undefined ? 'none' : 'path' };
    }),
    extra: [...again.values()].filter(({ path }) => !names.has(path)).map(factsOf),
    metrics: pairMetrics(run.evaluation, replay.evaluation),
  });
};

/** Links are outputs of their target. */
const counted = ({ outputs }: Manifest): readonly Output[] => outputs.filter(({ link }) => link === undefined);

const factsOf = ({ path, role, sha256, content }: Output): OutputFacts => ({
  path,
  role,
  ...(sha256 === undefined ? {} : { sha256 }),
  ...(content === undefined ? {} : { content }),
});
