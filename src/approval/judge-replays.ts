import { countOf } from '#base';

/** any: a replay whose record counts; independent: by a person who did not make the change, on another host. */
export type AskedReplay = 'any' | 'independent';

/** A recorded replay of the candidate, weighed by whoever fetched it. */
export type GivenReplay = {
  readonly runId: string;
  /** same: both records bear it out, and the signature of the replay counts; different; or it proves nothing. */
  readonly outcome: 'same' | 'different' | 'nothing';
  /** One sentence. */
  readonly because: string;
  /** other: another one for certain. */
  readonly host: 'same' | 'other' | 'unknown';
  /** Persons whose signatures on it count, without those who started or signed the run. */
  readonly by: readonly string[];
};

export type GivenReplays = { readonly given: readonly GivenReplay[]; /** How many more there are that nobody looked at. */ readonly leftOut: number };

export type ReplayAnswer = {
  readonly asked: AskedReplay;
  /** contradicted: one came out different, however many did not. */
  readonly state: 'met' | 'missing' | 'contradicted';
  /** One sentence. */
  readonly because: string;
  /** Ids of the replays that count, or of the one that contradicts. */
  readonly runs: readonly string[];
};

/** What a rule asks for, in words. */
export const replayText = (asked: AskedReplay): string => (asked === 'any' ? 'a replay' : 'a replay by another person on another host');

/** Whether the replays are what a rule asks for. `actors` are all who made the change: what one of them signed is not independent. Total: never throws. */
export const judgeReplays = (asked: AskedReplay, { given, leftOut }: GivenReplays, actors: readonly string[]): ReplayAnswer => {
  const different = given.find(({ outcome }) => outcome === 'different');
  if (different !== undefined)
    return { asked, state: 'contradicted', because: `the replay ${different.runId.slice(0, 8)} came out different: ${different.because}`, runs: [different.runId] };
  // One of those may have come out different.
  if (leftOut > 0) return { asked, state: 'missing', because: `${countOf(leftOut, 'older replay')} not looked at`, runs: [] };
  const isAnother = ({ by }: GivenReplay): boolean => by.some((person) => !actors.includes(person));
  const same = given.filter(({ outcome }) => outcome === 'same');
  const counted = asked === 'any' ? same : same.filter((one) => isAnother(one) && one.host === 'other');
  if (counted.length > 0) return { asked, state: 'met', because: `${countOf(counted.length, 'replay')} with the same outcome`, runs: counted.map(({ runId }) => runId) };
  const because =
    given.length === 0
      ? 'none is recorded here'
      : same.length === 0
        ? given[0]!.because
        : same.some(isAnother)
          ? 'none ran on a host that is another one for certain'
          : 'nobody but who made the change has signed one';
  return { asked, state: 'missing', because, runs: [] };
};
