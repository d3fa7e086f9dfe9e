import { predicateTypeOf } from '#manifest';
import { KNOWN_MAJORS } from '#migrate';

/** Every kind of statement that trainlock makes or reads, and the type by which trust files give the right to sign it. The list is closed. */
export const PREDICATE_TYPES = {
  /** The record of a run: everything else is derived from it. The first version names the right for all: a new schema takes it from nobody and gives it to nobody. */
  'training-run': predicateTypeOf(0),
  /** Source: SLSA build provenance v1. */
  provenance: 'https://slsa.dev/provenance/v1',
  /** Source: in-toto attestation, predicate test-result v0.1. */
  'test-result': 'https://in-toto.io/attestation/test-result/v0.1',
  /** Source: SLSA verification summary attestation v1. */
  'verification-summary': 'https://slsa.dev/verification_summary/v1',
  /** A person approves a change from one run to another. */
  approval: 'https://trainlock.dev/approval/v0',
  /** A person approves a change of the policy itself. */
  'policy-approval': 'https://trainlock.dev/policy-approval/v0',
  /** A person takes an approval or an exception back. */
  withdrawal: 'https://trainlock.dev/withdrawal/v0',
  /** A person lets a model run in an environment for some days in spite of a finding of the gate. */
  exception: 'https://trainlock.dev/exception/v0',
  /** A person looks back at an emergency in which a model ran all the same. */
  'exception-review': 'https://trainlock.dev/exception-review/v0',
  /** A person corrects what people had said in a record. */
  amendment: 'https://trainlock.dev/amendment/v0',
  /** A person says that a run, a snapshot, a package or a field should not be used any more. */
  deprecation: 'https://trainlock.dev/deprecation/v0',
  /** A person says what an environment runs. */
  promotion: 'https://trainlock.dev/promotion/v0',
  /** A person or machine says that a model was allowed just now, and where it runs. */
  deployment: 'https://trainlock.dev/deployment/v0',
  /** A person takes an amendment, a deprecation or a deployment back. */
  reversion: 'https://trainlock.dev/reversion/v0',
  /** A person asks for what the gate finds to be mended, or says what was done. */
  remediation: 'https://trainlock.dev/remediation/v0',
  /** Source: OpenSSF Model Signing v1.0. */
  'model-signing': 'https://model_signing/signature/v1.0',
} as const;

export type StatementKind = keyof typeof PREDICATE_TYPES;

const KINDS = Object.keys(PREDICATE_TYPES) as readonly StatementKind[];

/** The types of records of every version that is read. */
const RUN_TYPES: ReadonlySet<string> = new Set(KNOWN_MAJORS.map(predicateTypeOf));

/** The kind of a predicate type, compared letter by letter; undefined for any other text. */
export const kindOfPredicate = (type: string): StatementKind | undefined => (RUN_TYPES.has(type) ? 'training-run' : KINDS.find((kind) => PREDICATE_TYPES[kind] === type));

/** The kind of which this predicate type is another version; undefined if it is none. */
export const otherVersionOf = (type: string): StatementKind | undefined => {
  const family = familyOf(type);
  return family === undefined || kindOfPredicate(type) !== undefined ? undefined : KINDS.find((kind) => familyOf(PREDICATE_TYPES[kind]) === family);
};

/** A predicate type without its version. */
const familyOf = (type: string): string | undefined => /^(.{1,512})\/v[0-9]{1,6}(?:\.[0-9]{1,6}){0,2}$/.exec(type)?.[1];
