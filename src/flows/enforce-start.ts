/** Whether a run may be started by the policy: a purpose, committed code, and data and packages as an approved record has them. */
import { type Approved, judgeStart, type StartQuestion } from '#approval';
import { countOf, secretValuesOf, TrainlockError } from '#base';
import { probeMachine } from '#capture';
import type { Config } from '#config';
import { environmentFindings } from './env/environment-findings.ts';
import { type ApprovedRun, approvedRuns } from './enforce/approved-runs.ts';
import { policyHere } from './policy/policy-file.ts';
import { lookAtGit } from './project-health/look-at-machine.ts';
import { standingOf } from './trust-file/standing-of.ts';
import { judge } from './verify-run.ts';

export type StartOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Pick<Config, 'data'>;
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
  const { policy } = await policyHere(options);
  const trust = await standingOf({ projectRoot, workingDirectory, env, now: new Date().toISOString() });
  const [starters, repository, approved] = await Promise.all([startersOf(options), repositoryOf(options), approvedRuns({ ...options, trust, actors: [], policy })]);
  const [data, software] = [await dataOf(options, approved), await softwareOf(options, approved)];
  return judgeStart(policy, { starters, repository, data, software, ...(purpose === undefined ? {} : { purpose }) });
};

const startersOf = async ({ projectRoot, env }: StartOptions): Promise<readonly string[]> => {
  const { who } = await probeMachine({ projectRoot, env, knownSecrets: secretValuesOf(env), pseudonymKey: new Uint8Array(32), pseudonym: false });
  const { email, name, account } = who.participant;
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

const NOTHING_APPROVED: Approved = { kind: 'other', because: 'no record is approved yet' };

/** The first approved run that answers yes; else what the newest said. */
const firstOf = async (approved: readonly ApprovedRun[], ask: (one: ApprovedRun) => Promise<Approved>): Promise<Approved> => {
  let newest: Approved | undefined;
  for (const one of approved) {
    const answer = await ask(one);
    if (answer.kind === 'approved') return answer;
    newest ??= answer;
  }
  return newest ?? NOTHING_APPROVED;
};

/** Every data set of an approved record must lie here as it was, and each that is declared now must be one of them. */
const dataOf = (options: StartOptions, approved: readonly ApprovedRun[]): Promise<Approved> =>
  firstOf(approved, async ({ run, manifest }) => {
    const undeclared = Object.keys(options.config.data ?? {}).find((name) => !manifest.data.some((set) => set.name === name));
    if (undeclared !== undefined) return { kind: 'other', because: `${undeclared} is not in the record ${run.id.slice(0, 8)}` };
    const question = { leavesOutputs: true, model: false, data: true, environment: false, signature: true, time: false, log: false };
    const { verdict } = await judge({ ...options, reference: run.statementPath, question });
    if (verdict.kind === 'proven') return { kind: 'approved', by: run.id };
    const wrong = verdict.checks.find(({ outcome }) => outcome === 'broken') ?? verdict.checks.find(({ outcome }) => outcome === 'unknown');
    const because = `${wrong?.about ?? wrong?.name ?? ''}: ${wrong?.because ?? ''} (record ${run.id.slice(0, 8)})`;
    return { kind: verdict.kind === 'refuted' ? 'other' : 'unknown', because };
  });

const softwareOf = (options: StartOptions, approved: readonly ApprovedRun[]): Promise<Approved> =>
  firstOf(approved, async ({ run, manifest }) => {
    const { findings } = await environmentFindings(manifest, { ...options, runName: run.id.slice(0, 8), neededOnly: true });
    const packages = findings.filter(({ id }) => id === 'TL3001');
    const [worst] = packages;
    if (worst === undefined) return { kind: 'approved', by: run.id };
    const more = packages.length === 1 ? '' : `, and ${countOf(packages.length - 1, 'more difference')}`;
    return {
      kind: worst.state === 'different' ? 'other' : 'unknown',
      because: `${worst.about}: ${worst.recorded} is approved, here ${worst.here}${more} (record ${run.id.slice(0, 8)})`,
    };
  });
