import { relative } from 'node:path';
import { escapeControl, EXIT } from '#base';
import { type KeptRun, keepRuns } from '#flows/keep-run';
import { loadProject } from '#flows/load-project';
import type { CommandFinding, CommandHandler } from '../command.ts';

/** Copies records to the folder that git tracks. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const kept = await keepRuns({ projectRoot: project.projectRoot, storeFolder: project.storeFolder, workingDirectory: context.workingDirectory, references: input.positionals });
  const findings = kept.some((one) => one.ignoredByGit) ? [ignoredFinding(kept)] : [];
  const lines = kept.map((one) => `kept run ${one.run.id.slice(0, 8)}${one.files.length === 0 ? ' (it was already)' : ''}`);
  const folder = relative(context.workingDirectory, `${project.storeFolder}/kept`) || '.';
  return {
    exit: EXIT.yes,
    text: [...lines, ...findings.map((finding) => `${finding.severity}: ${finding.message}\n  ${finding.remedy}`)].join('\n'),
    data: { kept: kept.map((one) => ({ id: one.run.id, manifestSha256: one.run.manifestSha256, files: one.files, ignoredByGit: one.ignoredByGit })) },
    findings,
    next: [`git add ${escapeControl(folder)}`],
  };
};

const ignoredFinding = (kept: readonly KeptRun[]): CommandFinding => ({
  kind: 'kept-ignored-by-git',
  severity: 'warning',
  message: 'a .gitignore outside the store ignores the kept records, so that git does not see them',
  remedy: `remove the line that ignores the store, or add them by hand: git add --force ${escapeControl(kept.find((one) => one.ignoredByGit)?.files.at(-1) ?? '')}`.trimEnd(),
});
