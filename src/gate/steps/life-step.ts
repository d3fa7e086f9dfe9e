import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { stepOf } from './step-of.ts';

/** What became of the record since it was made: is it, or something in it, deprecated, and do people agree on what it says? */
export const lifeStep = ({ life, reference }: GateFacts): GateStep => {
  const remedies = [`trainlock history ${reference}`];
  const undecided = life.undecided.map((because): GateFinding => ({ id: 'TL1005', severity: 'critical', outcome: 'unknown', because, remedies }));
  const deprecated = life.deprecated.map(({ about, sha256, isRun, because }): GateFinding => ({
    id: 'TL1005',
    severity: isRun ? 'high' : 'medium',
    outcome: 'wrong',
    about,
    found: `by ${sha256.slice(0, 12)}`,
    because: `deprecated: ${because}`,
    remedies,
  }));
  return stepOf('life', [...undecided, ...deprecated], life.told.length === 0 ? 'nothing was said of it since' : life.told.join('; '));
};
