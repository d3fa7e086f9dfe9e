import type { Condition, Environment } from './generated/policy-types.ts';
import type { Role } from './policy.ts';

/** How bad a finding is. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** What an environment asks of a model before it may run there, with everything said that the policy leaves unsaid. */
export type EnvironmentRules = {
  readonly why?: string;
  readonly isStrict: boolean;
  readonly log: 'required' | 'proof' | 'none';
  readonly criteria: 'required' | 'declared' | 'none';
  readonly acceptance: readonly Condition[];
  readonly canary: 'bit' | 'tolerance' | 'none';
  readonly replay: 'any' | 'independent' | 'none';
  /** Whether a sample of live inputs must be given. One that is given is judged in either case. */
  readonly upstream: 'required' | 'none';
  /** The worst difference of software and machine that may stay though no canary has shown that it does no harm. */
  readonly tolerates: 'none' | Exclude<Severity, 'critical'>;
  /** Unit: day. */
  readonly approvalDays?: number;
  /** How long the word of a gate holds where a model runs. Unit: day. */
  readonly regateDays?: number;
  /** How often runs may have been measured on the test set. */
  readonly evaluations?: { readonly most: number; /** Whether a log must show that no run is missing. */ readonly isProven: boolean };
  readonly exceptions?: { readonly role: Role; /** Unit: day. */ readonly days: number };
  readonly breakGlass?: { readonly role: Role; /** Unit: hour. */ readonly hours: number; /** Unit: day after its end. */ readonly reviewDays: number };
};

/** Whatever is not said is asked of a strict environment, and not of another one. */
export const environmentRules = ({
  why,
  strict = true,
  log,
  criteria,
  acceptance = [],
  canary,
  replay = 'none',
  upstream = 'none',
  tolerates,
  approvalDays,
  regateDays,
  evaluations,
  exceptions,
  breakGlass,
}: Environment): EnvironmentRules => ({
  isStrict: strict,
  log: log ?? (strict ? 'required' : 'none'),
  criteria: criteria ?? (strict ? 'required' : 'declared'),
  acceptance,
  canary: canary ?? (strict ? 'tolerance' : 'none'),
  replay,
  upstream,
  tolerates: tolerates ?? (strict ? 'none' : 'low'),
  ...(why === undefined ? {} : { why }),
  ...(approvalDays === undefined ? {} : { approvalDays }),
  ...(regateDays === undefined ? {} : { regateDays }),
  ...(evaluations === undefined ? {} : { evaluations: { most: evaluations.most, isProven: evaluations.proven ?? false } }),
  ...(exceptions === undefined ? {} : { exceptions }),
  ...(breakGlass === undefined ? {} : { breakGlass }),
});
