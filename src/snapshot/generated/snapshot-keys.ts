// Generated from https://trainlock.dev/schema/snapshot/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const SNAPSHOT_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["schemaVersion","name","takenAt","tool","path","origin","list","complete","ignored","findings","findingCount","tables","media"]],
  ["/origin", ["kind","uri","revision","path","query","rowCount","resultSha256","retrievedAt","imported","objects"]],
  ["/origin/imported/*", ["algorithm","digest","path"]],
  ["/origin/objects/*", ["key","versionId","etag"]],
  ["/list", ["sha256","treeRoot","fileCount","totalBytes","dirHash","indexSha256","chunksSha256"]],
  ["/findings/*", ["kind","path","rawName","other","reason"]],
  ["/tables/*", ["path","inner","format","fileCount","rowCount","columns","contentSha256","label","problem"]],
  ["/tables/*/columns/*", ["name","type","detail","missing","distinct","min","max","mean","standardDeviation","quantiles","histogram","categories","otherCount","lengths"]],
  ["/tables/*/columns/*/quantiles/*", ["at","value"]],
  ["/tables/*/columns/*/histogram", ["edges","counts"]],
  ["/tables/*/columns/*/categories/*", ["value","count"]],
  ["/tables/*/columns/*/lengths", ["min","max","mean"]],
  ["/media/*", ["path","kind","fileCount","totalBytes","formats","classes","width","height","durationMs","sampleRateHz","lines","unreadableCount"]],
  ["/media/*/formats/*", ["name","count"]],
  ["/media/*/classes/*", ["name","count"]],
  ["/media/*/width", ["min","max","mean"]],
  ["/media/*/height", ["min","max","mean"]],
  ["/media/*/durationMs", ["min","max","mean"]],
  ["/media/*/sampleRateHz", ["min","max","mean"]],
  ["/media/*/lines", ["min","max","mean"]],
]);
