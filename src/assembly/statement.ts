import { canonicalJson, type Crypto, type JsonValue, toHex } from '#base';
import { type Manifest, predicateTypeOf, STATEMENT_TYPE } from '#manifest';
import { CURRENT_MAJOR, migrateManifest } from '#migrate';

/** Most subjects that verifiers of statements accept. Source: sigstore-go, 1024. */
const MOST_SUBJECTS = 1000;

export type SealedManifest = {
  /** The statement in canonical form: the authority. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes: the identity of the manifest. */
  readonly sha256: string;
  /** The manifest as the statement says it. */
  readonly predicate: JsonValue;
};

/** The in-toto Statement of a manifest, as a major version of the schema says it. Its subjects are the outputs; without outputs, what the run read or said. Source: in-toto attestation v1. */
export const statementOf = (manifest: Manifest, crypto: Crypto, major: number = CURRENT_MAJOR): SealedManifest => {
  const { value: predicate } = migrateManifest(manifest as unknown as JsonValue, CURRENT_MAJOR, major);
  const bytes = canonicalJson({ _type: STATEMENT_TYPE, subject: subjectsOf(manifest, crypto), predicateType: predicateTypeOf(major), predicate });
  return { bytes, sha256: toHex(crypto.sha256(bytes)), predicate };
};

type Subject = { readonly name: string; readonly digest: { readonly sha256: string } };

const subjectsOf = (manifest: Manifest, crypto: Crypto): readonly Subject[] => {
  const outputs = manifest.outputs.flatMap((output) => (output.sha256 === undefined ? [] : [subject(output.path, output.sha256)]));
  if (outputs.length > 0 && outputs.length <= MOST_SUBJECTS) return outputs;
  if (outputs.length > MOST_SUBJECTS) return [subject('outputs', toHex(crypto.sha256(canonicalJson(manifest.outputs))))];
  const logs = (manifest.logs.output ?? []).flatMap((log) => (log.sha256 === undefined ? [] : [subject(log.stream, log.sha256)]));
  if (logs.length > 0) return logs;
  return [subject('inputs', toHex(crypto.sha256(canonicalJson(manifest.data))))];
};

const subject = (name: string, sha256: string): Subject => ({ name, digest: { sha256 } });
