import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { REMEDIATION_KEYS } from './generated/remediation-keys.ts';
import type { RemediationDocument } from './generated/remediation-types.ts';
import { schemaErrors } from './generated/remediation-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** How what the gate finds is to be mended, or was, in whose words. It allows nothing by itself. */
export type Remediation = Omit<RemediationDocument, 'schemaVersion'>;

/** The statement of a remediation. Its one subject is the record. Rejected, with every problem, where the schema does not allow it. */
export const remediationStatement = (remediation: Remediation, crypto: Crypto): Reading<BuiltStatement<'remediation'>> =>
  checkedStatement({ kind: 'remediation', subjects: [recordSubject(remediation.record)], predicate: { schemaVersion: '0.1', ...remediation } }, readRemediation, crypto);

/** Reads a remediation from untrusted bytes, as readApproval does. Whether anything of it is true is not asked here. Never throws. */
export const readRemediation = (payload: Uint8Array): Reading<Remediation> => {
  const reading = readPredicate<RemediationDocument>(payload, { kind: 'remediation', schemaErrors, keys: REMEDIATION_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...remediation } = predicate;
  const problem = problemOf(remediation);
  if (!isOfRecord(subject, remediation.record)) return rejected({ pointer: '/subject/0', message: 'is another record than the one whose model is to be let in' });
  return problem === undefined ? accepted(remediation) : rejected(problem);
};

/** A plan says nothing of what became of it, and what was done says it of everything that could be done. */
const problemOf = ({ phase, plan, after, actions }: Remediation): { readonly pointer: string; readonly message: string } | undefined => {
  const problem = (pointer: string, message: string): { readonly pointer: string; readonly message: string } => ({ pointer: `/predicate${pointer}`, message });
  const isPlan = phase === 'plan';
  if (isPlan === (plan !== undefined)) return problem('/plan', isPlan ? 'a plan carries out no plan' : 'is missing: nobody knows what was to be done');
  if (isPlan && after !== undefined) return problem('/after', 'a plan says nothing of afterwards');
  const at = actions.findIndex(({ how, outcome }) => (outcome === undefined) === (!isPlan && how === 'automatic'));
  if (at >= 0) return problem(`/actions/${at}/outcome`, actions[at]?.outcome === undefined ? 'is missing' : 'is none of this action');
  const [failed, done] = [actions.findIndex(({ outcome }) => outcome?.state === 'failed'), actions.findLastIndex(({ outcome }) => outcome?.state === 'done')];
  return failed >= 0 && done > failed ? problem(`/actions/${done}/outcome`, 'comes after one that failed') : undefined;
};
