// Generated from https://trainlock.dev/schema/delivery/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const DELIVERY_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","records"]],
  ["/records/*", ["manifestSha256","files"]],
  ["/records/*/files/*", ["name","sha256","sizeBytes"]],
]);
