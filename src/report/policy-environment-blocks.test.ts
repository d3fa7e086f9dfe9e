import { describe, expect, it } from 'vitest';
import { readPolicy } from '#approval';
import { type Crypto, utf8 } from '#base';
import { renderPolicy } from './index.ts';

/** The digest of the policy is not what is asked here. */
const NO_CRYPTO = { sha256: () => new Uint8Array(32) } as Pick<Crypto, 'sha256'> as Crypto;

const policy = (environments: string): string => {
  const reading = readPolicy(
    utf8(
      `version: 1\nroles:\n  approver-model: [ann, ben]\nreview: { every: { high: 180, other: 365 } }\nrules:\n  - { id: all, why: everything, changed: ["**"], require: [{ role: approver-model }] }\n${environments}`,
    ),
    NO_CRYPTO,
  );
  if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
  return renderPolicy('policy.yaml', reading.value).split('\n').slice(3).join('\n');
};

describe('what a policy says of environments', () => {
  it('names what each asks, who may make exceptions, for how long, and who looks afterwards', () => {
    const text = `environments:
  staging: { strict: false }
  production:
    why: it decides about people
    acceptance: [{ metric: accuracy, split: test, operator: ">=", value: "0.9" }]
    approvalDays: 180
    regateDays: 1
    evaluations: { most: 5, proven: true }
    exceptions: { role: approver-model, days: 30 }
    breakGlass: { role: approver-model, hours: 8, reviewDays: 7 }
`;
    expect(policy(text)).toMatchInlineSnapshot(`
      "approver-model  ann, ben

      all
      why      everything
      changed  **
      needs    1 × approver-model

      staging  environment, not strict
      asks         log none, criteria declared, canary none, replay none, upstream none, tolerates low
      exceptions   nobody may make any
      break-glass  nobody may

      production  environment, strict
      why          it decides about people
      asks         log required, criteria required, canary tolerance, replay none, upstream none, tolerates none
      accepts      accuracy (test) >= 0.9
      approvals    count for 180 days
      gated again  every 1 day
      evaluations  at most 5 on the test set, proven by the log
      exceptions   two persons, one of them with the role approver-model, for at most 30 days
      break-glass  two persons, one of them with the role approver-model, for at most 8 hours; reviewed by one with the role approver-model within 7 days after its end"
    `);
  });

  it('says that there are none', () => {
    expect(policy('')).toContain('environments  none');
  });
});
