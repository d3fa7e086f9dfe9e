import { deploymentsOf, type DeployedPlace, type EnvironmentState, gatedOf, judgePlace, type PlaceJudgement } from '#history';
import type { PolicyFile } from '../policy/policy-file.ts';
import type { HistoryHere } from './filed-history.ts';

/** A place of an environment as people see it. */
export type PlaceView = PlaceJudgement & {
  readonly place: string;
  /** Until when the word of the gate holds, RFC 3339 in UTC, where the policy says how long. */
  readonly dueAt?: string;
  /** What was said last of it; absent where two say different things. */
  readonly said?: {
    readonly sha256: string;
    readonly runId: string;
    readonly name?: string;
    readonly manifestSha256: string;
    readonly modelSha256: string;
    /** When this model was first gated there without another one in between; a claim. */
    readonly since: string;
    readonly gatedAt: string;
    readonly by: string;
  };
};

type Looking = {
  readonly here: HistoryHere;
  readonly policy: PolicyFile | undefined;
  /** Of runs, by the digests of their records. */
  readonly names: ReadonlyMap<string | undefined, string | undefined>;
  readonly now: string;
};

/** Clocks of machines differ. */
const AHEAD_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

const shifted = (time: string, byMs: number): string => new Date(Date.parse(time) + byMs).toISOString();

/** Every place of which something was said. */
export const placesHere = ({ counted, notCounted }: HistoryHere): readonly DeployedPlace[] => deploymentsOf({ ...counted, notCounted });

/** Whether what runs at the places of an environment is still what was gated. What cannot be read may take something back, so nothing is current then. */
export const placeViews = (places: readonly DeployedPlace[], state: EnvironmentState, { here, policy, names, now }: Looking): readonly PlaceView[] => {
  const regateDays = policy?.kind === 'read' ? policy.policy.environments.get(state.environment)?.regateDays : undefined;
  return places
    .filter(({ environment }) => environment === state.environment)
    .map((one): PlaceView => {
      const bounds = regateDays === undefined ? {} : { overdueBefore: shifted(now, -regateDays * DAY_MS) };
      const judged = judgePlace(one, { state, latest: shifted(now, AHEAD_MS), ...bounds });
      const shown = judged.kind !== 'other' && here.unread.length > 0 ? { kind: 'undecided' as const, because: 'a file of the history cannot be judged' } : judged;
      const answer =
        policy?.kind === 'invalid' && shown.kind === 'current' ? { kind: 'undecided' as const, because: 'the policy cannot be understood: trainlock policy lint' } : shown;
      const dueAt = regateDays === undefined || one.heads.length === 0 ? {} : { dueAt: shifted(gatedOf(one.heads), regateDays * DAY_MS) };
      return { ...answer, place: one.place, ...dueAt, ...saidOf(one, names) };
    });
};

const saidOf = ({ heads, since }: DeployedPlace, names: Looking['names']): Pick<PlaceView, 'said'> => {
  const [head, ...more] = heads;
  if (head === undefined || more.length > 0) return {};
  const { record, modelSha256, gatedAt } = head.deployment;
  const name = names.get(record.manifestSha256);
  return { said: { sha256: head.sha256, ...record, ...(name === undefined ? {} : { name }), modelSha256, since: since ?? gatedAt, gatedAt, by: head.person } };
};
