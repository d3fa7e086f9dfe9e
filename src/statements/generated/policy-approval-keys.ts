// Generated from https://trainlock.dev/schema/policy-approval/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const POLICY_APPROVAL_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","policyChange","role","meaning","person","reason","approvedAt","expiresAt"]],
  ["/policyChange", ["fromSha256","toSha256"]],
]);
