import { accepted, escapeControl, keysAt, nearest, type Problem, problemsOf, type Reading, rejected } from '#base';
import { allFields } from '#manifest';
import { placedIn, readPlainYaml } from '#yaml';
import { changeAt } from './change-pattern.ts';
import { POLICY_TESTS_KEYS } from './generated/policy-tests-keys.ts';
import type { Case, PolicyTestsDocument } from './generated/policy-tests-types.ts';
import { schemaErrors } from './generated/policy-tests-validator.ts';
import { peopleOf, type Policy } from './policy.ts';

export type PolicyCase = Case & { /** Line, from 1. */ readonly line?: number };

export type PolicyTests = { readonly cases: readonly PolicyCase[] };

/**
 * Reads the cases of a policy from untrusted bytes. Closed; a path that no manifest has, a person whom the policy does not know and a
 * rule that it does not have are problems: a case must not pass because of a misspelt word. Never throws.
 */
export const readPolicyTests = (bytes: Uint8Array, policy: Policy): Reading<PolicyTests> => {
  const source = readPlainYaml(bytes);
  if (source.kind === 'rejected') return source;
  const { value, lineOf } = source.value;
  const errors = schemaErrors(value);
  if (errors.length > 0) return rejected(...problemsOf(errors, value, nearest, (pointer) => keysAt(pointer, POLICY_TESTS_KEYS)).map(placedIn(source.value)));
  const { cases } = value as unknown as PolicyTestsDocument;
  const problems = cases.flatMap((one, at) => caseProblems(one, policy, `/cases/${at}`));
  if (problems.length > 0) return rejected(...problems.map(placedIn(source.value)));
  return accepted({
    cases: cases.map((one, at) => {
      const line = lineOf(`/cases/${at}`);
      return line === undefined ? one : { ...one, line };
    }),
  });
};

const caseProblems = ({ changed, actors = [], approvals = [], replays = [], rules = [] }: Case, policy: Policy, pointer: string): readonly Problem[] => [
  ...unknownWords(changed, {
    pointer: `${pointer}/changed`,
    isKnown: (path) => changeAt(path) !== undefined,
    known: () => allFields().map(({ path }) => path),
    says: (path) => `no manifest has anything at ${path}`,
  }),
  ...unknownWords(actors, {
    pointer: `${pointer}/actors`,
    isKnown: (person) => peopleOf(policy).has(person),
    known: () => peopleOf(policy),
    says: (person) => `${person} has no role in the policy`,
  }),
  ...unknownWords(
    approvals.map(({ person }) => person),
    {
      pointer: `${pointer}/approvals`,
      below: '/person',
      isKnown: (person) => peopleOf(policy).has(person),
      known: () => peopleOf(policy),
      says: (person) => `${person} has no role in the policy`,
    },
  ),
  ...replays.flatMap(({ person }, at) => (person === undefined || peopleOf(policy).has(person) ? [] : strangerProblem(person, policy, `${pointer}/replays/${at}/person`))),
  ...unknownWords(rules, {
    pointer: `${pointer}/rules`,
    isKnown: (id) => policy.rules.some((rule) => rule.id === id),
    known: () => policy.rules.map(({ id }) => id),
    says: (id) => `the policy has no rule ${id}`,
  }),
];

const strangerProblem = (person: string, policy: Policy, pointer: string): readonly Problem[] => {
  const near = nearest(person, peopleOf(policy));
  return [{ pointer, message: `${escapeControl(person)} has no role in the policy`, ...(near === undefined ? {} : { hint: `did you mean ${near}?` }) }];
};

type Words = {
  readonly pointer: string;
  readonly below?: string;
  readonly isKnown: (word: string) => boolean;
  readonly known: () => Iterable<string>;
  readonly says: (word: string) => string;
};

/** Most words of a list for which a known one is looked for. */
const MOST_HINTS = 20;

const unknownWords = (words: readonly string[], { pointer, below = '', isKnown, known, says }: Words): readonly Problem[] =>
  words.flatMap((word, at) => {
    if (isKnown(word)) return [];
    const near = at < MOST_HINTS ? nearest(word, known()) : undefined;
    return [{ pointer: `${pointer}/${at}${below}`, message: says(escapeControl(word)), ...(near === undefined ? {} : { hint: `did you mean ${near}?` }) }];
  });
