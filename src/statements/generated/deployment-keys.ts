// Generated from https://trainlock.dev/schema/deployment/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const DEPLOYMENT_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","record","environment","place","modelSha256","gate","follows","person","reason","gatedAt"]],
  ["/record", ["runId","manifestSha256"]],
  ["/gate", ["policySha256","factsSha256"]],
]);
