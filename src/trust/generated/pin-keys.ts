// Generated from https://trainlock.dev/schema/trust-pin/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const TRUST_PIN_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","name","threshold","roots","lastSeen"]],
  ["/roots/*", ["publicKey","name"]],
  ["/lastSeen", ["version","sha256"]],
]);
