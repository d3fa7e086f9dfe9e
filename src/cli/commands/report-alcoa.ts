import { EXIT } from '#base';
import { reportAlcoa } from '#flows/report-alcoa';
import { renderAlcoa } from '#report';
import type { CommandHandler } from '../command.ts';
import { evidenceRequest, formOf, reportResult } from '../report-page.ts';

/** The principles of ALCOA+ for one record. */
export const handle: CommandHandler = async (input, context) => {
  formOf(input); // before anything is checked
  const progress = context.progress('checking');
  const request = await evidenceRequest(input, context, input.positionals[0]!);
  const report = await reportAlcoa({ ...request, onProgress: progress.onProgress }).finally(progress.end);
  const states = new Set(report.letters.map(({ state }) => state));
  return reportResult(input, context, {
    exit: states.has('fail') ? EXIT.no : states.has('not-checked') ? EXIT.undecided : EXIT.yes,
    title: 'the report is in',
    render: (options) => renderAlcoa(report, options),
    data: report,
  });
};
