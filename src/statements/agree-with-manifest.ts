import { compareBytes, type Crypto, exhaustive, type JsonValue, readJson } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { differingPlaces } from './differing-places.ts';
import { isObject } from './json-object.ts';
import { type AnyStatement, readAnyStatement } from './read-any-statement.ts';
import { BUILD_TYPE, slsaProvenance } from './slsa-provenance.ts';
import { CRITERIA_NAME, testResult } from './test-result.ts';
import type { TrainingRun } from './training-run-statement.ts';

/**
 * agrees: byte for byte what trainlock derives from the record. differs: it states that it is derived by our rules, and says something
 * else at these places (JSON pointers, the first twenty). not-ours: it is not derived from a record by our rules, so nothing is said about it;
 * it is no evidence for anything.
 */
export type Agreement = { readonly kind: 'agrees' } | { readonly kind: 'differs'; readonly where: readonly string[] } | { readonly kind: 'not-ours'; readonly because: string };

/** Whether untrusted bytes of a statement say what the record of the run says: the statement is built anew and compared. Never throws. */
export const agreeWithManifest = (bytes: Uint8Array, run: TrainingRun, crypto: Crypto): Agreement => {
  const reading = readAnyStatement(bytes);
  if (reading.kind === 'refused') return notOurs(reading.because);
  const statement = reading.value;
  switch (statement.kind) {
    case 'training-run':
      return compare(bytes, run);
    case 'provenance':
      return isOurProvenance(statement) ? compare(bytes, slsaProvenance(run, crypto)) : notOurs(`its buildType is not ${BUILD_TYPE}`);
    case 'test-result':
      return isOurTestResult(statement) ? compare(bytes, testResult(run, crypto)) : notOurs(`its configuration is not ${CRITERIA_NAME}`);
    case 'verification-summary':
      return notOurs('a verification summary is the word of a verifier and not derived from the record');
    case 'model-signing':
      return notOurs('a model signature lists files and is compared with the files, not with the record');
    case 'approval':
    case 'policy-approval':
    case 'withdrawal':
    case 'exception':
    case 'exception-review':
    case 'amendment':
    case 'deprecation':
    case 'promotion':
    case 'deployment':
    case 'reversion':
    case 'remediation':
      return notOurs('it is the word of a person about the record and not derived from it');
    default:
      return exhaustive(statement.kind);
  }
};

const compare = (bytes: Uint8Array, rebuilt: BuiltStatement | undefined): Agreement => {
  // The record gives no such statement at all: whatever this one says was made up.
  if (rebuilt === undefined) return { kind: 'differs', where: ['/predicate'] };
  if (compareBytes(bytes, rebuilt.payload) === 0) return { kind: 'agrees' };
  const where = differingPlaces(valueOf(bytes), valueOf(rebuilt.payload));
  // Equal values in other bytes: somebody rewrote it.
  return { kind: 'differs', where: where.length === 0 ? [''] : where };
};

const valueOf = (bytes: Uint8Array): JsonValue | undefined => {
  const json = readJson(bytes);
  return json.kind === 'accepted' ? json.value : undefined;
};

const isOurProvenance = ({ predicate }: AnyStatement): boolean => {
  const { buildDefinition } = predicate;
  return isObject(buildDefinition) && buildDefinition['buildType'] === BUILD_TYPE;
};

const isOurTestResult = ({ predicate }: AnyStatement): boolean => {
  const { configuration } = predicate;
  const first = Array.isArray(configuration) ? (configuration as readonly JsonValue[])[0] : undefined;
  return isObject(first) && first['name'] === CRITERIA_NAME;
};

const notOurs = (because: string): Agreement => ({ kind: 'not-ours', because });
