// Generated from https://trainlock.dev/schema/approval/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const APPROVAL_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","change","role","meaning","person","reason","approvedAt","expiresAt"]],
  ["/change", ["baseline","candidate","differenceSha256","policySha256","environment"]],
  ["/change/baseline", ["runId","manifestSha256"]],
  ["/change/candidate", ["runId","manifestSha256"]],
]);
