import { countOf } from '#base';
import { type Criterion, judgeCriterion } from '#manifest';
import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { openStep, stepOf } from './step-of.ts';

/** Does it meet what was declared before the run, and what the policy asks here? Judged anew from the metrics in the record. */
export const criteriaStep = ({ manifest, rules, reference }: GateFacts): GateStep => {
  const declared = rules.criteria === 'none' ? [] : (manifest?.evaluation.criteria ?? []);
  const asked = [...declared, ...rules.acceptance];
  const remedies = [`trainlock show ${reference} /evaluation`];
  if (manifest === undefined)
    return openStep('criteria', [{ id: 'TL2004', severity: 'high', outcome: 'unknown', found: 'unread', because: 'the record cannot be read', remedies }]);
  if (asked.length === 0 && rules.criteria !== 'required')
    return { name: 'criteria', outcome: 'not-asked', because: 'nobody declared any, and the policy asks for none here', findings: [] };
  if (asked.length === 0) {
    const because = 'nobody declared criteria before the run, and the policy has none for this environment';
    return openStep('criteria', [
      { id: 'TL2004', severity: 'high', outcome: 'unknown', found: 'none declared', because, remedies: ['declare criteria in trainlock.yaml, or acceptance in the policy'] },
    ]);
  }
  const findings = asked.flatMap((criterion): readonly GateFinding[] => {
    const judged = judgeCriterion(criterion, manifest.evaluation.metrics);
    if (judged.outcome === 'met') return [];
    const because = judged.outcome === 'missing' ? 'no such metric was reported' : `it is ${judged.value}`;
    return [
      {
        id: 'TL2004',
        severity: 'high',
        outcome: judged.outcome === 'missing' ? 'unknown' : 'wrong',
        about: textOf(criterion),
        found: judged.outcome === 'missing' ? 'missing' : `is ${judged.value}`,
        because,
        remedies,
      },
    ];
  });
  return stepOf('criteria', findings, `${countOf(asked.length, 'criterion', 'criteria')} met: ${asked.map(textOf).join(', ')}`);
};

const textOf = ({ metric, stage, split, operator, value }: Criterion): string =>
  [metric, ...(stage === undefined ? [] : [`stage ${stage}`]), ...(split === undefined ? [] : [`split ${split}`]), operator, value].join(' ');
