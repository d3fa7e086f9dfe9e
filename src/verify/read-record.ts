import { canonicalJson, compareBytes, type Crypto, fromBase64, type JsonValue, type Problem, readJson, toHex, valueAt } from '#base';
import { checkDocument, type DocumentForm, type Manifest } from '#manifest';
import type { Check } from './verdict.ts';

/** A document as far as it could be read, with the checks that its bytes alone decide. */
export type ReadRecord = {
  readonly checks: readonly Check[];
  readonly form: DocumentForm;
  /** undefined if it must not or cannot be judged. */
  readonly manifest?: Manifest;
  readonly unknownFields: readonly string[];
  /** The value of the predicate, for the comparison with the readable view. */
  readonly predicate?: JsonValue;
  readonly subjects: readonly { readonly name?: string; readonly digest: { readonly sha256: string } }[];
  /** Identity of the manifest; undefined for a bare manifest. */
  readonly sha256?: string;
  /** As the statement states it; undefined for a bare manifest and for what must not or cannot be judged. */
  readonly predicateType?: string;
  /** Bytes of the statement; undefined for a bare manifest and for what cannot be read. */
  readonly statement?: Uint8Array;
  readonly newer: boolean;
};

/** Reads untrusted bytes as a record. Never throws. */
export const readRecord = (document: Uint8Array, crypto: Crypto): ReadRecord => {
  const checked = checkDocument(document);
  const payload = payloadOf(document, checked.form);
  const value = payload === undefined ? undefined : readJson(payload);
  const json = value?.kind === 'accepted' ? value.value : undefined;
  const identity = checked.form === 'statement' || checked.form === 'bundle' ? payload : undefined;
  const base = {
    form: checked.form,
    subjects: [],
    unknownFields: [],
    newer: false,
    ...(identity === undefined ? {} : { sha256: toHex(crypto.sha256(identity)), statement: identity }),
  };
  switch (checked.kind) {
    case 'invalid':
      return { ...base, checks: [payloadCheck(json, payload, checked.form), { name: 'schema', outcome: 'broken', because: problemText(checked.problems) }] };
    case 'newer':
      return { ...base, newer: true, checks: [payloadCheck(json, payload, checked.form), { name: 'schema', outcome: 'unknown', because: problemText(checked.problems) }] };
    case 'valid': {
      const isStatement = checked.form !== 'manifest';
      const predicate = isStatement ? (valueAt(json, '/predicate') as JsonValue) : json;
      return {
        ...base,
        checks: [
          {
            ...payloadCheck(json, payload, checked.form),
            ...(identity === undefined
              ? {}
              : {
                  inputs: [
                    ['sha256', toHex(crypto.sha256(identity))],
                    ['bytes', String(identity.length)],
                  ],
                }),
          },
          schemaCheck(checked.unknown, checked.writtenAs?.schemaVersion ?? checked.manifest.schemaVersion, checked.manifest),
        ],
        manifest: checked.manifest,
        unknownFields: checked.unknown,
        ...(predicate === undefined ? {} : { predicate }),
        ...(isStatement ? { predicateType: valueAt(json, '/predicateType') as string } : {}),
        subjects: isStatement ? (valueAt(json, '/subject') as ReadRecord['subjects']) : [],
      };
    }
  }
};

const payloadOf = (document: Uint8Array, form: DocumentForm): Uint8Array | undefined => {
  if (form !== 'bundle') return document;
  const bundle = readJson(document);
  const payload = bundle.kind === 'accepted' ? valueAt(bundle.value, '/dsseEnvelope/payload') : undefined;
  return typeof payload === 'string' ? fromBase64(payload) : undefined;
};

/** The payload is I-JSON in its canonical form, so that the same manifest always has the same identity. Source: RFC 8785. */
const payloadCheck = (value: JsonValue | undefined, payload: Uint8Array | undefined, form: DocumentForm): Check => {
  const check = (outcome: Check['outcome'], because: string): Check => ({ name: 'payload', outcome, because });
  if (value === undefined || payload === undefined) return check('broken', 'the payload cannot be read');
  if (form === 'manifest') return check('unknown', 'this is a bare manifest: without its statement it has no identity');
  const canonical = canonicalOf(value);
  if (canonical === undefined) return check('broken', 'the payload has numbers that are no safe integers, so it has no canonical form');
  return compareBytes(canonical, payload) === 0
    ? check('held', 'readable and in canonical form')
    : check('broken', 'not in canonical form: the bytes were written by something else, or rewritten');
};

/** Canonical bytes of a value that came from outside; undefined if it has none. */
export const canonicalOf = (value: JsonValue): Uint8Array | undefined => {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

const schemaCheck = (unknown: readonly string[], written: string, { schemaVersion }: Manifest): Check => {
  const shown = written === schemaVersion ? '' : `, shown as schema ${schemaVersion}`;
  const places = `${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}`;
  return {
    name: 'schema',
    outcome: 'held',
    because: unknown.length === 0 ? `fits schema ${written}${shown}` : `fits schema ${written}, which is newer; not understood: ${places}`,
    inputs: [['schema version', written]],
  };
};

const problemText = (problems: readonly Problem[]): string => {
  const [first] = problems;
  const place = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  return `${place}${first?.message ?? 'not valid'}${problems.length > 1 ? ` (and ${problems.length - 1} more problems; trainlock validate lists them)` : ''}`;
};
