import { countOf, escapeControl } from '#base';
import { type HistoryDocument, shortDigest, wordOf } from '#history';
import type { TrustStanding } from '#trust';
import { filedApprovals, unreadApprovals } from '../approvals/judged-approvals.ts';
import type { HistoryHere } from './filed-history.ts';

/** One thing that a person said. */
export type HistoryEvent = {
  readonly kind: HistoryDocument['kind'] | 'approval' | 'withdrawal' | 'break-glass' | 'break-glass-review';
  readonly sha256: string;
  readonly path: string;
  readonly person: string;
  readonly reason: string;
  /** A claim, RFC 3339 in UTC. */
  readonly at: string;
  /** What was said, in one line; control characters escaped. */
  readonly what: string;
  readonly state: 'counts' | 'taken-back' | 'expired';
  /** Digests of records and statements that it is about. */
  readonly about: readonly string[];
  /** Records that it compares. */
  readonly compares?: { readonly before: string; readonly after: string };
  readonly environment?: string;
  /** More of what was said, one line each; control characters escaped. */
  readonly details?: readonly string[];
};

/** Names of runs by the digests of their records. */
export type RunNames = ReadonlyMap<string, string>;

type Named = { readonly runId: string; readonly manifestSha256: string };

const called = ({ runId, manifestSha256 }: Named, names: RunNames): string => names.get(manifestSha256) ?? runId.slice(0, 8);

/** What counts of the folder of history, as events. */
export const historyEvents = ({ filed, counted }: HistoryHere, names: RunNames): readonly HistoryEvent[] => {
  const takenBack = new Set(counted.reversions.map(({ reversion }) => reversion.of.sha256));
  return filed.flatMap(({ path, judged }): readonly HistoryEvent[] => {
    if (judged.kind !== 'signed') return [];
    const { document, sha256, by } = judged;
    const { reason, at } = wordOf(document);
    const said = saidBy(document, names);
    return [{ kind: document.kind, sha256, path, person: by.person, reason, at, state: takenBack.has(sha256) ? 'taken-back' : 'counts', ...said, what: escapeControl(said.what) }];
  });
};

type SaidBy = Pick<HistoryEvent, 'what' | 'about' | 'compares' | 'environment' | 'details'>;

const saidBy = (document: HistoryDocument, names: RunNames): SaidBy => {
  switch (document.kind) {
    case 'amendment': {
      const { record, pointer, before, after } = document.amendment;
      return { what: `${pointer} of ${called(record, names)}: ${shown(before)} → ${shown(after)}`, about: [record.manifestSha256] };
    }
    case 'deprecation': {
      const { of, from, replacement } = document.deprecation;
      const instead = replacement === undefined ? '' : `; in its place ${replacement}`;
      return { what: `${thing(of, names)} from ${from.slice(0, 10)} on${instead}`, about: of.kind === 'run' ? [of.manifestSha256] : [] };
    }
    case 'promotion':
      return promotionSaid(document.promotion, names);
    case 'deployment': {
      const { record, environment, place, modelSha256 } = document.deployment;
      return { what: `${called(record, names)} runs at ${place} in ${environment}, model ${shortDigest(modelSha256)}`, about: [record.manifestSha256], environment };
    }
    case 'remediation':
      return remediationSaid(document.remediation, names);
    case 'reversion': {
      const { kind, sha256 } = document.reversion.of;
      return { what: `takes the ${kind} ${shortDigest(sha256)} back`, about: [sha256] };
    }
  }
};

const promotionSaid = (promotion: Extract<HistoryDocument, { readonly kind: 'promotion' }>['promotion'], names: RunNames): SaidBy => {
  const { record, environment, sharePercent, replaces, takesBack, allowedBy } = promotion;
  const beside = replaces === undefined ? '' : `${sharePercent === 100 ? ', in place of' : ', beside'} ${called(replaces, names)}`;
  return {
    what: `${called(record, names)} to ${environment}, ${sharePercent} %${beside}${takesBack === undefined ? '' : `; takes ${shortDigest(takesBack)} back`}`,
    about: [record.manifestSha256, ...(replaces === undefined ? [] : [replaces.manifestSha256]), ...(allowedBy?.approvals ?? [])],
    ...(replaces === undefined ? {} : { compares: { before: replaces.manifestSha256, after: record.manifestSha256 } }),
    environment,
  };
};

/** What was planned, or done, and what the gate said before and after. */
const remediationSaid = (remediation: Extract<HistoryDocument, { readonly kind: 'remediation' }>['remediation'], names: RunNames): SaidBy => {
  const { phase, record, environment, before, after, actions, plan } = remediation;
  const automatic = actions.filter(({ how }) => how === 'automatic');
  const done = automatic.filter(({ outcome }) => outcome?.state === 'done').length;
  const place = `${called(record, names)} in ${environment}`;
  const told = phase === 'plan' ? [...automatic, ...actions.filter(({ how }) => how !== 'automatic')] : automatic;
  return {
    what:
      phase === 'plan'
        ? `plans ${countOf(automatic.length, 'action')} for ${place}, which is ${before.decision}`
        : `made ${done} of ${countOf(automatic.length, 'action')} for ${place}: ${before.decision} → ${after?.decision ?? 'nobody could ask'}`,
    about: [record.manifestSha256, ...(plan === undefined ? [] : [plan])],
    environment,
    details: told.map(({ kind, how, changes, outcome }) =>
      escapeControl(`${kind} ${outcome?.state ?? how}: ${changes}${outcome?.state === 'failed' ? `; ${outcome.because}` : ''}`),
    ),
  };
};

const shown = (value: string | readonly string[] | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const thing = (of: Extract<HistoryDocument, { readonly kind: 'deprecation' }>['deprecation']['of'], names: RunNames): string => {
  switch (of.kind) {
    case 'run':
      return `run ${called(of, names)}`;
    case 'snapshot':
      return `snapshot ${of.name ?? shortDigest(of.snapshotSha256)}`;
    case 'package':
      return `${of.name} ${of.versions}`;
    case 'field':
      return `the field ${of.path}`;
  }
};

export type ApprovalEvents = {
  readonly events: readonly HistoryEvent[];
  readonly unread: readonly { readonly path: string; readonly because: string }[];
  readonly notCounted: readonly { readonly path: string; readonly because: string }[];
};

/** Approvals and withdrawals of a project as events. */
export const approvalEvents = async (projectRoot: string, trust: TrustStanding, names: RunNames): Promise<ApprovalEvents> => {
  const filed = await filedApprovals(projectRoot, trust, new Date().toISOString());
  return {
    events: filed.flatMap(({ path, judged, withdrawnBecause, hasExpired }): readonly HistoryEvent[] => {
      if (judged.kind === 'withdrawal') {
        const { approvalSha256, reason, withdrawnAt } = judged.withdrawal;
        return [
          {
            kind: 'withdrawal',
            sha256: judged.sha256,
            path,
            person: judged.by.person,
            reason,
            at: withdrawnAt,
            what: `of ${shortDigest(approvalSha256)}`,
            state: 'counts',
            about: [approvalSha256],
          },
        ];
      }
      if (judged.kind !== 'approval') return [];
      const { change, role, reason, approvedAt, meaning } = judged.approval;
      const { baseline, candidate, environment } = change;
      const place = environment === undefined ? '' : `, for ${environment}`;
      return [
        {
          kind: 'approval',
          sha256: judged.sha256,
          path,
          person: judged.by.person,
          reason,
          at: approvedAt,
          what: escapeControl(
            `${meaning === 'review' ? 'reviewed ' : ''}${baseline === undefined ? 'nothing' : called(baseline, names)} to ${called(candidate, names)} as ${role}${place}`,
          ),
          state: withdrawnBecause !== undefined ? 'taken-back' : hasExpired ? 'expired' : 'counts',
          about: [...(baseline === undefined ? [] : [baseline.manifestSha256]), candidate.manifestSha256],
          ...(baseline === undefined ? {} : { compares: { before: baseline.manifestSha256, after: candidate.manifestSha256 } }),
          ...(environment === undefined ? {} : { environment }),
        },
      ];
    }),
    unread: unreadApprovals(filed).map(({ path, because }) => ({ path, because: escapeControl(because) })),
    notCounted: filed.flatMap(({ path, judged }) =>
      'approval' in judged && judged.kind !== 'approval' && judged.approval !== undefined ? [{ path, because: escapeControl(judged.because) }] : [],
    ),
  };
};

/** Events about any of these digests, and those about them. */
export const eventsAbout = (events: readonly HistoryEvent[], digests: readonly string[]): readonly HistoryEvent[] => {
  const first = events.filter(({ about, sha256 }) => digests.includes(sha256) || about.some((digest) => digests.includes(digest)));
  const said = new Set(first.map(({ sha256 }) => sha256));
  return events.filter((one) => said.has(one.sha256) || one.about.some((digest) => said.has(digest)));
};

/** Promotions to an environment, the approvals on which they relied or which were given for it, and what takes those back. */
export const eventsIn = (events: readonly HistoryEvent[], environment: string): readonly HistoryEvent[] => {
  const first = events.filter((one) => one.environment === environment);
  const relied = new Set(first.flatMap(({ about }) => about));
  const approvals = events.filter(({ kind, sha256 }) => kind === 'approval' && relied.has(sha256));
  const said = new Set([...first, ...approvals].map(({ sha256 }) => sha256));
  return events.filter((one) => said.has(one.sha256) || (one.kind === 'withdrawal' && one.about.some((digest) => said.has(digest))));
};
