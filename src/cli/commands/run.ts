import { basename } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { checkRunName } from '#flows/check-run-name';
import { loadProject, type Project } from '#flows/load-project';
import { record, type Recorded } from '#flows/record';
import { renderRunSummary } from '#report';
import { childExitCode } from '../child-exit-code.ts';
import type { CommandContext, CommandFinding, CommandHandler, CommandResult, ParsedInput } from '../command.ts';

/** Records a run. The exit code is that of the command; trainlock's own words go to stderr, one line before and a summary after. */
export const handle: CommandHandler = async (input, context) => {
  if (input.rest.length === 0) throw new TrainlockError('TL0001', 'there is no command to record', { fix: 'trainlock run -- python train.py' });
  checkRunName(named(input).name);
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags }).catch((error: unknown) => {
    if (input.flags['require-record'] !== true || !(error instanceof TrainlockError)) throw error;
    throw new TrainlockError('TL0403', `the run cannot be recorded: ${error.message}`, {
      ...(error.where === undefined ? {} : { where: error.where }),
      notes: error.notes,
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    });
  });
  if (project.settings.enforce.value) await enforced(input, context, project);
  // Made when the command has ended: until then the terminal is its own.
  let progress: ReturnType<CommandContext['progress']> | undefined;
  const recorded = await record({
    command: input.rest,
    workingDirectory: context.workingDirectory,
    env: context.env,
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    config: project.config,
    settings: project.settings.enforce.value ? { ...project.settings, requireRecord: { ...project.settings.requireRecord, value: true } } : project.settings,
    ...named(input),
    tags: tagsOf(input),
    data: dataOf(input, context.workingDirectory),
    output: context.json ? 'stderr' : 'inherit',
    say: (line) => context.say(`trainlock: ${escapeControl(line)}`),
    onProgress: (done) => (progress ??= context.progress('trainlock: hashing')).onProgress(done),
  }).finally(() => progress?.end());
  return resultOf(recorded, context);
};

/** The code that asks the policy is loaded only where it is to be asked. */
const enforced = async (input: ParsedInput, { workingDirectory, env, say }: CommandContext, { projectRoot, storeFolder, config }: Project): Promise<void> => {
  const { enforceStart } = await import('#flows/enforce-start');
  const { purpose } = named(input);
  say('trainlock: asking the policy whether this run may start');
  await enforceStart({ projectRoot, storeFolder, workingDirectory, env, config, command: input.rest, ...(purpose === undefined ? {} : { purpose }) });
};

const text = (value: ParsedInput['flags'][string]): string | undefined => (typeof value === 'string' ? value : undefined);

const named = (input: ParsedInput): { readonly name?: string; readonly purpose?: string } => {
  const [name, purpose] = [text(input.flags['name']), text(input.flags['why'])];
  return { ...(name === undefined ? {} : { name }), ...(purpose === undefined ? {} : { purpose }) };
};

const list = (value: ParsedInput['flags'][string]): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' ? [value] : []);

const tagsOf = (input: ParsedInput): Readonly<Record<string, string>> =>
  Object.fromEntries(
    list(input.flags['tag']).map((tag) => {
      const at = tag.indexOf('=');
      if (at <= 0 || /\s/.test(tag.slice(0, at))) throw new TrainlockError('TL0001', `--tag ${tag} is not KEY=VALUE`, { fix: '--tag team=vision' });
      return [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );

/** Data named on the command line gets the name of its file or folder; NAME=PATH gives another. */
const dataOf = (input: ParsedInput, workingDirectory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    list(input.flags['data']).map((data) => {
      const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)$/s.exec(data);
      const path = match?.[2] ?? data;
      const absolute = path.startsWith('/') ? path : `${workingDirectory}/${path}`;
      return [match?.[1] ?? basename(path), absolute];
    }),
  );

const resultOf = (recorded: Recorded, context: CommandContext): CommandResult => {
  const id = recorded.run?.id.slice(0, 8);
  const findings: CommandFinding[] = [];
  if (recorded.problem !== undefined)
    findings.push({
      kind: 'not-recorded',
      severity: 'error',
      message: recorded.problem.message,
      ...(recorded.problem.fix === undefined ? {} : { remedy: recorded.problem.fix }),
      notes: recorded.problem.notes,
    });
  if (recorded.seal?.kind === 'unsigned') findings.push({ kind: 'not-signed', severity: 'warning', message: recorded.seal.because, remedy: recorded.seal.fix });
  for (const finding of recorded.record?.manifest.capture.findings ?? [])
    findings.push({ kind: finding.kind, severity: finding.severity, message: finding.message, ...(finding.remedy === undefined ? {} : { remedy: finding.remedy }) });
  return {
    exit: childExitCode(recorded.exit),
    textTo: 'stderr',
    text: textOf(recorded, context.colour),
    data: {
      run: recorded.run ?? null,
      exit: recorded.exit,
      deferred: recorded.deferred,
      manifestSha256: recorded.record?.sha256 ?? null,
      seal: recorded.seal ?? null,
      gaps: recorded.record?.manifest.capture.gaps ?? [],
    },
    findings,
    next: id === undefined ? [] : recorded.record === undefined ? [`trainlock finish ${id}`] : [`trainlock show ${id}`, `trainlock verify ${id}`, `trainlock replay ${id}`],
  };
};

const textOf = (recorded: Recorded, colour: boolean): string => {
  const id = recorded.run?.id.slice(0, 8);
  if (recorded.record !== undefined)
    return renderRunSummary(recorded.record.manifest, { sha256: recorded.record.sha256, colour, ...(recorded.seal === undefined ? {} : { seal: recorded.seal }) });
  if (recorded.deferred) return `trainlock: recorded ${id}; its files are not hashed yet: trainlock finish ${id}`;
  const problem = recorded.problem;
  const reasons = (problem?.notes ?? []).map((note) => `\n   = ${escapeControl(note)}`).join('');
  return `trainlock: the command ran, but its record could not be completed: ${escapeControl(problem?.message ?? 'unknown')}${reasons}${problem?.fix === undefined ? '' : `\n  fix: ${escapeControl(problem.fix)}`}`;
};
