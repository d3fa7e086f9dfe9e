// Generated from https://trainlock.dev/schema/exception/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const EXCEPTION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","finding","record","environment","level","confirms","role","person","reason","ticket","compensatingControl","statedAt","expiresAt"]],
  ["/finding", ["id","about"]],
  ["/record", ["runId","manifestSha256"]],
]);
