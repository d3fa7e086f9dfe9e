import { relative } from 'node:path';
import { escapeControl, EXIT, nearest, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import type { FurtherKind } from '#flows/sign-further';
import { type SignedRun, signRuns } from '#flows/sign-runs';
import type { CommandHandler } from '../command.ts';
import { recordsSignedText } from '../records-signed-text.ts';

type Flag = Parameters<CommandHandler>[0]['flags'][string];

const list = (value: Flag): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

const urlsOf = (value: Flag): readonly string[] =>
  list(value).map((url) => {
    if (!/^https?:\/\/[^\s]+$/.test(url)) throw new TrainlockError('TL0001', `--time ${url} is not an address`, { fix: '--time https://time.example.com/tsr' });
    return url;
  });

const KINDS: readonly FurtherKind[] = ['slsa-provenance', 'test-result', 'model-signing'];

const kindsOf = (value: Flag): readonly FurtherKind[] =>
  list(value).map((word) => {
    const kind = KINDS.find((known) => known === word);
    if (kind === undefined)
      throw new TrainlockError('TL0001', `--also ${word} is not known`, { notes: [`known are ${KINDS.join(', ')}`], fix: `--also ${nearest(word, KINDS) ?? KINDS[0]}` });
    return kind;
  });

/** Signs records. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  // What speaks with services is loaded only where it is asked for.
  if (input.flags['keyless'] === true) return (await import('./sign-keyless.ts')).signWithIdentity(input, context, project);
  const dryRun = input.flags['dry-run'] === true;
  const { runs, leftOut, madeKey, logged } = await signRuns({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    settings: project.settings,
    timeAuthorities: urlsOf(input.flags['time']),
    also: kindsOf(input.flags['also']),
    ...(typeof input.flags['key'] === 'string' ? { key: input.flags['key'] } : {}),
    references: input.positionals,
    dryRun,
  });
  const lines = runs.map((run) => lineOf(run, context.workingDirectory));
  return {
    exit: leftOut.length > 0 || (input.flags['time'] !== undefined && runs.some(({ signed }) => signed?.times.length === 0)) ? EXIT.no : EXIT.yes,
    text: [
      ...(madeKey ? ['made the key default of this user: trainlock keys list'] : []),
      ...recordsSignedText({ runs, leftOut, isDryRun: dryRun, lines, ...(logged === undefined ? {} : { logged }) }),
    ].join('\n'),
    data: { runs, leftOut, madeKey, dryRun, logged: logged ?? null },
    next: runs.length === 0 || dryRun ? [] : [`trainlock verify ${runs[0]!.id.slice(0, 8)}`],
  };
};

const lineOf = ({ id, signed }: SignedRun, workingDirectory: string): string => {
  if (signed === undefined) return id.slice(0, 8);
  const pathOf = (path: string): string => escapeControl(relative(workingDirectory, path));
  return [
    `${signed.isNew ? `signed ${id.slice(0, 8)}` : `${id.slice(0, 8)} is signed already`} with the key ${signed.keyId.slice(0, 12)}…: ${pathOf(signed.bundlePath)}`,
    ...signed.times.map(({ url, time }) => `  dated ${time} by ${escapeControl(url)}`),
    ...signed.further.flatMap((one) => ('path' in one ? [`  also ${one.kind}: ${pathOf(one.path)}`] : [])),
    ...signed.problems.map((problem) => `  ${escapeControl(problem)}`),
  ].join('\n');
};
