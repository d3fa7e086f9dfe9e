// Generated from https://trainlock.dev/schema/promotion/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const PROMOTION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","record","environment","sharePercent","replaces","follows","takesBack","allowedBy","person","reason","promotedAt"]],
  ["/record", ["runId","manifestSha256"]],
  ["/replaces", ["runId","manifestSha256"]],
  ["/allowedBy", ["policySha256","differenceSha256","actors","approvals"]],
]);
