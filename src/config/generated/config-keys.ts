// Generated from https://trainlock.dev/schema/config/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const CONFIG_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["version","store","model","data","outputs","metrics","criteria","seeds","canary","tags","run","environment","replay","signing","retention","participant"]],
  ["/model", ["name","owner","tier","intendedUse","limitations"]],
  ["/data/{}", ["path","role","version","origin","licence","profile","columns","label","key","collectedAt","query","sampling","filters","preprocessing"]],
  ["/data/{}/preprocessing/*", ["step","code"]],
  ["/outputs/{}", ["path","role"]],
  ["/metrics/{}", ["file","pointer","pattern","stage","split","direction","absoluteTolerance","relativeTolerance","why"]],
  ["/criteria/*", ["metric","stage","split","operator","value"]],
  ["/seeds", ["why","procedure"]],
  ["/canary", ["inputs","command","model","format","absoluteTolerance","flips","seconds"]],
  ["/run", ["entropy","logs","hash","schema","trace","deterministic","requireRecord","enforce","ignore","maxSourceBytes","maxSourceFileBytes"]],
  ["/environment", ["allow","mask"]],
  ["/replay", ["network","acceptMetricEqual"]],
  ["/signing", ["mode","key","timeAuthorities","also","log"]],
  ["/retention", ["recordDays"]],
  ["/participant", ["pseudonym"]],
]);
