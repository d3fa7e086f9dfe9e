// Generated from https://trainlock.dev/schema/policy-tests/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const POLICY_TESTS_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["version","cases"]],
  ["/cases/*", ["name","changed","actors","approvals","replays","expect","rules"]],
  ["/cases/*/approvals/*", ["person","role","expired","withdrawn","otherChange"]],
  ["/cases/*/replays/*", ["person","host","outcome"]],
]);
