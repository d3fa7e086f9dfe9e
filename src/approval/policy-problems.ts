import { escapeControl, nearest, type Problem } from '#base';
import { allFields, CAUSE_CLASSES } from '#manifest';
import { POLICY, readPattern } from './change-pattern.ts';
import type { PolicyDocument, Role } from './generated/policy-types.ts';
import { APPROVING } from './policy.ts';

/** What no schema can say of a policy: names that nobody has, rules that could be satisfied by nobody, patterns that can never match. */
export const policyProblems = (document: PolicyDocument): readonly Problem[] => [
  ...twice(document.machines ?? [], '/machines'),
  ...Object.entries(document.roles).flatMap(([role, people]) => twice(people, `/roles/${role}`)),
  ...lookalikes(document),
  ...machineProblems(document),
  ...adminProblems(document),
  ...twice(
    document.rules.map(({ id }) => id),
    '/rules',
    '/id',
  ),
  ...patternProblems(document),
  ...exceptionProblems(document),
  ...twice(document.review?.triggers ?? [], '/review/triggers'),
  ...document.rules.flatMap((rule, at) => ruleProblems(rule, document, `/rules/${at}`)),
];

/** A name that stands in a list a second time: whoever wrote it believed to count more people than there are. */
const twice = (names: readonly string[], pointer: string, below = ''): readonly Problem[] =>
  names.flatMap((name, at) => (names.indexOf(name) < at ? [{ pointer: `${pointer}/${at}${below}`, message: `${escapeControl(name)} stands here a second time` }] : []));

/** Names that differ only in case, space or letters that look alike: one person would count as two. */
const lookalikes = ({ roles, machines = [] }: PolicyDocument): readonly Problem[] => {
  const seen = new Map<string, string>();
  const lists: readonly (readonly [string, readonly string[]])[] = [...Object.entries(roles).map(([role, people]) => [`/roles/${role}`, people] as const), ['/machines', machines]];
  return lists.flatMap(([pointer, names]) =>
    names.flatMap((name, at) => {
      const folded = name
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\s\p{Cf}]/gu, '');
      const other = seen.get(folded) ?? name;
      seen.set(folded, other);
      return other === name
        ? []
        : [{ pointer: `${pointer}/${at}`, message: `${escapeControl(name)} could be the same as ${escapeControl(other)}`, hint: 'write each name in one way' }];
    }),
  );
};

/** Roles that only persons have. */
const OF_PERSONS: readonly Role[] = [...APPROVING, 'deployer', 'auditor', 'admin'];

const machineProblems = ({ machines = [], roles }: PolicyDocument): readonly Problem[] => [
  ...OF_PERSONS.flatMap((role) =>
    (roles[role] ?? []).flatMap((name, at) =>
      machines.includes(name) ? [{ pointer: `/roles/${role}/${at}`, message: `${escapeControl(name)} is a machine, and the role ${role} is for persons` }] : [],
    ),
  ),
  ...machines.flatMap((name, at) =>
    Object.values(roles).some((people) => people.includes(name)) ? [] : [{ pointer: `/machines/${at}`, message: `${escapeControl(name)} has no role` }],
  ),
];

const adminProblems = ({ roles, solo = false }: PolicyDocument): readonly Problem[] =>
  solo
    ? []
    : [...APPROVING, 'deployer' as const].flatMap((role) =>
        (roles[role] ?? []).flatMap((name, at) =>
          roles.admin?.includes(name) === true
            ? [{ pointer: `/roles/${role}/${at}`, message: `${escapeControl(name)} is an admin, and admins neither approve nor deploy`, hint: 'take one of the two roles away' }]
            : [],
        ),
      );

const exceptionProblems = ({ environments = {}, roles }: PolicyDocument): readonly Problem[] =>
  Object.entries(environments).flatMap(([name, { exceptions, breakGlass }]) => [
    ...(exceptions === undefined ? [] : roleProblems(exceptions.role, roles, `/environments/${name}/exceptions/role`)),
    ...(breakGlass === undefined ? [] : roleProblems(breakGlass.role, roles, `/environments/${name}/breakGlass/role`)),
  ]);

const ruleProblems = ({ changed, require }: PolicyDocument['rules'][number], { roles, solo = false }: PolicyDocument, pointer: string): readonly Problem[] => [
  ...twice(changed, `${pointer}/changed`),
  ...require.flatMap((requirement, at) => requirementProblems(requirement, roles, `${pointer}/require/${at}`)),
  ...replayProblems(require, solo, `${pointer}/require`),
];

/** A replay is no word of a person, and who does everything alone can replay nothing independently. */
const replayProblems = (require: PolicyDocument['rules'][number]['require'], solo: boolean, pointer: string): readonly Problem[] => {
  const asked = require.flatMap(({ replay }, at) => (replay === undefined ? [] : [{ replay, pointer: `${pointer}/${at}/replay` }]));
  return [
    ...asked.slice(1).map((one) => ({ pointer: one.pointer, message: 'a rule asks for one replay' })),
    ...(asked.length === require.length ? [{ pointer, message: 'asks for no person', hint: 'name a role beside the replay' }] : []),
    ...(solo
      ? asked.filter(({ replay }) => replay === 'independent').map((one) => ({ pointer: one.pointer, message: 'one person alone has nobody who could replay it independently' }))
      : []),
  ];
};

/** Most patterns for which a known one is looked for: each is compared with every path of the manifest. */
const MOST_HINTS = 20;

const patternProblems = ({ rules }: PolicyDocument): readonly Problem[] =>
  rules
    .flatMap(({ changed }, rule) => changed.map((text, at) => ({ text, pointer: `/rules/${rule}/changed/${at}` })))
    .filter(({ text }) => readPattern(text) === undefined)
    .map(({ text, pointer }, at) => ({ pointer, message: unknownPattern(text), ...(at < MOST_HINTS ? { hint: patternHint(text) } : {}) }));

const unknownPattern = (text: string): string =>
  text.startsWith('/') ? `no manifest has anything at ${escapeControl(text)}` : `${escapeControl(text)} is no class of change, and no path of the manifest`;

const patternHint = (text: string): string => {
  const near = nearest(text, text.startsWith('/') ? allFields().map(({ path }) => path) : [...CAUSE_CLASSES, POLICY]);
  return near === undefined ? `classes are ${CAUSE_CLASSES.join(', ')} and ${POLICY}; paths begin with / and are in docs/reference/manifest.md` : `did you mean ${near}?`;
};

/** A role whose word is asked for must approve, and somebody must have it: an owner set that is empty must never be satisfied by nobody. */
const roleProblems = (role: Role, roles: PolicyDocument['roles'], pointer: string): readonly Problem[] => {
  if (!APPROVING.includes(role)) return [{ pointer, message: `the role ${role} approves nothing`, hint: `roles that approve are ${APPROVING.join(', ')}` }];
  return roles[role] === undefined ? [{ pointer, message: `nobody has the role ${role}`, hint: `name its people under roles: ${role}` }] : [];
};

const requirementProblems = (document: PolicyDocument['rules'][number]['require'][number], roles: PolicyDocument['roles'], pointer: string): readonly Problem[] => {
  const { role: one, anyOf, replay, count } = document;
  if ([one, anyOf, replay].filter((word) => word !== undefined).length !== 1) return [{ pointer, message: 'needs either role or anyOf, or replay' }];
  if (replay !== undefined) return count === undefined ? [] : [{ pointer: `${pointer}/count`, message: 'persons are counted, and replays are not' }];
  const places = document.role === undefined ? (document.anyOf ?? []).map((role, at) => [role, `${pointer}/anyOf/${at}`] as const) : [[document.role, `${pointer}/role`] as const];
  return [...twice(document.anyOf ?? [], `${pointer}/anyOf`), ...places.flatMap(([role, place]) => roleProblems(role, roles, place))];
};
