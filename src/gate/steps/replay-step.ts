import { countOf } from '#base';
import type { GateFacts, ReplayEvidence } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { stepOf } from './step-of.ts';

/** Was the run repeated with the same outcome, by whom it is asked of? One replay that came out different denies, however many did not. */
export const replayStep = ({ replays, replaysLeftOut, rules, reference }: GateFacts): GateStep => {
  if (rules.replay === 'none') return { name: 'replay', outcome: 'not-asked', because: 'the policy does not ask it here', findings: [] };
  const isIndependent = rules.replay === 'independent';
  const again = `trainlock replay ${reference}${isIndependent ? '   # by another person, on another host' : ''}`;
  const finding = (outcome: GateFinding['outcome'], found: string, because: string, remedy: string): GateFinding => ({
    id: 'TL2005',
    severity: 'high',
    outcome,
    found,
    because,
    remedies: [remedy],
  });
  const different = replays
    .filter(({ outcome }) => outcome === 'different')
    .map(({ runId, because }) =>
      finding(
        'wrong',
        `different in ${runId.slice(0, 8)}`,
        `the replay ${runId.slice(0, 8)} came out different: ${because}`,
        `trainlock diff ${reference} ${runId.slice(0, 8)}   # shows in what`,
      ),
    );
  const counted = replays.filter(({ outcome, isByAnother, host }) => outcome === 'same' && (!isIndependent || (isByAnother && host === 'other')));
  // Another replay could not outweigh one that came out different: none is asked for.
  const missing = counted.length + different.length > 0 ? [] : [finding('unknown', 'missing', missingText(replays), again)];
  // One of those may have come out different.
  const unread =
    different.length > 0 || replaysLeftOut === 0
      ? []
      : [
          finding(
            'unknown',
            'not looked at',
            `${countOf(replaysLeftOut, 'older replay')} not looked at, and one may have come out different`,
            `trainlock list --kind replay   # of ${reference}`,
          ),
        ];
  return stepOf(
    'replay',
    [...different, ...missing, ...unread],
    `${countOf(counted.length, 'replay')} with the same outcome${isIndependent ? ', by another person on another host' : ''}`,
  );
};

const missingText = (replays: readonly ReplayEvidence[]): string => {
  const same = replays.filter(({ outcome }) => outcome === 'same');
  if (same.length === 0) return replays.length === 0 ? 'no replay of it is recorded here' : `no replay proves that it can be repeated: ${replays[0]!.because}`;
  return same.some(({ isByAnother }) => isByAnother) ? 'no replay ran on a host that is another one for certain' : 'nobody but who signed the run has replayed it';
};
