import { compareEnvironment, type EnvironmentFinding } from '#environment';
import type { Manifest } from '#manifest';
import { environmentHere, type HereOptions } from './environment-here.ts';

export type FindingsOptions = HereOptions & {
  /** The run as commands of remedies name it. */
  readonly runName: string;
  /** Only what the run needed. */
  readonly neededOnly?: boolean;
};

/** What was found, and the interpreter that was asked; absent if there is none. No finding at all means that everything recorded is the same. */
export type FoundEnvironment = { readonly findings: readonly EnvironmentFinding[]; readonly python?: string };

/** Asks the environment here and compares it with a manifest. Never throws for what does not answer: that is a finding of state unknown. */
export const environmentFindings = async (manifest: Manifest, options: FindingsOptions): Promise<FoundEnvironment> => {
  const { here, python } = await environmentHere(manifest, options);
  const { runName, neededOnly = false } = options;
  return { findings: compareEnvironment(manifest, here, { run: runName, python: python ?? 'python', neededOnly }), ...(python === undefined ? {} : { python }) };
};
