/** Whether a run may be started by the policy: a purpose, committed code, and data and packages as an approved record has them. */
import { type Approved, judgeStart, type StartQuestion } from '#approval';
import { countOf, TrainlockError } from '#base';
import { probeParticipant } from '#capture';
import type { Config } from '#config';
import { environmentFindings } from './env/environment-findings.ts';
import { approvedRuns } from './enforce/approved-runs.ts';
import { isPython } from './env/is-python.ts';
import type { ExactRecord } from './policy/exact-record.ts';
import { readProject } from './policy/change-here.ts';
import { lookAtGit } from './project-health/look-at-machine.ts';
import { standingOf } from './trust-file/standing-of.ts';
import { judge } from './verify-run.ts';

export type StartOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Pick<Config, 'data'>;
  /** What is to be started. */
  readonly command: readonly string[];
  readonly purpose?: string;
};

/** Throws TL0405 with every reason if the run may not be started, also where something cannot be known. Starts nothing. */
export const enforceStart = async (options: StartOptions): Promise<void> => {
  const refusals = await refusalsOf(options).catch((error: unknown) => {
    if (error instanceof TrainlockError) throw refused(error.message, [], error.fix);
    throw error;
  });
  const [first, ...others] = refusals;
  if (first !== undefined)
    throw refused(
      first.because,
      others.map(({ because }) => because),
      first.fix,
    );
};

const refused = (because: string, notes: readonly string[], fix: string | undefined): TrainlockError =>
  new TrainlockError('TL0405', `the run is not allowed: ${because}`, { notes: notes.map((note) => `also: ${note}`), ...(fix === undefined ? {} : { fix }) });

const refusalsOf = async (options: StartOptions): Promise<ReturnType<typeof judgeStart>> => {
  const { projectRoot, workingDirectory, env, purpose } = options;
  const trust = await standingOf({ projectRoot, workingDirectory, env, now: new Date().toISOString() });
  const read = await readProject({ ...options, trust });
  const [starters, repository, approved] = await Promise.all([startersOf(options), repositoryOf(options), approvedRuns({ ...options, trust, read, actors: [] })]);
  const { data, software } = await approvedHere(options, approved);
  return judgeStart(read.policy, { starters, repository, data, software, ...(purpose === undefined ? {} : { purpose }) });
};

const startersOf = async ({ projectRoot, env }: StartOptions): Promise<readonly string[]> => {
  const probe = await probeParticipant({ directory: projectRoot, environment: env });
  if (probe.kind !== 'seen') return [];
  const { email, name, account } = probe.value;
  return [email, name, account].filter((one) => one !== undefined);
};

const repositoryOf = async ({ projectRoot, env }: StartOptions): Promise<StartQuestion['repository']> => {
  const git = await lookAtGit(projectRoot, env);
  switch (git.kind) {
    case 'repository':
      return git.changedFiles === 0 ? { kind: 'clean' } : { kind: 'dirty', changedFiles: git.changedFiles };
    case 'unborn':
      return { kind: 'none', because: 'the repository has no commit yet' };
    case 'no-repository':
      return { kind: 'none', because: 'it is in no repository' };
    case 'unreadable':
      return { kind: 'unknown', because: git.reason };
  }
};

/** What one approved record says of the data and the software here. */
type ApprovedHere = Pick<StartQuestion, 'data' | 'software'>;

const NOTHING_APPROVED: Approved = { kind: 'other', because: 'no record is approved yet' };

/** One approved record must have data and software as they are here; else what the newest said. */
const approvedHere = async (options: StartOptions, approved: readonly ExactRecord[]): Promise<ApprovedHere> => {
  let newest: ApprovedHere | undefined;
  for (const one of approved) {
    const data = await dataOf(options, one);
    // To ask for the software starts an interpreter, and an older record with other data has lost already.
    if (newest !== undefined && data.kind !== 'approved') continue;
    const answer = { data, software: await softwareOf(options, one) };
    if (answer.data.kind === 'approved' && answer.software.kind === 'approved') return answer;
    newest ??= answer;
  }
  return newest ?? { data: NOTHING_APPROVED, software: NOTHING_APPROVED };
};

/** Every data set of an approved record must lie here as it was, and each that is declared now must be one of them. */
const dataOf = async (options: StartOptions, { run, manifest, statement }: ExactRecord): Promise<Approved> => {
  const undeclared = Object.keys(options.config.data ?? {}).find((name) => !manifest.data.some((set) => set.name === name));
  if (undeclared !== undefined) return { kind: 'other', because: `${undeclared} is not in the record ${run.id.slice(0, 8)}` };
  const question = { leavesOutputs: true, model: false, data: true, environment: false, signature: true, time: false, log: false };
  const { verdict } = await judge({ ...options, reference: run.statementPath, question, found: { run, statement } });
  if (verdict.kind === 'proven') return { kind: 'approved', by: run.id };
  const wrong = verdict.checks.find(({ outcome }) => outcome === 'broken') ?? verdict.checks.find(({ outcome }) => outcome === 'unknown');
  const because = `${wrong?.about ?? wrong?.name ?? ''}: ${wrong?.because ?? ''} (record ${run.id.slice(0, 8)})`;
  return { kind: verdict.kind === 'refuted' ? 'other' : 'unknown', because };
};

/** The interpreter that the command starts is asked, and no other. What is not Python has no packages that could be compared. */
const softwareOf = async (options: StartOptions, { run, manifest }: ExactRecord): Promise<Approved> => {
  const [program = ''] = options.command;
  const about = `(record ${run.id.slice(0, 8)})`;
  if (!isPython(program)) return { kind: 'unknown', because: `${program} is no Python, and nothing else tells its packages ${about}` };
  if (manifest.dependencies.interpreters.length === 0) return { kind: 'other', because: `the record names no Python ${about}` };
  const { findings } = await environmentFindings(manifest, { ...options, python: program, runName: run.id.slice(0, 8), neededOnly: true });
  const packages = findings.filter(({ id }) => id === 'TL3001');
  const [worst] = packages;
  if (worst === undefined) return { kind: 'approved', by: run.id };
  const more = packages.length === 1 ? '' : `, and ${countOf(packages.length - 1, 'more difference')}`;
  return { kind: worst.state === 'different' ? 'other' : 'unknown', because: `${worst.about}: ${worst.recorded} is approved, here ${worst.here}${more} ${about}` };
};
