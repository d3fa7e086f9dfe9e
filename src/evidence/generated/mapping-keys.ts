// Generated from https://trainlock.dev/schema/mapping/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const MAPPING_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["version","id","title","date","supersedes","notes","sources","clauses"]],
  ["/sources/{}", ["title","says"]],
  ["/clauses/*", ["clause","asks","sources","needs","commands","beyond"]],
  ["/clauses/*/needs/*", ["record","check","shown"]],
]);
