// Generated from https://trainlock.dev/schema/withdrawal/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const WITHDRAWAL_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","approvalSha256","person","reason","withdrawnAt"]],
]);
