// Generated from https://trainlock.dev/schema/trust/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const TRUST_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","version","issuedAt","expiresAt","threshold","roots","signers","timeAuthorities","logs","witnesses","previousSha256"]],
  ["/roots/*", ["keyId","publicKey","name"]],
  ["/signers/*", ["name","person","kind","keys","identities","roles","statementTypes","environments"]],
  ["/signers/*/keys/*", ["publicKey","validFrom","validUntil","revoked"]],
  ["/signers/*/keys/*/revoked", ["at","reason","compromisedSince"]],
  ["/signers/*/identities/*", ["issuer","subject","validFrom","validUntil","revoked"]],
  ["/signers/*/identities/*/revoked", ["at","reason","compromisedSince"]],
  ["/timeAuthorities/*", ["name","url","certificateChain"]],
  ["/logs/*", ["origin","key"]],
  ["/witnesses/*", ["name","key"]],
]);
