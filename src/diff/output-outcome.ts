import { exhaustive } from '#base';
import { compareDecimals, readReal } from './decimal.ts';
import type { ContentFinding, OutputOutcome, OutputPair } from './outcome.ts';
import type { Tolerance } from './compare-metric.ts';

type Judged = Pick<OutputOutcome, 'kind' | 'because'>;

/** How one output compares with its counterpart. An output without counterpart or digest is undecided, never different. */
export const outputOutcome = (pair: OutputPair): OutputOutcome => ({ pair, ...judge(pair), counts: pair.recorded.role !== 'cache' });

const judge = (pair: OutputPair): Judged => {
  const { recorded, replayed, content } = pair;
  if (replayed === undefined) return { kind: 'undecided', because: 'the replay wrote no counterpart' };
  if (recorded.sha256 === undefined) return { kind: 'undecided', because: `no digest was recorded${reason(recorded.withheld)}` };
  if (replayed.sha256 === undefined) return { kind: 'undecided', because: `the counterpart has no digest${reason(replayed.withheld)}` };
  if (recorded.sha256 === replayed.sha256) return { kind: 'identical', because: 'the same bytes' };
  const sameContent =
    recorded.content !== undefined && replayed.content !== undefined && recorded.content.format === replayed.content.format && recorded.content.sha256 === replayed.content.sha256;
  if (sameContent) return { kind: 'content-identical', because: `other bytes, the same ${recorded.content.format} content` };
  if (content !== undefined) return judgeContent(content, pair.tolerance);
  const bothRead = recorded.content !== undefined && recorded.content.format === replayed.content?.format;
  return { kind: 'different', because: bothRead ? `other bytes, and other ${recorded.content.format} content` : 'other bytes; nothing is known about what is inside' };
};

const reason = (withheld: string | undefined): string => (withheld === undefined ? '' : ` (${withheld})`);

const judgeContent = (content: ContentFinding, tolerance: Tolerance | undefined): Judged => {
  switch (content.kind) {
    case 'equal':
    case 'volatile':
      return { kind: 'content-identical', because: content.because };
    case 'metrics':
      return { kind: 'within-tolerance', because: content.because };
    case 'numeric':
      return judgeNumbers(content, tolerance);
    case 'different':
      return { kind: 'different', because: content.because };
    case 'unreadable':
      return { kind: 'different', because: `other bytes; ${content.because}` };
    default:
      return exhaustive(content);
  }
};

const judgeNumbers = (content: Extract<ContentFinding, { kind: 'numeric' }>, tolerance: Tolerance | undefined): Judged => {
  const distance = `numbers differ by at most ${content.maxAbsolute} (relative ${content.maxRelative})`;
  if (tolerance === undefined) return { kind: 'different', because: `${distance}; no tolerance is declared` };
  const kept = isAtMost(content.maxAbsolute, tolerance.absolute) || isAtMost(content.maxRelative, tolerance.relative);
  return kept ? { kind: 'within-tolerance', because: `${distance}, within the tolerance` } : { kind: 'different', because: `${distance}, beyond the tolerance` };
};

const isAtMost = (distance: string, limit: string | undefined): boolean => {
  const a = readReal(distance);
  const b = limit === undefined ? undefined : readReal(limit);
  return a?.kind === 'finite' && b?.kind === 'finite' && compareDecimals(a.value, b.value) <= 0;
};
