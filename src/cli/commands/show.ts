import { escapeControl, EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { type ShownRun, showRun } from '#flows/show-run';
import { renderManifest } from '#report';
import type { CommandHandler } from '../command.ts';

/** Shows one run, or one part of its manifest. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const [reference, pointer] = input.positionals;
  const shown = await showRun({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: reference!,
    ...(pointer === undefined ? {} : { pointer }),
  });
  const { run } = shown;
  const about = { id: run.id, name: run.name ?? null, state: run.state, tags: run.tags, folder: run.folder.path, manifestSha256: run.manifestSha256 ?? null, kept: run.kept };
  if (shown.kind === 'unfinished')
    return { exit: EXIT.undecided, text: unfinishedText(shown), data: { run: about, reason: run.reason ?? null }, findings: shown.findings, next: nextStep(run) };
  const value = shown.kind === 'part' ? shown.value : shown.manifest;
  const data = shown.kind === 'part' ? { run: about, pointer: shown.pointer, value } : { run: about, manifest: value, life: shown.life?.data ?? null };
  const text = await textOf(shown, input.flags['yaml'] === true, context.colour);
  return {
    exit: EXIT.yes,
    text,
    data,
    findings: shown.findings,
    next: shown.kind === 'whole' ? [`trainlock verify ${run.id.slice(0, 8)}`, `trainlock replay ${run.id.slice(0, 8)}`] : [],
  };
};

type Finished = Exclude<ShownRun, { kind: 'unfinished' }>;

const textOf = async (shown: Finished, asYaml: boolean, colour: boolean): Promise<string> => {
  if (asYaml) return yamlOf(shown.kind === 'part' ? shown.value : shown.manifest);
  if (shown.kind === 'part') return partText(shown.value);
  const marks = markLines(shown.run);
  const text = renderManifest(shown.manifest, { colour, ...(shown.run.manifestSha256 === undefined ? {} : { sha256: shown.run.manifestSha256 }) });
  return [text, ...marks, ...lifeText(shown)].join('\n');
};

/** A single text or number as it is, so that a script can take it; anything else as JSON. */
const partText = (value: unknown): string => {
  if (typeof value === 'string') return escapeControl(value, true);
  return escapeControl(JSON.stringify(value, null, 2), true);
};

/** Loaded only when it is asked for. */
const yamlOf = async (value: unknown): Promise<string> => {
  const { stringify } = await import('yaml');
  return escapeControl(stringify(value, { version: '1.2', schema: 'core', aliasDuplicateObjects: false, lineWidth: 0 }).trimEnd(), true);
};

/** What was put on the run later; it is no part of the record. */
const markLines = (run: ShownRun['run']): readonly string[] => {
  if (run.marks.length === 0) return [];
  const tags = Object.entries(run.tags).map(([key, value]) => `${key}=${value}`);
  return ['', `marked later: ${escapeControl([...(run.name === undefined ? [] : [`name ${run.name}`]), ...tags].join(', '))}`];
};

/** What people said of the run after it was made; it is no part of the record either. */
const lifeText = (shown: Finished): readonly string[] => {
  const lines = shown.kind === 'whole' ? (shown.life?.lines ?? []) : [];
  return lines.length === 0 ? [] : ['', ...lines, `trainlock history ${shown.run.id.slice(0, 8)} tells who said what, and when`];
};

const unfinishedText = ({ run, what }: Extract<ShownRun, { kind: 'unfinished' }>): string => {
  const id = run.id.slice(0, 8);
  return [
    `run ${id} is ${what}${run.reason === undefined ? '' : `: ${escapeControl(run.reason)}`}`,
    ...(run.name === undefined ? [] : [`  name     ${escapeControl(run.name)}`]),
    `  started  ${escapeControl(run.startedAt)}`,
    `  command  ${escapeControl(run.command.join(' '))}`,
    ...(run.purpose === undefined ? [] : [`  why      ${escapeControl(run.purpose)}`]),
    ...(canBeFinished(run) ? [`it has no finished record yet: trainlock finish ${id}`] : []),
  ].join('\n');
};

const canBeFinished = (run: ShownRun['run']): boolean => run.state === 'interrupted' || run.state === 'deferred';

const nextStep = (run: ShownRun['run']): readonly string[] => (canBeFinished(run) ? [`trainlock finish ${run.id.slice(0, 8)}`] : []);
