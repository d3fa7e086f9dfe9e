import type { ExceptionAnswer, ExceptionState } from '#approval';
import { countOf } from '#base';
import type { JudgedException } from '#verify';
import { bad, faint, good, type Line, open, type Page, paragraph, type Span } from './page.ts';

/** A signed document of the folder of exceptions, and what it is worth now. */
export type ExceptionView = {
  readonly path: string;
  readonly judged: JudgedException;
  readonly answer?: ExceptionAnswer;
  /** Unit: day; one that has begun is one that is left. */
  readonly daysLeft?: number;
  /** Unit: hour, of an emergency. */
  readonly hoursLeft?: number;
  readonly owed?: { readonly isOverdue: boolean; readonly dueAt: string };
  readonly vainBecause?: string;
  readonly withdrawnBecause?: string;
};

/** Every exception of a project, whatever it is worth. */
export const exceptionsPage = (listed: readonly ExceptionView[]): Page => {
  if (listed.length === 0) return [paragraph('nobody has made an exception')];
  return [paragraph(countOf(listed.length, 'signed document')), { kind: 'list', items: listed.map((one) => ({ line: headLine(one), inner: innerLines(one) })) }];
};

const STATES: Readonly<Record<ExceptionState, Span>> = {
  counts: good('counts'),
  waiting: open('waiting'),
  expired: bad('expired'),
  withdrawn: bad('withdrawn'),
  refused: bad('does not count'),
};

const headLine = ({ path, judged, answer, vainBecause }: ExceptionView): Line => {
  switch (judged.kind) {
    case 'exception': {
      const { finding, environment, record, role, level } = judged.exception;
      const what = `${finding.id}${finding.about === undefined ? '' : ` ${finding.about}`} in ${environment}, run ${record.runId.slice(0, 8)}`;
      return [
        `${judged.sha256.slice(0, 12)}  `,
        answer === undefined ? open('unknown') : STATES[answer.state],
        ...(level === undefined ? [] : ['  ', bad('BREAK-GLASS')]),
        `  ${what}: ${judged.by.person} as ${role}`,
      ];
    }
    case 'review': {
      const { reviews, outcome, role } = judged.review;
      const word = vainBecause === undefined ? good('review') : bad('review, does not count');
      return [`${judged.sha256.slice(0, 12)}  `, word, `  of ${reviews.slice(0, 12)}: ${outcome}, ${judged.by.person} as ${role}`];
    }
    case 'withdrawal':
      return [`${judged.sha256.slice(0, 12)}  `, open('withdrawal'), `  ${judged.by.person}, of ${judged.withdrawal.approvalSha256.slice(0, 12)}`];
    case 'refused':
      return [bad('does not count'), `  ${path}`];
    case 'unknown':
      return [open('unknown'), `  ${path}`];
  }
};

const innerLines = ({ judged, answer, daysLeft, hoursLeft, owed, vainBecause, withdrawnBecause }: ExceptionView): readonly Line[] => {
  switch (judged.kind) {
    case 'exception': {
      const { reason, ticket, compensatingControl, statedAt, expiresAt } = judged.exception;
      const left = hoursLeft !== undefined ? `, ${countOf(hoursLeft, 'hour')} left` : daysLeft === undefined ? '' : `, ${countOf(daysLeft, 'day')} left`;
      return [
        [reason],
        ...(ticket === undefined ? [] : [[`ticket: ${ticket}`]]),
        ...(compensatingControl === undefined ? [] : [[`meanwhile: ${compensatingControl}`]]),
        [faint(`${statedAt}, until ${answer?.expiresAt ?? expiresAt}${left}`)],
        ...(answer === undefined ? [] : [[faint(answer.because)]]),
        ...(owed === undefined ? [] : [[(owed.isOverdue ? bad : open)(`not reviewed: ${owed.isOverdue ? 'overdue since' : 'due until'} ${owed.dueAt}`)]]),
        ...(withdrawnBecause === undefined ? [] : [[open(`taken back: ${withdrawnBecause}`)]]),
      ];
    }
    case 'review':
      return [[judged.review.reason], ...(vainBecause === undefined ? [] : [[open(vainBecause)]])];
    case 'withdrawal':
      return [[judged.withdrawal.reason]];
    case 'refused':
    case 'unknown':
      return [[judged.because]];
  }
};
