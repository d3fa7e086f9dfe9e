import { EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { reportCompare } from '#flows/report-compare';
import { renderComparisonReport } from '#report';
import type { CommandHandler } from '../command.ts';
import { reportResult } from '../report-page.ts';

/** Compares runs for people. Comparing is the answer. */
export const handle: CommandHandler = async (input, context) => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const comparison = await reportCompare({ projectRoot, storeFolder, workingDirectory: context.workingDirectory, references: input.positionals });
  return reportResult(input, context, {
    exit: EXIT.yes,
    title: 'the comparison is in',
    render: (options) => renderComparisonReport(comparison, { ...options, all: input.flags['all'] === true }),
    data: comparison,
  });
};
