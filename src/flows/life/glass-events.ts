import { escapeControl } from '#base';
import { shortDigest } from '#history';
import type { TrustStanding } from '#trust';
import { type FiledException, filedExceptions } from '../exceptions/filed-exceptions.ts';
import type { HistoryEvent, RunNames } from './history-events.ts';

/** Emergencies in which a model ran all the same, and who looked back at them, as events: also those that are over or were taken back. */
export const glassEvents = async (projectRoot: string, trust: TrustStanding, names: RunNames): Promise<readonly HistoryEvent[]> =>
  (await filedExceptions(projectRoot, trust)).flatMap((one): readonly HistoryEvent[] => eventOf(one, names));

const eventOf = ({ path, judged, withdrawnBecause }: FiledException, names: RunNames): readonly HistoryEvent[] => {
  if (judged.kind === 'review') {
    const { reviews, outcome, reason, reviewedAt, environment, record } = judged.review;
    const about = [reviews, record.manifestSha256];
    const what = `of ${shortDigest(reviews)}: ${outcome}`;
    return [{ kind: 'break-glass-review', sha256: judged.sha256, path, person: judged.by.person, reason, at: reviewedAt, what, state: 'counts', about, environment }];
  }
  if (judged.kind !== 'exception' || judged.exception.level === undefined) return [];
  const { finding, record, environment, confirms, reason, statedAt, expiresAt } = judged.exception;
  const thing = `${finding.id}${finding.about === undefined ? '' : ` ${finding.about}`}`;
  const run = names.get(record.manifestSha256) ?? record.runId.slice(0, 8);
  return [
    {
      kind: 'break-glass',
      sha256: judged.sha256,
      path,
      person: judged.by.person,
      reason,
      at: statedAt,
      what: escapeControl(`${confirms === undefined ? '' : `confirms ${shortDigest(confirms)}: `}${run} in spite of ${thing} in ${environment}, until ${expiresAt}`),
      state: withdrawnBecause !== undefined ? 'taken-back' : Date.parse(expiresAt) > Date.now() ? 'counts' : 'expired',
      about: [record.manifestSha256, ...(confirms === undefined ? [] : [confirms])],
      environment,
    },
  ];
};
