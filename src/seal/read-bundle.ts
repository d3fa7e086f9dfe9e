import { accepted, fromBase64, keysAt, nearest, type Problem, problemsOf, readJson, type Reading, rejected, withLines, type JsonLimits, JSON_LIMITS } from '#base';
import type { Bundle, DsseContent, LogEntry, MessageContent, SignerMaterial } from './bundle.ts';
import { BUNDLE_KEYS } from './generated/bundle-keys.ts';
import type { BundleDocument } from './generated/bundle-types.ts';
import { schemaErrors } from './generated/bundle-validator.ts';

/** A payload of 16 MiB, in base64, with what stands around it. */
const LIMITS: JsonLimits = { ...JSON_LIMITS, maxBytes: 24 * 1024 * 1024, maxKeys: 10_000 };

/**
 * Reads a Sigstore bundle (v0.1 to v0.3) from untrusted bytes. Stricter than most readers: a member that is not known, junk or white
 * space in base64, none or two signatures, both kinds of content, none or two kinds of signer, a certificate chain in v0.3 are all
 * refused. Says nothing about whether the signature is good. Never throws.
 * Source: sigstore/protobuf-specs sigstore_bundle.proto; sigstore-go pkg/bundle.
 */
export const readBundle = (bytes: Uint8Array): Reading<Bundle> => {
  const json = readJson(bytes, LIMITS);
  if (json.kind === 'rejected') return json;
  const errors = schemaErrors(json.value);
  if (errors.length > 0) return withLines(rejected(...problemsOf(errors, json.value, nearest, (pointer) => keysAt(pointer, BUNDLE_KEYS))), bytes);
  const document = json.value as unknown as BundleDocument;
  const problems: Problem[] = [...shapeProblems(document)];
  const decode = decoder(problems);
  const bundle = bundleOf(document, decode);
  return problems.length > 0 || bundle === undefined ? withLines(rejected(...problems), bytes) : accepted(bundle);
};

const VERSIONS: Readonly<Record<BundleDocument['mediaType'], Bundle['version']>> = {
  'application/vnd.dev.sigstore.bundle.v0.3+json': '0.3',
  'application/vnd.dev.sigstore.bundle+json;version=0.3': '0.3',
  'application/vnd.dev.sigstore.bundle+json;version=0.2': '0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.1': '0.1',
};

/** What the schema cannot say: of some members there must be exactly one. */
const shapeProblems = (document: BundleDocument): readonly Problem[] => {
  const material = document.verificationMaterial;
  const contents = [document.dsseEnvelope, document.messageSignature].filter((content) => content !== undefined).length;
  const signers = [material.publicKey, material.certificate, material.x509CertificateChain].filter((signer) => signer !== undefined).length;
  return [
    ...(contents === 1
      ? []
      : [{ pointer: '', message: `the bundle has ${contents === 0 ? 'neither' : 'both'} dsseEnvelope ${contents === 0 ? 'nor' : 'and'} messageSignature; it needs exactly one` }]),
    ...(signers === 1
      ? []
      : [
          {
            pointer: '/verificationMaterial',
            message: `names ${signers === 0 ? 'no signer' : 'more than one signer'}: exactly one of publicKey, certificate, x509CertificateChain is needed`,
          },
        ]),
    ...(VERSIONS[document.mediaType] === '0.3' && material.x509CertificateChain !== undefined
      ? [{ pointer: '/verificationMaterial/x509CertificateChain', message: 'is not allowed in version 0.3' }]
      : []),
  ];
};

/** Turns base64 into bytes; junk becomes a problem with its place. */
type Decode = (text: string, pointer: string) => Uint8Array;

const decoder =
  (problems: Problem[]): Decode =>
  (text, pointer) => {
    const bytes = fromBase64(text);
    if (bytes !== undefined) return bytes;
    problems.push({ pointer, message: 'is not standard base64' });
    return new Uint8Array(0);
  };

const bundleOf = (document: BundleDocument, decode: Decode): Bundle | undefined => {
  const { verificationMaterial: material } = document;
  const content = contentOf(document, decode);
  const signer = signerOf(material, decode);
  if (content === undefined || signer === undefined) return undefined;
  return {
    version: VERSIONS[document.mediaType],
    content,
    signer,
    timestamps: (material.timestampVerificationData?.rfc3161Timestamps ?? []).map(({ signedTimestamp }, at) =>
      decode(signedTimestamp, `/verificationMaterial/timestampVerificationData/rfc3161Timestamps/${at}/signedTimestamp`),
    ),
    logEntries: (material.tlogEntries ?? []).map((entry, at) => logEntryOf(entry, `/verificationMaterial/tlogEntries/${at}`, decode)),
  };
};

const contentOf = ({ dsseEnvelope, messageSignature }: BundleDocument, decode: Decode): DsseContent | MessageContent | undefined => {
  if (dsseEnvelope !== undefined) {
    return {
      kind: 'dsse',
      payloadType: dsseEnvelope.payloadType,
      payload: decode(dsseEnvelope.payload, '/dsseEnvelope/payload'),
      signature: decode(dsseEnvelope.signatures[0]!.sig, '/dsseEnvelope/signatures/0/sig'),
    };
  }
  if (messageSignature === undefined) return undefined;
  const { messageDigest: digest } = messageSignature;
  return {
    kind: 'message',
    signature: decode(messageSignature.signature, '/messageSignature/signature'),
    ...(digest === undefined ? {} : { digest: { algorithm: digest.algorithm, bytes: decode(digest.digest, '/messageSignature/messageDigest/digest') } }),
  };
};

const signerOf = (material: BundleDocument['verificationMaterial'], decode: Decode): SignerMaterial | undefined => {
  const { publicKey, certificate, x509CertificateChain: chain } = material;
  if (publicKey !== undefined) return { kind: 'key', ...(publicKey.hint === undefined ? {} : { hint: publicKey.hint }) };
  if (certificate !== undefined) return { kind: 'certificate', certificates: [decode(certificate.rawBytes, '/verificationMaterial/certificate/rawBytes')] };
  if (chain === undefined) return undefined;
  return {
    kind: 'certificate',
    certificates: chain.certificates.map(({ rawBytes }, at) => decode(rawBytes, `/verificationMaterial/x509CertificateChain/certificates/${at}/rawBytes`)),
  };
};

type EntryDocument = NonNullable<BundleDocument['verificationMaterial']['tlogEntries']>[number];

const logEntryOf = (entry: EntryDocument, pointer: string, decode: Decode): LogEntry => {
  const { inclusionProof: proof, inclusionPromise: promise, kindVersion } = entry;
  return {
    logIndex: BigInt(entry.logIndex),
    logKeyId: decode(entry.logId.keyId, `${pointer}/logId/keyId`),
    ...(kindVersion === undefined ? {} : { kind: { name: kindVersion.kind, version: kindVersion.version } }),
    integratedTime: BigInt(entry.integratedTime ?? '0'),
    ...(promise === undefined ? {} : { promise: decode(promise.signedEntryTimestamp, `${pointer}/inclusionPromise/signedEntryTimestamp`) }),
    ...(proof === undefined
      ? {}
      : {
          proof: {
            logIndex: BigInt(proof.logIndex),
            rootHash: decode(proof.rootHash, `${pointer}/inclusionProof/rootHash`),
            treeSize: BigInt(proof.treeSize),
            hashes: (proof.hashes ?? []).map((hash, at) => decode(hash, `${pointer}/inclusionProof/hashes/${at}`)),
            ...(proof.checkpoint === undefined ? {} : { checkpoint: proof.checkpoint.envelope }),
          },
        }),
    body: decode(entry.canonicalizedBody, `${pointer}/canonicalizedBody`),
  };
};
