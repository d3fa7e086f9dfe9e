/** What a run has to show for the clauses of a framework. */
import { type Coverage, coverClauses } from '#evidence';
import { collectEvidence, type EvidenceOptions } from './collect-evidence.ts';
import { findMapping } from './case-facts/mapping-files.ts';

export type FrameworkCoverage = Coverage & {
  readonly run: { readonly id: string; readonly name?: string; readonly manifestSha256: string };
  /** RFC 3339: all of it was asked then. */
  readonly askedAt: string;
};

/** Throws TL1601 and TL1602 for the map, and as collectEvidence does. */
export const coverFramework = async (options: EvidenceOptions & { readonly framework: string }): Promise<FrameworkCoverage> => {
  const { mapping } = await findMapping(options.framework, options.workingDirectory);
  const { facts, place } = await collectEvidence(options);
  const { id, name } = facts.manifest.run;
  return { run: { id, ...(name === undefined ? {} : { name }), manifestSha256: facts.manifestSha256 }, askedAt: place.now, ...coverClauses(mapping, facts) };
};
