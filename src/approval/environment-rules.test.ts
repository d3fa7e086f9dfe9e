import { describe, expect, it } from 'vitest';
import { type EnvironmentRules, environmentRules } from './environment-rules.ts';
import type { Environment } from './generated/policy-types.ts';

const STRICT: EnvironmentRules = {
  isStrict: true,
  log: 'required',
  criteria: 'required',
  acceptance: [],
  canary: 'tolerance',
  replay: 'none',
  upstream: 'none',
  tolerates: 'none',
};
const RELAXED: EnvironmentRules = { ...STRICT, isStrict: false, log: 'none', criteria: 'declared', canary: 'none', tolerates: 'low' };

describe('what an environment asks', () => {
  it.each<[string, Environment, EnvironmentRules]>([
    ['nothing is said: everything', {}, STRICT],
    ['it is strict: everything', { strict: true }, STRICT],
    ['it is not strict: less', { strict: false }, RELAXED],
    ['why it is there', { why: 'people trust it' }, { ...STRICT, why: 'people trust it' }],
    ['a log', { strict: false, log: 'proof' }, { ...RELAXED, log: 'proof' }],
    ['no log, though strict', { log: 'none' }, { ...STRICT, log: 'none' }],
    ['criteria', { strict: false, criteria: 'required' }, { ...RELAXED, criteria: 'required' }],
    ['only declared criteria, though strict', { criteria: 'declared' }, { ...STRICT, criteria: 'declared' }],
    ['conditions of its own', { acceptance: [{ metric: 'error', operator: '<', value: '0.5' }] }, { ...STRICT, acceptance: [{ metric: 'error', operator: '<', value: '0.5' }] }],
    ['a canary', { strict: false, canary: 'bit' }, { ...RELAXED, canary: 'bit' }],
    ['no canary, though strict', { canary: 'none' }, { ...STRICT, canary: 'none' }],
    ['a replay', { replay: 'independent' }, { ...STRICT, replay: 'independent' }],
    ['a live sample', { upstream: 'required' }, { ...STRICT, upstream: 'required' }],
    ['what it tolerates', { tolerates: 'medium' }, { ...STRICT, tolerates: 'medium' }],
    ['nothing to tolerate, though not strict', { strict: false, tolerates: 'none' }, { ...RELAXED, tolerates: 'none' }],
    ['young approvals', { approvalDays: 90 }, { ...STRICT, approvalDays: 90 }],
    ['young gates', { regateDays: 7 }, { ...STRICT, regateDays: 7 }],
    ['few evaluations', { evaluations: { most: 3 } }, { ...STRICT, evaluations: { most: 3, isProven: false } }],
    ['few evaluations, proven', { evaluations: { most: 3, proven: true } }, { ...STRICT, evaluations: { most: 3, isProven: true } }],
    ['exceptions', { exceptions: { role: 'approver-model', days: 30 } }, { ...STRICT, exceptions: { role: 'approver-model', days: 30 } }],
    ['emergencies', { breakGlass: { role: 'approver-model', hours: 4, reviewDays: 7 } }, { ...STRICT, breakGlass: { role: 'approver-model', hours: 4, reviewDays: 7 } }],
  ])('%s', (_, said, rules) => {
    expect(environmentRules(said)).toStrictEqual(rules);
  });
});
