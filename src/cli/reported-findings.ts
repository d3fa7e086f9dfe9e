import type { ReportedFinding } from '#report';
import type { CommandFinding } from './command.ts';

/** Findings about files of the repository, for the envelope. */
export const reportedFindings = (findings: readonly ReportedFinding[]): readonly CommandFinding[] =>
  findings.map(({ id, severity, message, file, line, fix }) => ({
    kind: id,
    severity,
    message,
    ...(file === undefined ? {} : { where: line === undefined ? file : `${file}:${line}` }),
    ...(fix === undefined ? {} : { remedy: fix }),
  }));
