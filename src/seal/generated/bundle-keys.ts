// Generated from https://trainlock.dev/schema/bundle/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const BUNDLE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["mediaType","verificationMaterial","dsseEnvelope","messageSignature"]],
  ["/verificationMaterial", ["publicKey","certificate","x509CertificateChain","tlogEntries","timestampVerificationData"]],
  ["/verificationMaterial/publicKey", ["hint"]],
  ["/verificationMaterial/certificate", ["rawBytes"]],
  ["/verificationMaterial/x509CertificateChain", ["certificates"]],
  ["/verificationMaterial/x509CertificateChain/certificates/*", ["rawBytes"]],
  ["/verificationMaterial/tlogEntries/*", ["logIndex","logId","kindVersion","integratedTime","inclusionPromise","inclusionProof","canonicalizedBody"]],
  ["/verificationMaterial/tlogEntries/*/logId", ["keyId"]],
  ["/verificationMaterial/tlogEntries/*/kindVersion", ["kind","version"]],
  ["/verificationMaterial/tlogEntries/*/inclusionPromise", ["signedEntryTimestamp"]],
  ["/verificationMaterial/tlogEntries/*/inclusionProof", ["logIndex","rootHash","treeSize","hashes","checkpoint"]],
  ["/verificationMaterial/tlogEntries/*/inclusionProof/checkpoint", ["envelope"]],
  ["/verificationMaterial/timestampVerificationData", ["rfc3161Timestamps"]],
  ["/verificationMaterial/timestampVerificationData/rfc3161Timestamps/*", ["signedTimestamp"]],
  ["/dsseEnvelope", ["payload","payloadType","signatures"]],
  ["/dsseEnvelope/signatures/*", ["keyid","sig"]],
  ["/messageSignature", ["messageDigest","signature"]],
  ["/messageSignature/messageDigest", ["algorithm","digest"]],
]);
