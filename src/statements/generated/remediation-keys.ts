// Generated from https://trainlock.dev/schema/remediation/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const REMEDIATION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","phase","record","environment","policySha256","before","actions","plan","after","person","reason","statedAt"]],
  ["/record", ["runId","manifestSha256"]],
  ["/before", ["decision","factsSha256"]],
  ["/actions/*", ["kind","how","findings","changes","risk","commands","files","packages","interpreter","outcome"]],
  ["/actions/*/findings/*", ["id","about"]],
  ["/actions/*/files/*", ["path","sha256","before"]],
  ["/actions/*/packages/*", ["name","version","archiveSha256"]],
  ["/actions/*/outcome", ["state","because","stdoutSha256","stderrSha256"]],
  ["/after", ["decision","factsSha256"]],
]);
