import { relative, resolve } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { factsText, type GateAnswer, gateModel, type GateOptions } from '#flows/gate-model';
import { loadProject, type Project } from '#flows/load-project';
import type { Deployed } from '#flows/say-deployed';
import { writeReports } from '#flows/write-reports';
import { gateFindings, githubAnnotations, renderGate } from '#report';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { GATE_EXITS, gateRequest } from '../gate-request.ts';
import { loggedText } from '../logged-text.ts';
import { shieldedText, wantedReports } from '../report-files.ts';
import { signingPlace } from '../signing-place.ts';

/** Most rows of a sample. */
const MOST_ROWS = 100_000;

/** What only the gate is asked: where the record lies if not here, and what reaches the model. Throws TL0001. */
const onlyAsked = ({ flags }: ParsedInput): Pick<GateOptions, 'from' | 'liveSample' | 'rows'> => {
  const texts = { from: flags['from'], liveSample: flags['live-sample'] };
  const rows = countFlag(flags['rows'], 'rows');
  if (rows !== undefined && texts.liveSample === undefined)
    throw new TrainlockError('TL0001', '--rows says how much of a sample is looked at, so it needs --live-sample', { fix: 'add --live-sample FILE' });
  if (rows !== undefined && rows > MOST_ROWS) throw new TrainlockError('TL0001', `--rows takes at most ${MOST_ROWS}`, { fix: 'write for example --rows=1000' });
  return { ...(rows === undefined ? {} : { rows }), ...Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string')) };
};

/** Findings for other programs, in files. Gives the paths of those that were written. */
const reportFiles = (input: ParsedInput, answer: GateAnswer, context: CommandContext): ReturnType<typeof writeReports> => {
  const { decision, policy, run, environment } = answer;
  const defaultFile = relative(context.workingDirectory, policy.path);
  return writeReports(wantedReports(input, context), {
    findings: gateFindings(decision, defaultFile),
    defaultFile,
    suite: `gate ${environment} ${run.id.slice(0, 8)}`,
    passed: decision.steps.filter(({ outcome }) => outcome === 'held').map(({ name }) => name),
    markdown: () => renderGate(answer, { format: 'markdown' }),
  });
};

/** The code that signs is loaded only when a summary is asked for. */
const summaryText = async (path: string, answer: GateAnswer, { project, env }: { readonly project: Project; readonly env: CommandContext['env'] }): Promise<string> => {
  if (answer.decision.kind === 'undecided') return 'no summary is written: it can only say passed or failed, and the answer is undecided';
  const { summariseGate } = await import('#flows/summarise-gate');
  const levels = await summariseGate(answer, { path, settings: project.settings, env });
  return `wrote ${escapeControl(path)}: ${levels.length === 0 ? 'FAILED' : levels.join(', ')}`;
};

/** What is said of a place, and only of a model that was allowed just now. */
const deployed = async (input: ParsedInput, answer: GateAnswer, context: CommandContext): Promise<Deployed | undefined> => {
  const { deployed: place, reason, trust: pin, policy: file } = input.flags;
  if (typeof place !== 'string') return undefined;
  if (answer.decision.kind !== 'allowed') {
    context.say(`nothing is said of ${escapeControl(place)}: the answer is ${answer.decision.kind}`);
    return undefined;
  }
  const { sayDeployed } = await import('#flows/say-deployed');
  const texts = Object.fromEntries(Object.entries({ pin, file }).filter(([, value]) => typeof value === 'string'));
  const said = await sayDeployed(answer, { ...(await signingPlace(input, context)), ...texts, place, reason: typeof reason === 'string' ? reason : 'the gate allowed it' });
  context.say(
    [
      `${escapeControl(said.person)} says that it runs at ${escapeControl(place)}: ${said.sha256.slice(0, 12)}`,
      `wrote ${escapeControl(said.path)}`,
      ...loggedText(said.logged),
    ].join('\n'),
  );
  return said;
};

const textOf = ({ flags }: ParsedInput, { facts, ...told }: GateAnswer, { colour, workingDirectory }: CommandContext): string => {
  const shown = flags['explain'] === true ? factsText(facts) : renderGate(told, { colour });
  if (flags['github'] !== true) return shown;
  return [shieldedText(shown), githubAnnotations(gateFindings(told.decision, relative(workingDirectory, told.policy.path)))].join('\n');
};

/** Says whether a model may run in an environment. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const request = { ...gateRequest(input, context, { project, command: 'gate' }), ...onlyAsked(input) };
  const progress = context.progress('checking');
  const answer = await gateModel({ ...request, onProgress: progress.onProgress }).finally(progress.end);
  for (const path of await reportFiles(input, answer, context)) context.say(`wrote ${escapeControl(path)}`);
  if (typeof input.flags['vsa'] === 'string') context.say(await summaryText(resolve(context.workingDirectory, input.flags['vsa']), answer, { project, env: context.env }));
  const said = await deployed(input, answer, context);
  const { facts: _, ...told } = answer;
  return {
    exit: GATE_EXITS[answer.decision.kind],
    text: textOf(input, answer, context),
    data: { ...(input.flags['explain'] === true ? answer : told), ...(said === undefined ? {} : { deployed: said }) },
  };
};
