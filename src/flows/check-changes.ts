/** Looks which records, approvals, policies, trust files and snapshots a change of the repository touches, and whether each is whole. */
import { escapeControl, TrainlockError } from '#base';
import { checkDocument } from '#manifest';
import type { ReportedFinding } from '#report';
import { type ChangedUnit, changedUnits } from './git-check/changed-units.ts';
import { judgeSignedHere } from './git-check/judge-signed-here.ts';
import { judgePolicyHere, judgeSnapshotHere, judgeTrustHere } from './git-check/judge-others-here.ts';
import { filesOfUnit, judgeDocument, judgeRecordHere, MAX_BUNDLE, type WhoseRecords } from './git-check/judge-record-here.ts';
import { rewritten } from './git-check/rewritten.ts';
import { type Side, sidesOf } from './git-check/side-of.ts';
import { isMoved, movedFindings, movedProjects, partedProjects } from './git-check/moved-projects.ts';
import { oddEntries } from './git-check/odd-entries.ts';
import { placeFindings, projectOfSide } from './git-check/project-of-base.ts';
import { storesOf } from './git-check/stores-of.ts';
import { type TrustAnchor, trustOfSide } from './git-check/trust-of-side.ts';
import { type ChangedFile, changedFiles, type GitState } from './git/git-files.ts';
import { pathInRepository, type Repository, repositoryOf } from './git/repository.ts';
import { commitOf, emptyTree, partedFrom } from './git/revisions.ts';
import { projectIn } from './policy/policy-at-base.ts';
import { localKeys } from './trust-file/local-keys.ts';
import { configuredPins, type Environment, namedPin } from './trust-file/trust-places.ts';

export type CheckChangesOptions = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** What the change is measured against: a branch, a tag, a commit. Default for what is staged: the commit that is checked out. */
  readonly base?: string;
  /** What is changed: a commit. Default: the one that is checked out. */
  readonly head?: string;
  /** Look at what is staged, in place of a commit. */
  readonly staged: boolean;
  /** A pin file for this question. */
  readonly pin?: string;
  /** Where no root is pinned, the trust file of the base counts by itself. */
  readonly selfAnchored?: boolean;
  /** Where the records of the project lie now. */
  readonly storeFolder: string;
};

/** A thing that was looked at. */
export type LookedAt = { readonly kind: ChangedUnit['kind']; readonly file: string; readonly change: 'added' | 'changed' | 'removed' };

export type CheckedChanges = {
  /** refuted: something is definitely not as it must be. undecided: something nobody knows here. whole: neither. */
  readonly kind: 'whole' | 'refuted' | 'undecided';
  readonly base: { readonly revision: string; readonly commit: string };
  readonly head: { readonly revision: string; readonly commit?: string };
  readonly looked: readonly LookedAt[];
  readonly findings: readonly ReportedFinding[];
};

/** Most things that are looked at. */
const MOST = 10_000;

/** The states that are compared. */
export type ComparedStates = {
  readonly repository: Repository;
  readonly base: CheckedChanges['base'];
  readonly head: CheckedChanges['head'];
  readonly parted: readonly string[];
  readonly after: GitState;
};

/** Throws TL0001 without a base, TL1701 without a repository, TL1703 for a revision that is not there, TL1201 for a pin that cannot be used. */
export const checkChanges = async (options: CheckChangesOptions): Promise<CheckedChanges> => {
  const states = await comparedStates(options);
  const { side, end } = sidesOf(states.repository);
  try {
    const anchor = await anchorOf(options);
    const changed = await changedIn(states, side, options);
    const local = await localKeys(options.env);
    return await judgeUnits(states, { ...changed, side, anchor, local });
  } finally {
    end();
  }
};

/** The roots that are pinned here for a question. */
export const anchorOf = async ({ workingDirectory, projectRoot, env, pin, selfAnchored = false }: CheckChangesOptions): Promise<TrustAnchor> => {
  const [found] = pin === undefined ? await configuredPins(env) : [await namedPin(pin, workingDirectory, projectRoot)];
  return { pin: found?.pin, selfAnchored, now: new Date().toISOString() };
};

export const comparedStates = async ({ projectRoot, workingDirectory, env, base, head, staged }: CheckChangesOptions): Promise<ComparedStates> => {
  const repository = await repositoryOf(projectRoot);
  if (staged) {
    // Git gives a hook the index that it is about to commit.
    const file = env['GIT_INDEX_FILE'];
    const revision = base ?? 'HEAD';
    const commit = base === undefined ? await commitOf(repository, 'HEAD').catch(() => undefined) : await commitOf(repository, base);
    const before = commit ?? (await emptyTree(repository));
    const after: GitState = { kind: 'index', ...(file === undefined || file === '' ? {} : { file: file.startsWith('/') ? file : `${workingDirectory}/${file}` }) };
    return { repository, base: { revision, commit: before }, head: { revision: 'what is staged' }, parted: [before], after };
  }
  if (base === undefined)
    throw new TrainlockError('TL0001', 'against what? A change is measured against a branch or a commit', { fix: 'trainlock git check --base origin/main   # or --staged' });
  const [from, to] = [await commitOf(repository, base), await commitOf(repository, head ?? 'HEAD')];
  return {
    repository,
    base: { revision: base, commit: from },
    head: { revision: head ?? 'HEAD', commit: to },
    parted: await partedFrom(repository, from, to),
    after: { kind: 'tree', id: to },
  };
};

/** What a change touches, and what it does to the places in which documents lie. */
export type Changed = {
  readonly units: readonly ChangedUnit[];
  readonly stores: readonly string[];
  /** The project that is asked about, as the base has it: its folder with a slash at the end; empty at the top. */
  readonly project: string;
  readonly placing: readonly ReportedFinding[];
};

/** The folder of a file, with a slash at the end; empty at the top. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** What differs from any of the states before. Which project is asked about says the base. Throws TL1701. */
export const changedIn = async (states: ComparedStates, side: (state: GitState) => Side, options: CheckChangesOptions): Promise<Changed> => {
  const { repository, parted } = states;
  const [before, after] = [side({ kind: 'tree', id: states.base.commit }), side(states.after)];
  const now = await projectIn(repository, options.projectRoot);
  const folder = await pathInRepository(repository, options.workingDirectory);
  const project = folder === undefined ? now : await projectOfSide(before, folder === '' ? '' : `${folder}/`);
  const stores = await storesOf(repository, before, { project, storeFolder: options.storeFolder });
  const files = new Map<string, ChangedFile>();
  for (const one of parted) for (const file of await changedFiles(repository, one, states.after)) if (!files.has(file.path)) files.set(file.path, file);
  const all = [...files.values()];
  const left = new Set<string>();
  for (const root of partedProjects(all)) if ((await after.below([`${root}.trainlock`])).size > 0) left.add(root);
  const moves = movedProjects(all, (root) => left.has(root));
  const units = changedUnits(
    all.filter((file) => !isMoved(file, moves)),
    stores,
  );
  return {
    units: await Promise.all(units.map(async (unit) => (unit.kind === 'sidecar' ? { ...unit, project: await projectOfSide(before, folderOf(unit.unit)) } : unit))),
    stores,
    project,
    placing: [...(await placeFindings({ before, after }, { project, now })), ...movedFindings(moves), ...oddEntries(all, stores)],
  };
};

type Judging = Pick<Changed, 'units' | 'stores' | 'placing'> & {
  readonly side: (state: GitState) => Side;
  readonly anchor: TrustAnchor;
  readonly local: WhoseRecords['local'];
};

/** Judges each thing by itself; whose signatures count says the base, and never the change. */
export const judgeUnits = async (states: ComparedStates, { units, side, anchor, local, stores, placing }: Judging): Promise<CheckedChanges> => {
  const before = side({ kind: 'tree', id: states.base.commit });
  const after = side(states.after);
  const trusts = new Map<string, Promise<WhoseRecords['trust']>>();
  const trustOf = (project: string): Promise<WhoseRecords['trust']> => {
    const known = trusts.get(project) ?? trustOfSide(before, project, anchor).then(({ standing }) => standing);
    trusts.set(project, known);
    return known;
  };
  const findings: ReportedFinding[] = [...placing];
  for (const unit of units.slice(0, MOST)) findings.push(...(await judgeUnit(unit, { before, after, now: anchor.now, local, stores, trust: await trustOf(unit.project) })));
  if (units.length > MOST) findings.push({ id: 'documents-left-out', severity: 'warning', message: `${units.length - MOST} more documents changed than are looked at` });
  return { kind: kindOf(findings), base: states.base, head: states.head, looked: units.slice(0, MOST).map(lookedAt), findings: findings.map(plainly) };
};

/** Names of files and of people in a sentence: nothing of them may look like a line of ours. */
export const plainly = ({ message, fix, ...finding }: ReportedFinding): ReportedFinding => ({
  ...finding,
  message: escapeControl(message),
  ...(fix === undefined ? {} : { fix: escapeControl(fix) }),
});

export const kindOf = (findings: readonly ReportedFinding[]): CheckedChanges['kind'] =>
  findings.some(({ severity }) => severity === 'error') ? 'refuted' : findings.some(({ severity }) => severity === 'warning') ? 'undecided' : 'whole';

type JudgingUnit = WhoseRecords & { readonly before: Side; readonly after: Side; readonly now: string; readonly stores: readonly string[] };

const judgeUnit = async (unit: ChangedUnit, judging: JudgingUnit): Promise<readonly ReportedFinding[]> => {
  const { before, after, now, trust, stores } = judging;
  const never = await rewritten(unit, before);
  if (never.some(({ severity }) => severity === 'error')) return never;
  return [...never, ...(await content(unit, { after, before, now, trust, local: judging.local, stores }))];
};

const content = async (unit: ChangedUnit, judging: JudgingUnit): Promise<readonly ReportedFinding[]> => {
  const { before, after, now, trust, stores, local } = judging;
  switch (unit.kind) {
    case 'record': {
      const parts = await filesOfUnit(after, unit.unit, stores);
      return parts.length === 0 ? unreadable(unit) : judgeRecordHere(after, { unit: unit.unit, parts }, { trust, local });
    }
    case 'approval':
    case 'exception':
    case 'history': {
      const parts = await filesOfUnit(after, unit.unit, stores);
      return parts.length === 0 ? unreadable(unit) : judgeSignedHere(after, { kind: unit.kind, unit: unit.unit, parts }, { trust, local });
    }
    case 'policy':
      return judgePolicyHere(unit, after);
    case 'trust':
      return judgeTrustHere(unit, { before, after, now });
    case 'snapshot':
      return judgeSnapshotHere(unit, after);
    case 'sidecar':
      return judgeSidecar(unit, judging);
  }
};

/** A thing of which something came, and of which nothing can be found. What went is told elsewhere. */
const unreadable = ({ kind, parts }: ChangedUnit): readonly ReportedFinding[] =>
  parts
    .filter(({ after }) => after !== undefined)
    .slice(0, 1)
    .map(({ path }) => ({ id: `${kind}-refuted`, severity: 'error', file: path, message: 'git has it, and it cannot be found under its name' }));

/** A record beside a model: each new model has another one. */
const judgeSidecar = async ({ unit, parts: [changed] }: ChangedUnit, { after, trust, local }: JudgingUnit): Promise<readonly ReportedFinding[]> => {
  if (changed?.after === undefined) return [];
  const bytes = await after.bytes(changed.after, MAX_BUNDLE);
  if (bytes === undefined) return [{ id: 'record-refuted', severity: 'error', file: unit, message: 'the record cannot be read' }];
  const isSigned = checkDocument(bytes).form === 'bundle';
  const seal = { bundles: isSigned ? [{ name: unit, bytes, isFurther: false }] : [], named: [], local, trust, authorities: [] };
  return judgeDocument(bytes, unit, { stated: [], seal });
};

const lookedAt = ({ kind, parts }: ChangedUnit): LookedAt => {
  const [first] = parts;
  const all = (test: (part: ChangedUnit['parts'][number]) => boolean): boolean => parts.every(test);
  const change = all(({ before }) => before === undefined) ? 'added' : all(({ after }) => after === undefined) ? 'removed' : 'changed';
  return { kind, file: (parts.find(({ part }) => part === 'statement') ?? first!).path, change };
};
