// Generated from https://trainlock.dev/schema/deprecation/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const DEPRECATION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","of","from","replacement","person","reason","deprecatedAt"]],
]);
