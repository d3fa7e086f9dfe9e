import { escapeControl, EXIT, TrainlockError } from '#base';
import { type AskedProfile, declaredAt, type DeclaredSet, snapshotProfile } from '#flows/declared-data';
import { loadProject, type Project } from '#flows/load-project';
import { checkName, mustBeData, takeSnapshot, type TakenSnapshot } from '#flows/take-snapshot';
import { resolve } from 'node:path';
import type { CommandHandler, ParsedInput } from '../command.ts';
import { countFlag } from '../count-flag.ts';
import { snapshotText } from '../snapshot-text.ts';

/** Takes a snapshot of each path, or of each declared data set. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { name, full, ignore } = input.flags;
  const wanted = wantedPaths(input.positionals, project, context.workingDirectory);
  if (wanted.length === 0) throw new TrainlockError('TL0001', 'nothing to take: no PATH is given and trainlock.yaml declares no data', { fix: 'trainlock snapshot PATH' });
  if (name !== undefined && wanted.length > 1) throw new TrainlockError('TL0001', '--name names one snapshot, but several paths are given', { fix: 'take them one after another' });
  checkName(typeof name === 'string' ? name : undefined);
  if (Array.isArray(ignore) && ignore.includes('')) throw new TrainlockError('TL0001', '--ignore needs a glob, for example *.tmp', { fix: 'trainlock help snapshot' });
  // One that is not there is told before the others are read.
  for (const one of wanted) mustBeData(one.path, one.name);
  mustProfile(input, wanted);
  const jobs = countFlag(input.flags['jobs'], 'jobs');
  const taken: TakenSnapshot[] = [];
  for (const one of wanted) {
    const progress = context.progress('reading');
    const snapshot = await takeSnapshot({
      projectRoot: project.projectRoot,
      storeFolder: project.storeFolder,
      home: context.env['HOME'],
      path: one.path,
      now: new Date().toISOString(),
      ...(typeof name === 'string' ? { name } : one.name === undefined ? {} : { name: one.name }),
      ...(full === true ? { full } : {}),
      ...(Array.isArray(ignore) ? { ignore } : {}),
      ...(jobs === undefined ? {} : { jobs }),
      ...snapshotProfile(one.declared, askedProfile(input)),
      ...(input.flags['keep'] === true ? { keep: true } : {}),
      onProgress: progress.onProgress,
    }).finally(progress.end);
    for (const finding of snapshot.storeFindings) if (taken.length === 0) context.say(`trainlock: ${escapeControl(finding.message)}`);
    taken.push(snapshot);
  }
  return {
    exit: taken.every(({ snapshot, kept }) => snapshot.complete && (kept?.failed.length ?? 0) === 0) ? EXIT.yes : EXIT.undecided,
    text: taken.map(snapshotText).join('\n'),
    data: { snapshots: taken.map(({ sha256, path, snapshot, unchanged, readBytes, kept, notes }) => ({ sha256, document: path, unchanged, readBytes, kept, notes, snapshot })) },
    findings: taken.flatMap(({ snapshot }) =>
      (snapshot.findings ?? []).map(({ kind, path, reason, other }) => ({
        kind,
        severity: SEVERE.has(kind) ? ('error' as const) : ('note' as const),
        message: reason ?? (other === undefined ? kind : `the same as ${other}`),
        where: path,
      })),
    ),
    next: taken.length === 1 ? [`trainlock data verify ${taken[0]!.snapshot.name ?? taken[0]!.sha256.slice(0, 12)}`] : [],
  };
};

/** Findings that make a snapshot incomplete. */
const SEVERE: ReadonlySet<string> = new Set(['unreadable', 'changed', 'vanished', 'limit']);

type Wanted = { readonly path: string; readonly name?: string; readonly declared?: DeclaredSet };

const wantedPaths = (given: readonly string[], project: Project, workingDirectory: string): readonly Wanted[] =>
  given.length > 0
    ? given.map((one) => {
        const path = resolve(workingDirectory, one);
        const declared = declaredAt(project, path);
        return { path, ...(declared === undefined ? {} : { declared }) };
      })
    : Object.entries(project.config.data ?? {}).map(([name, declared]) => ({ name, path: resolve(project.projectRoot, declared.path), declared }));

/** What is asked of columns means nothing if nobody looks at them. */
const mustProfile = ({ flags: { profile, label, column } }: ParsedInput, wanted: readonly Wanted[]): void => {
  const asked = label !== undefined ? '--label' : column !== undefined ? '--column' : undefined;
  const looks = profile === true || wanted.some(({ declared }) => declared?.profile !== undefined && declared.profile !== 'off');
  if (asked !== undefined && !looks) throw new TrainlockError('TL0001', `${asked} says what is told of columns, so it needs --profile`, { fix: 'add --profile' });
};

const DETAILS = ['full', 'counts', 'off'] as const;

/** What the flags ask to be told of what lies inside. */
const askedProfile = ({ flags: { profile, label, column } }: ParsedInput): AskedProfile => ({
  profile: profile === true,
  ...(typeof label === 'string' ? { label } : {}),
  ...(Array.isArray(column) ? { columns: Object.fromEntries(column.map(columnDetail)) } : {}),
});

/** NAME=full, NAME=counts or NAME=off. */
const columnDetail = (text: string): readonly [string, (typeof DETAILS)[number]] => {
  const at = text.lastIndexOf('=');
  const detail = DETAILS.find((one) => one === text.slice(at + 1));
  if (at < 1 || detail === undefined)
    throw new TrainlockError('TL0001', `--column is written NAME=full, NAME=counts or NAME=off, not ${escapeControl(text)}`, { fix: 'for example --column name=off' });
  return [text.slice(0, at), detail];
};
