import { escapedHtml } from '../markup.ts';
import { type ReportedFinding, sentenceOf } from './reported-finding.ts';

export type JunitOptions = {
  /** Name of the suite: what was asked. */
  readonly suite: string;
  /** Things that were looked at and found to be right. */
  readonly passed: readonly string[];
};

/**
 * Findings as a JUnit report: a definite no is a failure, what is undecided is an error, because a test that is skipped passes. Notes are
 * passed tests with their words as output. Source: the format of Apache Ant as GitLab and Jenkins read it; XML 1.0 for what text may hold.
 */
export const junit = (findings: readonly ReportedFinding[], { suite, passed }: JunitOptions): string => {
  const count = (severity: ReportedFinding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
  const numbers = { tests: findings.length + passed.length, failures: count('error'), errors: count('warning') };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'trainlock', ...numbers })}>`,
    `  <testsuite${attributes({ name: suite, ...numbers })}>`,
    ...findings.flatMap((finding) => caseOf(finding, suite)),
    ...passed.map((name) => `    <testcase${attributes({ classname: suite, name })}/>`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

const caseOf = (finding: ReportedFinding, suite: string): readonly string[] => {
  const { id, file, line } = finding;
  const name = file === undefined ? id : `${id}: ${file}`;
  return [`    <testcase${attributes({ classname: suite, name, file, line: file === undefined ? undefined : line })}>`, `      ${bodyOf(finding)}`, '    </testcase>'];
};

const bodyOf = (finding: ReportedFinding): string => {
  const { id, severity, message } = finding;
  const body = sentenceOf(finding).split('\n').map(text).join('\n');
  switch (severity) {
    case 'error':
      return `<failure${attributes({ type: id, message })}>${body}</failure>`;
    case 'warning':
      return `<error${attributes({ type: id, message })}>${body}</error>`;
    case 'note':
      return `<system-out>${body}</system-out>`;
  }
};

const attributes = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${text(String(value))}"`))
    .join('');

/** Escaping makes every letter below a space visible; two letters are left that XML does not know. */
const text = (value: string): string => escapedHtml(value).replace(/[\ufffe\uffff]/g, '\ufffd');
