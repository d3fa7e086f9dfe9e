import { compareManifests, type Outcome, outcomeOf, sameExit } from '#diff';
import type { PackageMove } from '#environment';
import { comparePredictions } from '#gate';
import { type Criterion, judgeCriterion, type Manifest } from '#manifest';
import { compareResults } from '#replay';
import type { RunRecord, Store } from '#store';
import { TrainlockError } from '#base';
import { join } from 'node:path';
import type { CanaryAnswer, CriterionThenAndNow } from './judge-upgrade.ts';
import type { UpgradeFolder } from './upgrade-folder.ts';

type Recorded = { readonly run: RunRecord; readonly manifest: Manifest };

export type ComparedUpgrade = {
  readonly outcome: Outcome;
  readonly criteria: readonly CriterionThenAndNow[];
  readonly canary: CanaryAnswer;
  /** What else could be a cause: nothing, if only packages were changed. */
  readonly alsoDiffers: readonly string[];
  /** Causes that are not known in one of the two. */
  readonly notCompared: readonly string[];
};

/** What came out with the new packages beside what was recorded. Throws TL0505 if the run did not use them. */
export const compareUpgrade = async (
  store: Store,
  then: Recorded,
  now: Recorded,
  { folder, moves }: { readonly folder: UpgradeFolder; readonly moves: readonly PackageMove[] },
): Promise<ComparedUpgrade> => {
  refuseOtherEnvironment(now, moves);
  const facts = await compareResults(then.manifest, now.manifest, {
    recordedRun: then.run.folder.path,
    replayedRun: now.run.folder.path,
    recordedRoots: then.manifest.run.roots,
    work: join(folder.run, 'work'),
    readObject: (sha256) => store.readObject(sha256).catch(() => undefined),
    ...(await interference(store, then, now)),
  });
  const comparison = compareManifests([then.manifest, now.manifest]);
  const moved = new Set(moves.map(({ name }) => name));
  const others = comparison.causes.filter(({ class: kind, label }) => kind !== 'package' || !moved.has(label));
  const labels = (isKnown: boolean): readonly string[] => others.filter(({ kind }) => (kind !== 'unknown') === isKnown).map(({ class: kind, label }) => `${kind}: ${label}`);
  return {
    outcome: outcomeOf(facts),
    criteria: criteriaOf(then.manifest, now.manifest),
    canary: await canaryOf(store, then.manifest, now.manifest),
    alsoDiffers: labels(true),
    notCompared: labels(false),
  };
};

/** A program that finds its interpreter by itself would prove nothing of the new packages. */
const refuseOtherEnvironment = ({ run, manifest }: Recorded, moves: readonly PackageMove[]): void => {
  const used = new Map(manifest.dependencies.distributions.map(({ name, version }) => [name, version]));
  const others = moves.filter(({ name, to }) => used.get(name) !== to);
  if (others.length === 0) return;
  throw new TrainlockError('TL0505', 'the run did not use the new environment', {
    where: run.folder.path,
    notes: others.map(({ name, to }) => `${name}: ${to ?? 'nothing'} is in the new environment, the run had ${used.get(name) ?? 'nothing'}`),
    fix: 'start the program by a name that is looked up on the path, and record a run of it',
  });
};

/** Confinement itself may be why a program ends otherwise; not where the run, replayed with its own packages, ended as recorded. */
const interference = async (store: Store, then: Recorded, now: Recorded): Promise<{ readonly interference?: string }> => {
  if (sameExit(then.manifest.run.exit, now.manifest.run.exit)) return {};
  for (const replay of (await store.runs()).filter(({ kind, state, parents }) => kind === 'replay' && state === 'finished' && parents.includes(then.run.id))) {
    const manifest = await replay.manifest().catch(() => undefined);
    if (manifest !== undefined && sameExit(manifest.run.exit, then.manifest.run.exit)) return {};
  }
  return { interference: `it ran confined, and the run was never replayed with its own packages (trainlock replay ${then.run.id.slice(0, 8)})` };
};

const criteriaOf = ({ evaluation: then }: Manifest, { evaluation: now }: Manifest): readonly CriterionThenAndNow[] =>
  (then.criteria ?? []).map((criterion) => {
    const [before, after] = [judgeCriterion(criterion, then.metrics), judgeCriterion(criterion, now.metrics)];
    return { text: textOf(criterion), before: before.outcome, after: after.outcome, ...(after.outcome === 'missing' ? {} : { value: after.value }) };
  });

const textOf = ({ metric, stage, split, operator, value }: Criterion): string => [metric, stage, split, operator, value].filter((part) => part !== undefined).join(' ');

/** What was said when the model was trained, beside what the model of now says in the new environment. */
const canaryOf = async (store: Store, then: Manifest, now: Manifest): Promise<CanaryAnswer> => {
  const { canary } = then.evaluation;
  if (canary?.outputs === undefined) return { kind: 'not-asked', because: 'the run recorded no predictions' };
  const { outputs } = now.evaluation.canary ?? {};
  const gap = now.capture.gaps.find(({ about }) => about === '/evaluation/canary');
  if (outputs === undefined) return { kind: 'unknown', because: gap?.reason ?? 'it was not asked' };
  const [before, after] = [await store.readObject(canary.outputs.sha256).catch(() => undefined), await store.readObject(outputs.sha256).catch(() => undefined)];
  if (before === undefined || after === undefined) return { kind: 'unknown', because: 'its predictions are not in the store' };
  const { kind, because } = comparePredictions(before, after, canary);
  return { kind, because };
};
