import { canonicalJson, utf8 } from '#base';
import { inclusionProof } from '#digest';
import { nodeCrypto } from '#files';
import { type Manifest, PREDICATE_TYPE, STATEMENT_TYPE } from '#manifest';
import { preAuthEncoding, writeBundle } from '#seal';
import { trainingRunStatement } from '#statements';
import type { TrustDocument } from '#trust';
import { verifierKeyOf, writeVerifierKey, writeLeaf, writeNote, writeTlogProof } from '#tlog';
import { checkpointNote, logOf, signerOf, valueOf } from '../../fixtures/log-keys.ts';
import { digestOf, trainingManifest } from '../../fixtures/training-manifest.ts';
import { rootOf, trustDocument, trustFile } from '../../fixtures/trust-files.ts';
import { fixedTimestamp } from './certificates.ts';
import { fixedKey } from './fixed-keys.ts';

/** A manifest with little in it, so that a change is more often at a place that decides something. */
export const smallManifest = (): Manifest => {
  const manifest = trainingManifest();
  return {
    ...manifest,
    parameters: manifest.parameters.slice(0, 1),
    data: [],
    dependencies: { ...manifest.dependencies, distributions: manifest.dependencies.distributions.slice(0, 1), native: [] },
    environment: { ...manifest.environment, variables: [], threadPools: [] },
    outputs: manifest.outputs.slice(0, 1),
    code: { ...manifest.code, files: manifest.code.files.slice(0, 1) },
  };
};

const SUBJECT = { name: '${project}/model.joblib', digest: { sha256: digestOf('model') } };

export const statementBytes = (manifest: Manifest = smallManifest()): Uint8Array =>
  canonicalJson({ _type: STATEMENT_TYPE, subject: [SUBJECT], predicateType: PREDICATE_TYPE, predicate: manifest });

export const fixedRun = () => {
  const reading = trainingRunStatement(statementBytes(), nodeCrypto);
  if (reading.kind === 'refused') throw new Error(reading.because);
  return reading.value;
};

const hintOf = (keyId: string): string => Buffer.from(keyId, 'hex').toString('base64');

/** A bundle over these bytes by the key with this name. */
export const bundleBytes = (payload: Uint8Array, { name = 'signer', isDated = false }: { readonly name?: string; readonly isDated?: boolean } = {}): Uint8Array => {
  const key = fixedKey(name);
  const signature = key.sign(preAuthEncoding('application/vnd.in-toto+json', payload));
  return writeBundle({ payload, signature, signer: { kind: 'key', hint: hintOf(key.keyId) }, ...(isDated ? { timestamps: [fixedTimestamp(signature)] } : {}) });
};

/** Bytes of a leaf about a record. */
export const leafBytes = (id: string, payload: Uint8Array = utf8(id)): Uint8Array =>
  writeLeaf({
    version: 1,
    kind: 'run-signed',
    time: '2026-11-24T08:00:04.000Z',
    object: { type: 'run', id },
    payloadSha256: Buffer.from(nodeCrypto.sha256(payload)).toString('hex'),
    bundleSha256: digestOf('bundle'),
    reason: 'because',
  });

export const LOG = signerOf('log.example/one', 'signature');
export const WITNESS = signerOf('witness.example/w', 'cosignature');

/** A log of a few leaves with one proof. */
export const fixedLog = (count = 5) => {
  const leaves = Array.from({ length: count }, (_, i) => leafBytes(`run-${i}`));
  const log = logOf(leaves);
  const note = checkpointNote(LOG, count, log.root, [{ witness: WITNESS, time: 1_790_000_000 }]);
  return { leaves, log, note, noteBytes: writeNote(note) };
};

export const proofBytes = (): Uint8Array => {
  const { leaves, note } = fixedLog();
  return writeTlogProof({ index: 2, extra: utf8('extra'), hashes: inclusionProof(leaves, 2, nodeCrypto), checkpoint: note });
};

const ROOTS = ['root-one', 'root-two'].map(fixedKey);

/** A trust document with one of everything. */
export const fixedTrust = (): TrustDocument =>
  trustDocument(ROOTS, {
    threshold: 2,
    roots: ROOTS.map((root, i) => rootOf(root, `root ${i}`)),
    signers: [
      {
        name: 'ann',
        kind: 'person',
        person: 'ann',
        roles: ['initiator', 'signer'],
        statementTypes: [PREDICATE_TYPE],
        keys: [
          {
            publicKey: fixedKey('signer').pem,
            validFrom: '2026-01-01T00:00:00Z',
            revoked: { at: '2026-12-01T00:00:00Z', reason: 'lost', compromisedSince: '2026-11-30T00:00:00.5Z' },
          },
        ],
        identities: [{ issuer: 'https://accounts.example.org', subject: 'ann@example.org', validUntil: '2027-01-01T00:00:00Z' }],
      },
    ],
    timeAuthorities: [],
    logs: [{ origin: LOG.key.name, key: writeVerifierKey(LOG.key) }],
    witnesses: [{ name: 'w', key: writeVerifierKey(WITNESS.key) }],
  });

export const trustBytes = (): Uint8Array => trustFile(fixedTrust(), ROOTS);

/** The text of a verifier key. */
export const verifierKeyText = (): string => writeVerifierKey(valueOf(verifierKeyOf(LOG.key, nodeCrypto)));

export const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
