import { canonicalJson, compareBytes } from '#base';
import { inclusionProof } from '#digest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { PREDICATE_TYPE } from '#manifest';
import { preAuthEncoding, readBundle, readCertificate, type TimeAuthority, writeBundle } from '#seal';
import { type ReadTile, tileTree, writeLeaf, writeTlogProof } from '#tlog';
import { pinOf, readTrust, trustStanding } from '#trust';
import { type Evidence, judgeRecord, type Verdict } from '#verify';
import { checkpointNote, logOf, signerOf, valueOf } from '../../fixtures/log-keys.ts';
import { digestOf } from '../../fixtures/training-manifest.ts';
import { rootOf, trustDocument, trustFile } from '../../fixtures/trust-files.ts';
import { fixedCertificates, fixedTimestamp } from '../seeds/certificates.ts';
import { leafBytes, smallManifest, statementBytes } from '../seeds/documents.ts';
import { fixedKey } from '../seeds/fixed-keys.ts';

const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };
const SIGNER = fixedKey('signer');
const ROOT = fixedKey('root-one');
const LOG = signerOf('log.example/one', 'signature');

/** Files beside a record that prove it together; each may be replaced by another. */
export type Parts = {
  readonly document: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly token: Uint8Array;
  readonly trust: Uint8Array;
  readonly leaf: Uint8Array;
  readonly proof: Uint8Array;
  /** Bytes of the whole bundle; written from payload, signature and token if absent. */
  readonly bundle?: Uint8Array;
};

const TRUST = trustDocument([ROOT], {
  roots: [rootOf(ROOT, 'root')],
  signers: [{ name: 'ann', kind: 'person', person: 'ann', roles: ['initiator', 'signer'], statementTypes: [PREDICATE_TYPE], keys: [{ publicKey: SIGNER.pem }] }],
});
const PIN = pinOf(valueOf(readTrust(canonicalJson(TRUST), nodeCrypto)));

const bundleOf = ({ payload, signature, token }: Pick<Parts, 'payload' | 'signature' | 'token'>): Uint8Array =>
  writeBundle({ payload, signature, signer: { kind: 'key', hint: Buffer.from(SIGNER.keyId, 'hex').toString('base64') }, timestamps: [token] });

const sha256 = (bytes: Uint8Array): string => Buffer.from(nodeCrypto.sha256(bytes)).toString('hex');

/** Where the leaf of the record stands among others. */
const INDEX = 3;
const SIZE = 11;

const leaves = (leaf: Uint8Array): readonly Uint8Array[] => Array.from({ length: SIZE }, (_, i) => (i === INDEX ? leaf : leafBytes(`run-${i}`)));

/** All parts as they are when nobody changed anything. */
export const goodParts = (): Parts => {
  const document = statementBytes(smallManifest());
  const signature = SIGNER.sign(preAuthEncoding('application/vnd.in-toto+json', document));
  const token = fixedTimestamp(signature);
  const leaf = writeLeaf({
    version: 1,
    kind: 'run-signed',
    time: '2026-11-24T08:00:06.000Z',
    object: { type: 'run', id: smallManifest().run.id },
    payloadSha256: sha256(document),
    bundleSha256: sha256(bundleOf({ payload: document, signature, token })),
  });
  const all = leaves(leaf);
  const checkpoint = checkpointNote(LOG, SIZE, logOf(all).root);
  const proof = writeTlogProof({ index: INDEX, hashes: inclusionProof(all, INDEX, nodeCrypto), checkpoint });
  return { document, payload: document, signature, token, trust: trustFile(TRUST, [ROOT]), leaf, proof };
};

/** The proof of the leaf as it is built from tiles; `turn` changes what is read. */
export const proofFromTiles = async (leaf: Uint8Array, turn: (tile: Uint8Array) => Uint8Array): Promise<Uint8Array> => {
  const log = logOf(leaves(leaf));
  const readTile: ReadTile = async (level, index, width) => turn((await log.readTile(level, index, width)).slice());
  const hashes = await tileTree(readTile, nodeCrypto).inclusionProofAt(INDEX, SIZE);
  return writeTlogProof({ index: INDEX, hashes, checkpoint: checkpointNote(LOG, SIZE, log.root) });
};

const [TIME_CERTIFICATE, ROOT_CERTIFICATE] = [fixedCertificates().time, fixedCertificates().root].map((der) => valueOf(readCertificate(der)));

/** Who may date things: whomever the root lets, by the certificate inside the token; or one authority whose certificate is at hand. */
export const AUTHORITIES = {
  byRoot: [{ name: 'ours', certificates: [ROOT_CERTIFICATE!] }],
  bySigner: [{ name: 'ours', certificates: [TIME_CERTIFICATE!, ROOT_CERTIFICATE!] }],
};

type JudgeOptions = { readonly remembered?: NonNullable<Evidence['logged']>['remembered']; readonly authorities?: readonly TimeAuthority[] };

/** The verdict over these parts, everything asked that they can prove. */
export const judge = (parts: Parts, { remembered = [], authorities = AUTHORITIES.byRoot }: JudgeOptions = {}): Verdict => {
  const { document, trust, leaf, proof } = parts;
  const question = { model: false, data: false, environment: false, signature: true, time: true, log: true };
  const evidence: Evidence = {
    document,
    stated: [],
    files: new Map([['${project}/model.joblib', { kind: 'hashed', sha256: digestOf('model') }]]),
    seal: {
      bundles: [{ name: 'statement.sigstore.json', bytes: parts.bundle ?? bundleOf(parts), isFurther: false }],
      named: [],
      local: [],
      trust: trustStanding({ pin: PIN, chain: [trust], now: '2026-11-25T00:00:00Z' }, ports),
      authorities,
    },
    logged: { leaves: [{ name: 'leaf', leaf, proof }], logs: [LOG.key], remembered, lost: [], witnesses: [], nowSeconds: 1_800_000_000 },
  };
  return judgeRecord(question, evidence, ports);
};

/** Whether a bundle carries the same payload, signature and tokens: only the hint may differ, and it decides nothing. */
export const isSameSeal = (bundle: Uint8Array, { payload, signature, token }: Parts): boolean => {
  const read = readBundle(bundle);
  if (read.kind === 'rejected' || read.value.content.kind !== 'dsse') return false;
  const { content, timestamps } = read.value;
  return compareBytes(content.payload, payload) === 0 && compareBytes(content.signature, signature) === 0 && timestamps.length === 1 && compareBytes(timestamps[0]!, token) === 0;
};

export const wholeBundle = (parts: Parts): Uint8Array => bundleOf(parts);
