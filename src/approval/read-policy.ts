import { accepted, type Crypto, keysAt, nearest, problemsOf, type Reading, rejected, toHex } from '#base';
import { placedIn, readPlainYaml } from '#yaml';
import { readPattern } from './change-pattern.ts';
import { environmentRules } from './environment-rules.ts';
import { POLICY_KEYS } from './generated/policy-keys.ts';
import type { PolicyDocument, Role } from './generated/policy-types.ts';
import { schemaErrors } from './generated/policy-validator.ts';
import { reviewRules } from './judge-review.ts';
import { type Policy, requirementOf, type Rule } from './policy.ts';
import { policyProblems } from './policy-problems.ts';
import { ruleIndex } from './rule-index.ts';

/**
 * Reads policy.yaml from untrusted bytes. Closed: every unknown key, role, class and path is told with its line and the nearest known
 * one, and so is everything that would make a rule mean less than it says. Never throws.
 */
export const readPolicy = (bytes: Uint8Array, crypto: Crypto): Reading<Policy> => {
  const source = readPlainYaml(bytes);
  if (source.kind === 'rejected') return source;
  const { value } = source.value;
  const errors = schemaErrors(value);
  if (errors.length > 0) return rejected(...problemsOf(errors, value, nearest, (pointer) => keysAt(pointer, POLICY_KEYS)).map(placedIn(source.value)));
  const document = value as unknown as PolicyDocument;
  const problems = policyProblems(document);
  if (problems.length > 0) return rejected(...problems.map(placedIn(source.value)));
  const rules = document.rules.map(ruleOf);
  return accepted({
    sha256: toHex(crypto.sha256(bytes)),
    isSolo: document.solo ?? false,
    roles: new Map(Object.entries(document.roles) as [Role, readonly string[]][]),
    machines: new Set(document.machines),
    rules,
    index: ruleIndex(rules),
    ...(document.review === undefined ? {} : { review: reviewRules(document.review) }),
    environments: new Map(Object.entries(document.environments ?? {}).map(([name, environment]) => [name, environmentRules(environment)])),
  });
};

const ruleOf = ({ id, why, changed, require }: PolicyDocument['rules'][number]): Rule => ({
  id,
  why,
  changed: changed.map((text) => ({ text, pattern: readPattern(text)! })),
  require: require.filter(({ replay }) => replay === undefined).map(requirementOf),
  ...askedReplay(require),
});

/** Read only after every requirement was found to ask for one thing, and at most one of a rule for a replay. */
const askedReplay = (require: PolicyDocument['rules'][number]['require']): Pick<Rule, 'replay'> => {
  const replay = require.find((one) => one.replay !== undefined)?.replay;
  return replay === undefined ? {} : { replay };
};
