import type { Subject } from './built-statement.ts';
import type { AnySubject } from './read-any-statement.ts';

/** A run as statements of persons name it. */
type NamedRecord = { readonly runId: string; readonly manifestSha256: string };

/** The record of a run as a subject. */
export const recordSubject = ({ runId, manifestSha256 }: NamedRecord): Subject => ({ name: `run/${runId}`, digest: { sha256: manifestSha256 } });

/** Whether a subject is this record. */
export const isOfRecord = (subject: AnySubject, { runId, manifestSha256 }: NamedRecord): boolean => subject.digest.sha256 === manifestSha256 && subject.name === `run/${runId}`;
