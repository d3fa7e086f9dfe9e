import { fromBase64, type JsonValue, type Problem, readJson, withLines } from '#base';
import { memberNames } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';
import { checkManifest, type ManifestReading, type WrittenAs } from './read-manifest.ts';
import { checkStatement, readStatement, type StatementReading } from './read-statement.ts';

/** manifest: the bare predicate; statement: the in-toto Statement that carries it; bundle: a Sigstore bundle whose payload is the statement. */
export type DocumentForm = 'manifest' | 'statement' | 'bundle' | 'unknown';

/**
 * What a document that should hold a manifest turned out to be.
 * For a bundle, pointers and lines of problems are those of the payload, unless the bundle itself is broken. Signatures are not looked at.
 */
export type DocumentCheck =
  | { readonly kind: 'valid'; readonly form: DocumentForm; readonly manifest: Manifest; readonly unknown: readonly string[]; readonly writtenAs?: WrittenAs }
  | { readonly kind: 'invalid'; readonly form: DocumentForm; readonly problems: readonly Problem[] }
  | { readonly kind: 'newer'; readonly form: DocumentForm; readonly schemaVersion: string; readonly problems: readonly Problem[] };

/** Checks untrusted bytes as a manifest in any of its forms; every problem at once. Never throws. */
export const checkDocument = (bytes: Uint8Array): DocumentCheck => {
  const json = readJson(bytes);
  if (json.kind === 'rejected') return { kind: 'invalid', form: 'unknown', problems: json.problems };
  const form = documentForm(json.value);
  switch (form) {
    case 'bundle':
      return checkBundle(json.value, bytes);
    case 'statement':
      return ofStatement(form, withLines(checkStatement(json.value), bytes));
    case 'manifest':
      return ofManifest(form, withLines(checkManifest(json.value), bytes));
    case 'unknown':
      return {
        kind: 'invalid',
        form,
        problems: [{ pointer: '', message: 'this is neither a manifest nor a statement nor a bundle: it has no schemaVersion, predicate or dsseEnvelope' }],
      };
  }
};

/** What a document looks like, whether it is valid or not. */
export const documentForm = (value: JsonValue): DocumentForm => {
  if (!isObject(value)) return 'unknown';
  if ('dsseEnvelope' in value || 'verificationMaterial' in value || 'mediaType' in value) return 'bundle';
  if ('_type' in value || 'predicateType' in value || 'predicate' in value) return 'statement';
  return 'schemaVersion' in value || memberNames('').filter((name) => name in value).length >= FEWEST_SECTIONS ? 'manifest' : 'unknown';
};

/** With so many sections of a manifest, a document without version is a broken manifest and not something else. */
const FEWEST_SECTIONS = 3;

type JsonObject = Readonly<Record<string, JsonValue>>;

const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const checkBundle = (bundle: JsonValue, bytes: Uint8Array): DocumentCheck => {
  const invalid = (pointer: string, message: string): DocumentCheck => withLines({ kind: 'invalid', form: 'bundle', problems: [{ pointer, message }] }, bytes);
  const envelope = isObject(bundle) ? bundle['dsseEnvelope'] : undefined;
  if (!isObject(envelope)) return invalid('', 'the bundle has no dsseEnvelope, so it carries no statement');
  if (envelope['payloadType'] !== PAYLOAD_TYPE) return invalid('/dsseEnvelope/payloadType', `must be ${PAYLOAD_TYPE}`);
  const { payload } = envelope;
  const decoded = typeof payload === 'string' ? fromBase64(payload) : undefined;
  return decoded === undefined ? invalid('/dsseEnvelope/payload', 'must be base64') : ofStatement('bundle', readStatement(decoded));
};

const ofStatement = (form: DocumentForm, reading: StatementReading): DocumentCheck => (reading.kind === 'accepted' ? valid(form, reading.value) : other(form, reading));

const ofManifest = (form: DocumentForm, reading: ManifestReading): DocumentCheck =>
  reading.kind === 'accepted' ? valid(form, { ...reading, manifest: reading.value }) : other(form, reading);

type Valid = { readonly manifest: Manifest; readonly unknown: readonly string[]; readonly writtenAs?: WrittenAs };

const valid = (form: DocumentForm, { manifest, unknown, writtenAs }: Valid): DocumentCheck => ({
  kind: 'valid',
  form,
  manifest,
  unknown,
  ...(writtenAs === undefined ? {} : { writtenAs }),
});

const other = (form: DocumentForm, reading: Exclude<ManifestReading, { readonly kind: 'accepted' }>): DocumentCheck =>
  reading.kind === 'rejected' ? { kind: 'invalid', form, problems: reading.problems } : { ...reading, form };
