import { EXIT, TrainlockError } from '#base';
import { coverFramework } from '#flows/cover-framework';
import { listMappings } from '#flows/list-mappings';
import { renderCoverage, renderMappings } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag } from '../policy-place.ts';
import { evidenceRequest, formOf, reportResult } from '../report-page.ts';

/** What a run has to show for a framework, or the maps that there are. */
export const handle: CommandHandler = async (input, context) => {
  const framework = fileFlag(input.flags['framework']);
  if (input.flags['list'] === true) {
    const maps = await listMappings();
    return { exit: EXIT.yes, text: renderMappings(maps, { colour: context.colour }), data: { maps } };
  }
  if (framework === undefined) throw new TrainlockError('TL0001', 'evidence needs --framework: which one', { fix: 'trainlock evidence --list' });
  formOf(input); // before anything is checked
  const progress = context.progress('checking');
  const request = await evidenceRequest(input, context, input.positionals[0] ?? 'last');
  const coverage = await coverFramework({ ...request, framework, onProgress: progress.onProgress }).finally(progress.end);
  return reportResult(input, context, {
    exit: coverage.isBroken ? EXIT.no : EXIT.yes,
    title: 'the coverage is in',
    render: (options) => renderCoverage(coverage, options),
    data: coverage,
  });
};
