/** The principles of ALCOA+ for one record. */
import { type AlcoaLetter, alcoaLetters } from '#evidence';
import { collectEvidence, type EvidenceOptions } from './collect-evidence.ts';

export type AlcoaReport = { readonly run: { readonly id: string; readonly name?: string; readonly manifestSha256: string }; readonly letters: readonly AlcoaLetter[] };

/** Throws as collectEvidence does. */
export const reportAlcoa = async (options: EvidenceOptions): Promise<AlcoaReport> => {
  const { facts } = await collectEvidence(options);
  const { id, name } = facts.manifest.run;
  return { run: { id, ...(name === undefined ? {} : { name }), manifestSha256: facts.manifestSha256 }, letters: alcoaLetters(facts) };
};
