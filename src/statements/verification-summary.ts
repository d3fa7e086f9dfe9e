import { accepted, type Crypto, type Problem, type Reading, rejected, withoutUndefined } from '#base';
import { buildStatement, type BuiltStatement, type Subject } from './built-statement.ts';
import { isUri } from './resource-descriptor.ts';

/**
 * What a summary can say was verified. Names that SLSA does not have are free, and a verifier asks for them by name. The list is closed:
 * SLSA_BUILD_LEVEL_2 and higher are not in it, because they need a builder that the user cannot control.
 */
export const VERIFIED_LEVELS = {
  TRAINLOCK_RECORD_INTACT: 'the record is whole and says what was recorded',
  TRAINLOCK_SIGNATURE_TRUSTED: 'a key that the trust policy accepts signed the record',
  TRAINLOCK_TIME_PROVEN: 'a time authority or a witness proves when it was signed',
  TRAINLOCK_LOGGED: 'the record is included in the transparency log',
  TRAINLOCK_DATA_MATCHES: 'the data at hand is the data of the run',
  TRAINLOCK_MODEL_MATCHES: 'the model at hand is the model of the run',
  TRAINLOCK_ENVIRONMENT_MATCHES: 'the environment at hand is that of the run',
  TRAINLOCK_CRITERIA_MET: 'the criteria that were declared before the run are met',
  TRAINLOCK_RUN_REPLAYED: 'the run was repeated with the same result',
  TRAINLOCK_CANARY_BIT: 'the model gives the same bytes as when it was trained',
  TRAINLOCK_CANARY_WITHIN_TOLERANCE: 'the model decides as when it was trained, within the declared tolerance',
  TRAINLOCK_GATE_PASSED: 'the policy of the gate allows it',
  TRAINLOCK_GATE_PASSED_BY_EXCEPTION: 'the policy of the gate allows it, because two persons made an exception',
  BREAK_GLASS: 'two persons let it run in an emergency, though the policy of the gate asks for more',
  SLSA_BUILD_LEVEL_1: 'there is provenance of how it was made',
} as const;

export type VerifiedLevel = keyof typeof VERIFIED_LEVELS;

/** What is said about what, and on what ground. */
export type VerificationSummary = {
  /** An undecided verdict has no summary: SLSA knows no third result, and either of the two would be untrue. */
  readonly verdict: 'proven' | 'refuted';
  /** At least one, if proven; what a refuted verdict saw held is not said. */
  readonly levels: readonly VerifiedLevel[];
  /** URI of who verified. Its version has no place: typed parsers refuse it. */
  readonly verifierId: string;
  /** RFC 3339 in UTC. */
  readonly timeVerified: string;
  /** URI of what was verified, for example of the model in an environment. */
  readonly resourceUri: string;
  readonly policy: { readonly uri: string; readonly sha256: string };
  /** The verified artifacts, 1 to 1024. */
  readonly subjects: readonly Subject[];
  /** The statements that were looked at. */
  readonly inputAttestations: readonly { readonly uri?: string; readonly sha256: string }[];
};

/**
 * A SLSA verification summary of a verdict or of an answer of the gate. Rejected, with every problem, where it would say more than was
 * seen: undecided, or proven without anything that was proven. Source: https://slsa.dev/spec/v1.2/verification_summary
 */
export const verificationSummary = (summary: VerificationSummary, crypto: Crypto): Reading<BuiltStatement<'verification-summary'>> => {
  const problems = problemsOfSummary(summary);
  if (problems.length > 0) return rejected(...problems);
  const { verdict, levels, verifierId, timeVerified, resourceUri, policy, subjects, inputAttestations } = summary;
  const predicate = {
    verifier: { id: verifierId },
    timeVerified,
    resourceUri,
    policy: { uri: policy.uri, digest: { sha256: policy.sha256 } },
    inputAttestations: inputAttestations.map(({ uri, sha256 }) => withoutUndefined({ uri, digest: { sha256 } })),
    verificationResult: verdict === 'proven' ? 'PASSED' : 'FAILED',
    verifiedLevels: verdict === 'proven' ? [...new Set(levels)].toSorted() : ['FAILED'],
  };
  return accepted(buildStatement({ kind: 'verification-summary', subjects, predicate }, crypto));
};

const SHA256 = /^[0-9a-f]{64}$/;
const UTC_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z$/;

/** Most subjects that verifiers of statements accept. Source: sigstore-go. */
const MOST_SUBJECTS = 1024;

const problemsOfSummary = (summary: VerificationSummary): readonly Problem[] => {
  const { verdict, levels, verifierId, timeVerified, resourceUri, policy, subjects, inputAttestations } = summary;
  const says = (wrong: boolean, pointer: string, message: string): readonly Problem[] => (wrong ? [{ pointer, message }] : []);
  return [
    // Callers without types can pass anything; what is neither proven nor refuted never becomes a result.
    ...says(verdict !== 'proven' && verdict !== 'refuted', '/verdict', 'only a proven or refuted verdict has a summary'),
    ...says(verdict === 'proven' && levels.length === 0, '/levels', 'nothing was verified, and that is not passed'),
    ...says(!levels.every((level) => Object.hasOwn(VERIFIED_LEVELS, level)), '/levels', 'names something that trainlock does not verify'),
    ...says(!isUri(verifierId), '/verifierId', 'must be a URI'),
    ...says(!UTC_TIME.test(timeVerified), '/timeVerified', 'must be a time in UTC like 2026-11-26T10:00:00Z'),
    ...says(!isUri(resourceUri), '/resourceUri', 'must be a URI'),
    ...says(!isUri(policy.uri) || !SHA256.test(policy.sha256), '/policy', 'needs a URI and a SHA-256'),
    ...says(subjects.length === 0 || subjects.length > MOST_SUBJECTS, '/subjects', `needs 1 to ${MOST_SUBJECTS} subjects`),
    ...says(!subjects.every(({ digest }) => SHA256.test(digest.sha256)), '/subjects', 'every subject needs a SHA-256'),
    ...says(!inputAttestations.every(({ uri, sha256 }) => SHA256.test(sha256) && (uri === undefined || isUri(uri))), '/inputAttestations', 'every statement needs a SHA-256'),
  ];
};
