// Generated from https://trainlock.dev/schema/reversion/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const REVERSION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","of","person","reason","revertedAt"]],
  ["/of", ["kind","sha256"]],
]);
