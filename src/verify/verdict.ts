import type { ErrorCode } from '#base';
import type { Capture, Dependencies, Environment } from '#manifest';
import type { LogEvidence } from './log-checks.ts';
import type { SealEvidence } from './seal-evidence.ts';

/** The checks that a verdict can rest on, in the order in which they are told. */
export const CHECK_NAMES = [
  'payload',
  'schema',
  'identity',
  'view',
  'subjects',
  'events',
  'logs',
  'objects',
  'outputs',
  'model',
  'data',
  'code',
  'environment',
  'signature',
  'trust',
  'time',
  'log',
  'statements',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** held: seen to be so. broken: seen not to be so. unknown: asked, and the evidence does not suffice. not-asked: outside the question. */
export type CheckOutcome = 'held' | 'broken' | 'unknown' | 'not-asked';

export type Check = {
  readonly name: CheckName;
  /** The thing that was checked, for checks of many things: a path, a package. */
  readonly about?: string;
  readonly outcome: CheckOutcome;
  readonly because: string;
  /** What exactly was looked at: digests, names of keys, times. */
  readonly inputs?: readonly (readonly [what: string, value: string])[];
};

/** What is asked beyond the record itself and its outputs. */
export type Question = {
  /** Outputs are not looked at: somebody else has to do that. */
  readonly leavesOutputs?: boolean;
  /** There must be a model among the outputs, and it must be as recorded. */
  readonly model: boolean;
  /** Every input file must be as recorded. */
  readonly data: boolean;
  /** Code files, software and machine of now must be as recorded. */
  readonly environment: boolean;
  /** The record must be signed with a key that counts here. */
  readonly signature: boolean;
  /** A trusted authority must have dated the signature. */
  readonly time: boolean;
  /** The record must be in a transparency log whose key is known here. */
  readonly log: boolean;
};

/** What was found in place of a file that a record names by digest. */
export type FileEvidence =
  | { readonly kind: 'hashed'; readonly sha256: string; readonly sizeBytes?: number }
  /** Many files under one name: each is the recorded one. */
  | { readonly kind: 'same' }
  /** Many files under one name, and at least one is another one. */
  | { readonly kind: 'differs'; readonly because: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly because: string }
  /** Nobody looked, or could look. */
  | { readonly kind: 'not-seen'; readonly because: string }
  /** It was removed on purpose, and somebody stated so. */
  | { readonly kind: 'erased'; readonly because: string };

/** What the machine of now says; absent members could not be probed. */
export type EnvironmentEvidence = {
  readonly environment: Partial<Environment>;
  readonly distributions?: Dependencies['distributions'];
  /** Why something could not be probed. */
  readonly unavailable: readonly string[];
};

/** A file that led to the record. */
export type NamedFile = {
  readonly name: string;
  readonly sha256?: string;
  /** Its bytes, if it may be a document. Hostile. */
  readonly document?: Uint8Array;
};

/** Everything that was fetched to answer the question. Names of files are those of the manifest. */
export type Evidence = {
  /** Bytes of the statement, of a bundle, or of a bare manifest. */
  readonly document: Uint8Array;
  /** Bytes of the readable view; undefined where the document stands alone, absent where it should be and is not. */
  readonly view?: Uint8Array | 'absent';
  /** Identities of the manifest, or ids of the run, that are stated elsewhere. */
  readonly stated: readonly { readonly by: string; readonly kind: 'manifest-sha256' | 'run-id'; readonly value: string }[];
  /** Event logs by name; undefined where the run folder is not at hand. */
  readonly events?: ReadonlyMap<string, FileEvidence>;
  /** Recorded output by name; undefined where the run folder is not at hand. */
  readonly logs?: ReadonlyMap<string, FileEvidence>;
  /** Objects of the store by digest; undefined where there is no store at hand. */
  readonly objects?: ReadonlyMap<string, FileEvidence>;
  /** Bytes of the file lists that the record names, by digest, as far as they are at hand. */
  readonly lists?: ReadonlyMap<string, Uint8Array>;
  /** Outputs, inputs, code and interpreters by recorded path; a data set with a list by its name. */
  readonly files: ReadonlyMap<string, FileEvidence>;
  readonly environment?: EnvironmentEvidence;
  /** Signatures, times and proofs that lie beside the record; undefined where none was looked for. */
  readonly seal?: SealEvidence;
  /** The file that the person named, where the record was found through one. */
  readonly named?: NamedFile;
  readonly logged?: LogEvidence;
};

/** The answer to one question about one record. */
export type Verdict = {
  /** proven: every asked check held, and there was at least one. refuted: one is broken. undecided: one is unknown. */
  readonly kind: 'proven' | 'refuted' | 'undecided';
  /** The question in words. */
  readonly question: string;
  readonly checks: readonly Check[];
  /** Identity of the manifest: SHA-256 of the payload; undefined if there is no payload. */
  readonly manifestSha256?: string;
  readonly run?: { readonly id: string; readonly name?: string };
  /** How far the machine that wrote the record can be believed, as the record itself says. */
  readonly trust?: Capture['trust']['kind'];
  /** What the record says it could not see; the verdict does not speak of it. */
  readonly gaps: Capture['gaps'];
  /** Set if the record must not be judged by this version. */
  readonly code?: Extract<ErrorCode, 'TL0202'>;
  /** Places that a newer minor version of the schema added. */
  readonly unknownFields: readonly string[];
};
