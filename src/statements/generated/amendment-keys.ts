// Generated from https://trainlock.dev/schema/amendment/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const AMENDMENT_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","record","supersedes","pointer","before","after","person","reason","amendedAt"]],
  ["/record", ["runId","manifestSha256"]],
]);
