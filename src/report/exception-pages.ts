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

const headLine = ({ path, judged, answer }: ExceptionView): Line => {
  switch (judged.kind) {
    case 'exception': {
      const { finding, environment, record, role } = judged.exception;
      const what = `${finding.id}${finding.about === undefined ? '' : ` ${finding.about}`} in ${environment}, run ${record.runId.slice(0, 8)}`;
      return [`${judged.sha256.slice(0, 12)}  `, answer === undefined ? open('unknown') : STATES[answer.state], `  ${what}: ${judged.by.person} as ${role}`];
    }
    case 'withdrawal':
      return [`${judged.sha256.slice(0, 12)}  `, open('withdrawal'), `  ${judged.by.person}, of ${judged.withdrawal.approvalSha256.slice(0, 12)}`];
    case 'refused':
      return [bad('does not count'), `  ${path}`];
    case 'unknown':
      return [open('unknown'), `  ${path}`];
  }
};

const innerLines = ({ judged, answer, daysLeft, withdrawnBecause }: ExceptionView): readonly Line[] => {
  switch (judged.kind) {
    case 'exception': {
      const { reason, ticket, compensatingControl, statedAt, expiresAt } = judged.exception;
      const left = daysLeft === undefined ? '' : `, ${countOf(daysLeft, 'day')} left`;
      return [
        [reason],
        ...(ticket === undefined ? [] : [[`ticket: ${ticket}`]]),
        ...(compensatingControl === undefined ? [] : [[`meanwhile: ${compensatingControl}`]]),
        [faint(`${statedAt}, until ${answer?.expiresAt ?? expiresAt}${left}`)],
        ...(answer === undefined ? [] : [[faint(answer.because)]]),
        ...(withdrawnBecause === undefined ? [] : [[open(`taken back: ${withdrawnBecause}`)]]),
      ];
    }
    case 'withdrawal':
      return [[judged.withdrawal.reason]];
    case 'refused':
    case 'unknown':
      return [[judged.because]];
  }
};
