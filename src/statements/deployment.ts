import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { DEPLOYMENT_KEYS } from './generated/deployment-keys.ts';
import type { DeploymentDocument } from './generated/deployment-types.ts';
import { schemaErrors } from './generated/deployment-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** Which model runs where, allowed by the gate just then, in whose words. */
export type Deployment = Omit<DeploymentDocument, 'schemaVersion'>;

/** The statement of a deployment. Its one subject is the record of the run. */
export const deploymentStatement = (deployment: Deployment, crypto: Crypto): Reading<BuiltStatement<'deployment'>> =>
  checkedStatement({ kind: 'deployment', subjects: [recordSubject(deployment.record)], predicate: { schemaVersion: '0.1', ...deployment } }, readDeployment, crypto);

/** Reads a deployment from untrusted bytes, as readApproval does. Never throws. */
export const readDeployment = (payload: Uint8Array): Reading<Deployment> => {
  const reading = readPredicate<DeploymentDocument>(payload, { kind: 'deployment', schemaErrors, keys: DEPLOYMENT_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...deployment } = predicate;
  if (!isOfRecord(subject, deployment.record)) return rejected({ pointer: '/subject/0', message: 'is another record than the one that runs' });
  if (!deployment.follows.every((digest, at, all) => at === 0 || all[at - 1]! < digest)) return rejected({ pointer: '/predicate/follows', message: 'must be in order, each once' });
  return accepted(deployment);
};
