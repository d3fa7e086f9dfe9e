// Generated from https://trainlock.dev/schema/trust-envelope/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const TRUST_ENVELOPE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["payloadType","payload","signatures"]],
  ["/signatures/*", ["keyid","sig"]],
]);
