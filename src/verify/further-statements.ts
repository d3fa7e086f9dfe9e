import { agreeWithManifest, trainingRunStatement } from '#statements';
import type { Ports, SignerFinding } from './find-signer.ts';
import type { Check } from './verdict.ts';

export type FurtherStatement = { readonly name: string; readonly finding: SignerFinding };

/** Further signed statements beside a record: each that is derived from it must say exactly what the record says. */
export const furtherChecks = (statement: Uint8Array, further: readonly FurtherStatement[], ports: Ports): readonly Check[] => {
  if (further.length === 0) return [{ name: 'statements', outcome: 'not-asked', because: 'there is no other statement beside the record' }];
  const run = trainingRunStatement(statement, ports.crypto);
  return further.map(({ name, finding }): Check => {
    const check = (outcome: Check['outcome'], because: string): Check => ({ name: 'statements', about: name, outcome, because });
    if (finding.kind === 'refused') return check('broken', finding.because);
    if (run.kind === 'refused') return check('unknown', run.because);
    const agreement = agreeWithManifest(finding.payload, run.value, ports.crypto);
    switch (agreement.kind) {
      case 'differs':
        return check('broken', `it says something else than the record at ${agreement.where.slice(0, 3).join(', ') || 'its bytes'}`);
      case 'not-ours':
        return check('not-asked', agreement.because);
      case 'agrees':
        return finding.kind === 'signed' || finding.kind === 'identified'
          ? check('held', 'signed, and what the record says')
          : check('unknown', 'it says what the record says, and whose signature it has is not known');
    }
  });
};
