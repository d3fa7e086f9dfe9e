// Generated from https://trainlock.dev/schema/erasure/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const ERASURE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","erasedAt","by","reason","listSha256","treeRoot","fileCount","rowCount","snapshotSha256","replacementListSha256","replacementTreeRoot","objectsRemoved"]],
]);
