// Generated from https://trainlock.dev/schema/exception-review/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const EXCEPTION_REVIEW_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","record","environment","reviews","outcome","role","person","reason","reviewedAt"]],
  ["/record", ["runId","manifestSha256"]],
]);
