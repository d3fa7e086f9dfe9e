import type { Manifest } from '#manifest';
import type { ReplayFact } from './case-facts.ts';
import type { NotedOutcome } from './read-replay-outcome.ts';

/** One of the two runs: its record, and the digest of its bytes. */
export type WeighedRun = { readonly manifest: Manifest; readonly sha256: string };

export type Weighed = Pick<ReplayFact, 'outcome' | 'because' | 'isBitIdentical' | 'host'>;

/**
 * What a replay is worth as evidence. The note of its outcome counts only if both records bear it out: the replay names this very record
 * as what it repeats, the note names both, and where it says identical, the digests of the outputs agree.
 */
export const weighReplay = (run: WeighedRun, replay: WeighedRun, note: NotedOutcome | undefined): Weighed => {
  const host = hostOf(run.manifest, replay.manifest);
  const refused = (because: string): Weighed => ({ outcome: 'not-counted', because, isBitIdentical: false, host });
  if (!isReplayOf(run, replay)) return refused('it repeats another record');
  if (note === undefined) return refused('its outcome is not noted, or cannot be read');
  if (note.of.manifestSha256 !== run.sha256 || note.replay.manifestSha256 !== replay.sha256) return refused('the note of its outcome is about other records');
  const agreement = compareDigests(run.manifest, replay.manifest);
  if (note.kind === 'identical' && agreement.differing > 0) return refused('it is noted as identical, and digests of outputs differ');
  return { outcome: note.kind, because: note.because[0] ?? '', isBitIdentical: note.kind === 'identical' && agreement.same > 0, host };
};

/** Whether a replay names this very record as what it repeats. */
export const isReplayOf = (run: WeighedRun, { manifest }: Pick<WeighedRun, 'manifest'>): boolean =>
  manifest.run.parents?.find(({ kind, run: id }) => kind === 'replay' && id === run.manifest.run.id)?.manifestSha256 === run.sha256;

const compareDigests = (run: Manifest, replay: Manifest): { readonly same: number; readonly differing: number } => {
  const again = new Map(replay.outputs.map(({ path, sha256 }) => [path, sha256]));
  const counted = run.outputs.filter(({ role, sha256 }) => role !== 'cache' && sha256 !== undefined);
  const same = counted.filter(({ path, sha256 }) => again.get(path) === sha256).length;
  return { same, differing: counted.length - same };
};

/** Names of hosts are pseudonyms of one user: two of them can be one host. Another one it is for certain where the processor is another. */
export const hostOf = ({ environment: before }: Manifest, { environment: after }: Manifest): ReplayFact['host'] => {
  if (before.host !== undefined && before.host === after.host) return 'same';
  return before.cpu !== undefined && after.cpu !== undefined && before.cpu.model !== after.cpu.model ? 'other' : 'unknown';
};
