import { relative } from 'node:path';
import { countOf, escapeControl, EXIT, shellWord } from '#base';
import type { DeliveredRun } from '#flows/deliver-runs';
import { type KeptRun, keepRuns } from '#flows/keep-run';
import { loadProject } from '#flows/load-project';
import type { CommandFinding, CommandHandler, CommandResult } from '../command.ts';

/** Copies records to the folder that git tracks, or into a depot. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { projectRoot, storeFolder } = project;
  const request = { projectRoot, storeFolder, workingDirectory: context.workingDirectory, references: input.positionals };
  if (typeof input.flags['to'] === 'string') return delivered(request, input.flags['to']);
  const kept = await keepRuns(request);
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

/** The code of depots is loaded only for one. */
const delivered = async (request: Parameters<typeof keepRuns>[0], to: string): Promise<CommandResult> => {
  const { deliverRuns } = await import('#flows/deliver-runs');
  const { folder, runs, notHere } = await deliverRuns({ ...request, to });
  const findings = [
    ...runs.flatMap((one) => (one.missing.length === 0 ? [] : [incomplete(`${nameOf(one)} is there without ${one.missing.join(' and ')}, which this store does not have`)])),
    ...notHere.map((sha256) => incomplete(`the record ${sha256.slice(0, 12)}… is followed by another one, and is not here`)),
  ];
  const lines = runs.map(
    (one) =>
      `${one.isFollowed ? 'followed' : 'kept'} ${nameOf(one)}  sha256 ${one.manifestSha256}  ${one.written.length === 0 ? '(it was there already)' : `${countOf(one.written.length, 'file')} written`}`,
  );
  return {
    exit: EXIT.yes,
    text: [...lines, ...findings.map(({ severity, message, remedy }) => `${severity}: ${message}\n  ${remedy}`)].join('\n'),
    data: { folder, kept: runs.map(({ run, manifestSha256, written, missing, isFollowed }) => ({ id: run.id, manifestSha256, written, missing, isFollowed })), notHere },
    findings,
    next: [`trainlock gate --env ENVIRONMENT MODEL --from ${shellWord(folder)}`],
  };
};

const nameOf = ({ run }: DeliveredRun): string => escapeControl(run.name ?? run.id.slice(0, 8));

const incomplete = (message: string): CommandFinding => ({
  kind: 'depot-incomplete',
  severity: 'warning',
  message,
  remedy: 'run the same command where the run was recorded',
});

const ignoredFinding = (kept: readonly KeptRun[]): CommandFinding => ({
  kind: 'kept-ignored-by-git',
  severity: 'warning',
  message: 'a .gitignore outside the store ignores the kept records, so that git does not see them',
  remedy: `remove the line that ignores the store, or add them by hand: git add --force ${escapeControl(kept.find((one) => one.ignoredByGit)?.files.at(-1) ?? '')}`.trimEnd(),
});
