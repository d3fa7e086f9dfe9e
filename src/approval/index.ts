/** The policy language: who may change, sign, approve and deploy what, and whether a change has what it needs. */
export { approveCommand, replayCommand } from './approve-command.ts';
export { bindingOf, differenceDigest } from './change-binding.ts';
export { type Change, changeAt, POLICY_CHANGE } from './change-pattern.ts';
export { changesOf, changesOfFirst } from './changes-of.ts';
export { type EnvironmentRules, SEVERITIES, type Severity } from './environment-rules.ts';
export { initialPolicy, type Team } from './initial-policy.ts';
export { type ChangeDecision, type GivenApproval, judgeChange, NOBODY_KNOWN, type RequirementAnswer, type RuleAnswer } from './judge-change.ts';
export { type GivenReview, type OwedReview, owedReviews, reviewProblem } from './break-glass-reviews.ts';
export { type ExceptionAnswer, type ExceptionState, type GivenException, judgeExceptions } from './judge-exceptions.ts';
export { type GivenReplay, type GivenReplays, replayText } from './judge-replays.ts';
export { judgeReview, type ReviewAnswer, type ReviewFacts, type ReviewRules } from './judge-review.ts';
export { type Approved, judgeStart, type StartQuestion } from './judge-start.ts';
export { type KeyHolders, lintPolicy, type LintFinding } from './lint-policy.ts';
export { hasExpired } from './moments.ts';
export { approversOf, peopleOf, type Policy, type Rule } from './policy.ts';
export { readPolicy } from './read-policy.ts';
export { readPolicyTests } from './read-policy-tests.ts';
export { type CaseAnswer, runPolicyCase } from './run-policy-case.ts';
