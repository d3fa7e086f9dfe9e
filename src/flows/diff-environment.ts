/** The environment here, or that of another run, against the one that a run recorded. */
import { compareEnvironment, type EnvironmentFinding, hereOfManifest, isNeeded } from '#environment';
import { openStore, shortId } from '#store';
import { environmentFindings, type FindingsOptions } from './env/environment-findings.ts';

export type { EnvironmentFinding } from '#environment';

export type DiffEnvironmentOptions = Omit<FindingsOptions, 'runName'> & {
  readonly storeFolder: string;
  readonly reference: string;
  /** Another run, whose environment is compared in place of the one here. */
  readonly against?: string;
};

export type EnvironmentDifference = {
  /** The recorded run. */
  readonly run: { readonly id: string; readonly name?: string };
  /** What it was compared with: an interpreter here, or another run. */
  readonly with: { readonly kind: 'here'; readonly python?: string } | { readonly kind: 'run'; readonly id: string; readonly name?: string };
  /** Packages of the run that were compared. */
  readonly packages: number;
  readonly findings: readonly EnvironmentFinding[];
  /** same: everything recorded was compared and is so. different: at least one thing is not. undecided: at least one could not be compared. */
  readonly outcome: 'same' | 'different' | 'undecided';
};

/** Throws as the store does for each run. */
export const diffEnvironment = async (options: DiffEnvironmentOptions): Promise<EnvironmentDifference> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const run = await store.find(options.reference, options.workingDirectory);
  const manifest = await run.manifest();
  const about = {
    run: { id: run.id, ...(run.name === undefined ? {} : { name: run.name }) },
    packages: manifest.dependencies.distributions.filter((one) => options.neededOnly !== true || isNeeded(one)).length,
  };
  if (options.against === undefined) {
    const { findings, python } = await environmentFindings(manifest, { ...options, runName: shortId(run.id) });
    return { ...about, with: { kind: 'here', ...(python === undefined ? {} : { python }) }, findings, outcome: outcomeOf(findings) };
  }
  const other = await store.find(options.against, options.workingDirectory);
  const findings = compareEnvironment(manifest, hereOfManifest(await other.manifest()), { run: shortId(run.id), python: 'python', ...neededOf(options) });
  return { ...about, with: { kind: 'run', id: other.id, ...(other.name === undefined ? {} : { name: other.name }) }, findings, outcome: outcomeOf(findings) };
};

const neededOf = ({ neededOnly }: { readonly neededOnly?: boolean }): { readonly neededOnly?: boolean } => (neededOnly === undefined ? {} : { neededOnly });

/** Anything different decides; without that, anything unknown. */
const outcomeOf = (findings: readonly EnvironmentFinding[]): EnvironmentDifference['outcome'] =>
  findings.some(({ state }) => state === 'different') ? 'different' : findings.length > 0 ? 'undecided' : 'same';
