import { escapeControl } from '#base';
import { type ReportedFinding, sentenceOf, worstFirst } from './reported-finding.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * Findings as workflow commands of GitHub Actions, one a line, the worst first; empty without findings. A step shows at most ten errors,
 * ten warnings and ten notices. Source: GitHub Actions, "Workflow commands"; the escapes are those of actions/toolkit, core/src/command.ts.
 */
export const githubAnnotations = (findings: readonly ReportedFinding[]): string => worstFirst(findings).map(annotation).join('\n');

const annotation = (finding: ReportedFinding): string => {
  const { id, severity, file, line } = finding;
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
    `title=${property(`trainlock: ${id}`)}`,
  ];
  return `::${COMMANDS[severity]} ${properties.join(',')}::${data(escapeControl(sentenceOf(finding), true))}`;
};

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(escapeControl(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/**
 * Text that a runner only shows: recorded text in it could be a workflow command otherwise, in its first column or, of the older kind,
 * anywhere. `token` must not be known to whoever wrote the text: draw it anew each time.
 */
export const withoutGithubCommands = (text: string, token: string): string => (text === '' ? '' : `::stop-commands::${token}\n${text}\n::${token}::`);
