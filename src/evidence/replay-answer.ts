import { countOf } from '#base';
import type { Answer } from './answers.ts';
import type { CaseFacts, ReplayFact } from './case-facts.ts';

const SAME: ReadonlySet<ReplayFact['outcome']> = new Set(['identical', 'content-identical', 'within-tolerance']);

/** Whether a replay came out as the run. */
export const isRepeated = ({ outcome }: Pick<ReplayFact, 'outcome'>): boolean => SAME.has(outcome);

/** Whether recorded replays repeated the run. One that came out different is a no, however many did not. */
export const replayAnswer = ({ replays, replaysLeftOut }: Pick<CaseFacts, 'replays' | 'replaysLeftOut'>): Answer => {
  if (replays.length === 0) return { answer: 'not-checked', because: 'no replay of it is recorded here', evidence: [] };
  const because = `${determinismOf(replays)}${replaysLeftOut === 0 ? '' : `; ${countOf(replaysLeftOut, 'older replay')} not looked at`}`;
  const different = replays.filter(({ outcome }) => outcome === 'different');
  if (different.length > 0) return { answer: 'no', because, evidence: different.flatMap(({ evidence }) => evidence) };
  const same = replays.filter(isRepeated);
  if (same.length === 0) return { answer: 'not-checked', because, evidence: [] };
  return { answer: 'yes', because, evidence: same.flatMap(({ evidence }) => evidence) };
};

const HOSTS: Readonly<Record<ReplayFact['host'], string>> = {
  same: 'on the same host',
  other: 'on another host',
  unknown: 'on a host of which nobody knows whether it is the same',
};

/** What the replays showed, in one sentence: "bit-identical on 2 replays on the same host; different on 1 replay on another host". */
export const determinismOf = (replays: readonly ReplayFact[]): string => {
  const groups = new Map<string, number>();
  // What differs is told first, and what counts for nothing last.
  for (const replay of replays.toSorted((a, b) => rankOf(a) - rankOf(b))) groups.set(phraseOf(replay), (groups.get(phraseOf(replay)) ?? 0) + 1);
  const shown = [...groups].map(([phrase, count]) => phrase.replace('#', countOf(count, 'replay')));
  return shown.length === 0 ? 'not replayed' : shown.join('; ');
};

const rankOf = ({ outcome }: ReplayFact): number => (outcome === 'different' ? 0 : outcome === 'not-counted' ? 2 : 1);

const phraseOf = ({ outcome, isBitIdentical, host, because }: ReplayFact): string => {
  if (outcome === 'not-counted') return `# not counted: ${because}`;
  const what = outcome === 'identical' ? (isBitIdentical ? 'bit-identical' : 'identical in what was compared, no file among it') : outcome.replaceAll('-', ' ');
  return `${what} on # ${HOSTS[host]}`;
};
