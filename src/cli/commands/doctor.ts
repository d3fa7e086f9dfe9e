import { countOf, escapeControl, EXIT } from '#base';
import { checkProject, type Health, type HealthCheck } from '#flows/check-project';
import type { CommandFinding, CommandHandler } from '../command.ts';

/** Looks for everything that would make a record incomplete or a replay impossible here. */
export const handle: CommandHandler = async ({ flags }, { workingDirectory, env, colour }) => {
  const python = (flags['python'] as string | undefined) ?? (env['TRAINLOCK_PYTHON'] || undefined);
  const health = await checkProject({ workingDirectory, env, flags, ...(python === undefined ? {} : { python }) });
  return {
    exit: health.healthy ? EXIT.yes : EXIT.no,
    data: health,
    text: textOf(health, colour),
    findings: health.checks.flatMap(findingOf),
    next: health.healthy ? ['trainlock run -- python train.py'] : health.checks.flatMap((check) => (check.outcome === 'hazard' && check.fix !== undefined ? [check.fix] : [])),
  };
};

const findingOf = ({ kind, outcome, message, fix }: HealthCheck): readonly CommandFinding[] =>
  kind === undefined ? [] : [{ kind, severity: outcome === 'hazard' ? 'warning' : 'note', message, ...(fix === undefined ? {} : { remedy: fix }) }];

const WORDS = { fine: 'fine  ', note: 'note  ', hazard: 'HAZARD' } as const;
const COLOURS = { fine: '\u001b[32m', note: '\u001b[36m', hazard: '\u001b[31m' } as const;

const textOf = ({ projectRoot, checks }: Health, colour: boolean): string => {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const hazards = checks.filter((check) => check.outcome === 'hazard');
  return [
    `project  ${escapeControl(projectRoot)}`,
    '',
    ...checks.flatMap(({ name, outcome, message, kind, fix }) => {
      const word = colour ? `${COLOURS[outcome]}${WORDS[outcome]}\u001b[39m` : WORDS[outcome];
      const indent = ' '.repeat(width + 10);
      return [
        `${word}  ${name.padEnd(width)}  ${escapeControl(message)}`,
        ...(fix === undefined ? [] : [`${indent}fix: ${escapeControl(fix)}`]),
        ...(kind === undefined || outcome === 'note' ? [] : [`${indent}docs: trainlock explain ${kind}`]),
      ];
    }),
    '',
    hazards.length === 0
      ? 'no hazard: this machine can record and replay completely'
      : `${countOf(hazards.length, 'hazard')}: records are made, but they or their replays may be incomplete`,
  ].join('\n');
};
