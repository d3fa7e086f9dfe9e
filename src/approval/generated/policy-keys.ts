// Generated from https://trainlock.dev/schema/policy/v0.schema.json by npm run generate; do not edit.

/** Keys by schema path: array items are *, members of open objects {}. */
export const POLICY_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["version","solo","roles","machines","rules","review","environments"]],
  ["/roles", ["initiator","signer","approver-data","approver-dependency","approver-model","deployer","auditor","admin"]],
  ["/rules/*", ["id","why","changed","require"]],
  ["/rules/*/require/*", ["role","anyOf","count","replay"]],
  ["/review", ["every","triggers"]],
  ["/environments/{}", ["why","strict","log","criteria","acceptance","canary","replay","upstream","tolerates","approvalDays","regateDays","evaluations","exceptions","breakGlass"]],
  ["/environments/{}/acceptance/*", ["metric","stage","split","operator","value"]],
  ["/environments/{}/evaluations", ["most","proven"]],
  ["/environments/{}/exceptions", ["role","days"]],
  ["/environments/{}/breakGlass", ["role","hours","reviewDays"]],
]);
