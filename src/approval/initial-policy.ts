import type { PolicyDocument } from './generated/policy-types.ts';

export type Team = { readonly people: readonly string[]; readonly machines: readonly string[]; readonly admins: readonly string[] };

/** A policy to begin with, as text: everybody may approve what somebody else has changed, and promote what was approved. One person alone is said to be alone. */
export const initialPolicy = ({ people, machines, admins }: Team): string => {
  const approvers = `[${people
    .filter((person) => !admins.includes(person) || isSolo(people))
    .map(quoted)
    .join(', ')}]`;
  const everybody = `[${[...people, ...machines].map(quoted).join(', ')}]`;
  return [
    '# Who may approve what. Read by trainlock policy lint, test and explain; reviewed like code.',
    'version: 1',
    ...(isSolo(people) ? ['# One person does everything: approvals of the own changes count, and are self-attested.', 'solo: true'] : []),
    '',
    'roles:',
    `  initiator: ${everybody}`,
    `  signer: ${everybody}`,
    `  approver-data: ${approvers}`,
    `  approver-dependency: ${approvers}`,
    `  approver-model: ${approvers}`,
    `  deployer: ${approvers}`,
    ...(admins.length > 0 ? [`  admin: [${admins.map(quoted).join(', ')}]`] : []),
    ...(machines.length > 0 ? ['', '# Names that are no persons: they never satisfy a rule.', `machines: [${machines.map(quoted).join(', ')}]`] : []),
    '',
    '# Rules add: where several apply, all must be satisfied. A change that no rule speaks of is denied.',
    'rules:',
    ...RULES.flatMap(({ id, why, changed, require }) => [
      `  - id: ${id}`,
      `    why: ${why}`,
      `    changed: [${changed.map(quoted).join(', ')}]`,
      `    require: [{ role: ${require[0]!.role} }]`,
    ]),
    '',
    '# Where models run, and what trainlock gate asks before one may. Whatever is not said is asked of a strict environment.',
    'environments:',
    '  staging:',
    '    strict: false',
    ...(isSolo(people)
      ? []
      : ['  production:', '    why: What the model says here has consequences.', '    approvalDays: 180', '    exceptions: { role: approver-model, days: 30 }']),
    '',
  ].join('\n');
};

const isSolo = (people: readonly string[]): boolean => people.length === 1;

/** As YAML writes a text that could be taken for something else. */
const quoted = (text: string): string => (/^[a-z][a-z0-9-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(text) ? text : JSON.stringify(text));

const RULES: PolicyDocument['rules'] = [
  { id: 'data-change', why: 'Training data decides behaviour; somebody who did not prepare it must look.', changed: ['data', 'split'], require: [{ role: 'approver-data' }] },
  {
    id: 'dependency-change',
    why: 'A library or a machine can change every number.',
    changed: ['package', 'native', 'threads', 'hardware', 'config'],
    require: [{ role: 'approver-dependency' }],
  },
  {
    id: 'model-change',
    why: 'Code, parameters, seeds and the goal itself are what the model is.',
    changed: ['code', 'parameter', 'seed', 'criteria'],
    require: [{ role: 'approver-model' }],
  },
  {
    id: 'policy-change',
    why: 'Whoever changes the policy changes what everything else needs.',
    changed: ['policy'],
    require: [{ role: 'approver-model' }],
  },
];
