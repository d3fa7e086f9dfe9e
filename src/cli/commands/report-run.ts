import { EXIT } from '#base';
import { reportRun } from '#flows/report-run';
import { renderRunReport } from '#report';
import type { CommandHandler } from '../command.ts';
import { evidenceRequest, formOf, reportResult } from '../report-page.ts';

/** One page about a run. To report is the answer, whatever the page says. */
export const handle: CommandHandler = async (input, context) => {
  formOf(input); // before anything is checked
  const progress = context.progress('checking');
  const request = await evidenceRequest(input, context, input.positionals[0]!);
  const report = await reportRun({ ...request, onProgress: progress.onProgress }).finally(progress.end);
  const { manifest, manifestSha256, verdict, replays, approval } = report.facts;
  const { checks, kind } = verdict;
  return reportResult(input, context, {
    exit: EXIT.yes,
    title: 'the report is in',
    render: (options) => renderRunReport(report, options),
    data: {
      run: { id: manifest.run.id, ...(manifest.run.name === undefined ? {} : { name: manifest.run.name }), manifestSha256 },
      answers: report.answers,
      verdict: { kind, checks },
      replays,
      approval,
      baseline: report.baseline,
      gaps: manifest.capture.gaps,
      findings: manifest.capture.findings ?? [],
      declared: { model: manifest.model ?? null, purpose: manifest.run.purpose ?? null, seeds: manifest.randomness.why ?? null },
    },
  });
};
