import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../test/fixtures/property-runs.ts';
import { type Approvers, assignApprovers } from './assign-approvers.ts';
import type { Requirement, Role } from './policy.ts';

const DATA: Role = 'approver-data';
const MODEL: Role = 'approver-model';

const needs = (count: number, ...roles: readonly Role[]): Requirement => ({ roles, count });
const have = (people: Readonly<Record<string, readonly Role[]>>): Approvers => new Map(Object.entries(people).map(([person, roles]) => [person, new Set(roles)]));

describe('distinct persons for requirements', () => {
  it.each<[string, readonly Requirement[], Approvers, readonly (readonly string[])[], readonly number[]]>([
    ['nothing is asked', [], have({ ann: [DATA] }), [], []],
    ['nobody is there', [needs(2, DATA)], have({}), [[]], [2]],
    ['one is asked, and one is there', [needs(1, DATA)], have({ ann: [DATA] }), [['ann']], [0]],
    ['one is asked, and more are there', [needs(1, DATA)], have({ ben: [DATA], ann: [DATA] }), [['ann']], [0]],
    ['more are asked than are there', [needs(3, DATA)], have({ ann: [DATA], ben: [MODEL], cleo: [DATA] }), [['ann', 'cleo']], [1]],
    ['the same person is asked for twice', [needs(1, DATA), needs(1, DATA)], have({ ann: [DATA] }), [['ann'], []], [0, 1]],
    ['either role will do', [needs(2, DATA, MODEL)], have({ ann: [DATA], ben: [MODEL] }), [['ann', 'ben']], [0]],
    ['somebody must stand elsewhere, so that both find one', [needs(1, DATA, MODEL), needs(1, DATA)], have({ ann: [DATA], ben: [MODEL] }), [['ben'], ['ann']], [0, 0]],
    [
      'two must step aside, one for the other',
      [needs(1, DATA, MODEL), needs(1, DATA, 'approver-dependency'), needs(1, DATA)],
      have({ ann: [DATA], ben: [DATA, MODEL], cleo: ['approver-dependency'] }),
      [['ben'], ['cleo'], ['ann']],
      [0, 0, 0],
    ],
    ['the second has none', [needs(1, DATA), needs(2, MODEL)], have({ ann: [DATA], ben: [DATA] }), [['ann'], []], [0, 2]],
  ])('where %s', (_, requirements, approvers, by, missing) => {
    expect(assignApprovers(requirements, approvers)).toEqual({ by, missing });
  });

  const role = fc.constantFrom<Role>(DATA, MODEL, 'approver-dependency');
  const roles = fc.uniqueArray(role, { minLength: 1, maxLength: 2 });
  const asked = fc.array(fc.record({ roles, count: fc.integer({ min: 1, max: 2 }) }), { maxLength: 3 });
  const people = fc.array(roles, { maxLength: 5 }).map((each) => new Map(each.map((own, at) => [`p${at}`, new Set(own)])));

  /** The most places that can be filled, by trying everything. */
  const most = (places: readonly (readonly Role[])[], approvers: Approvers): number => {
    const [place, ...rest] = places;
    if (place === undefined) return 0;
    const fitting = [...approvers].filter(([, own]) => place.some((one) => own.has(one))).map(([person]) => person);
    return Math.max(most(rest, approvers), ...fitting.map((person) => 1 + most(rest, new Map([...approvers].filter(([other]) => other !== person)))));
  };

  it('fills as many places as trying everything does, with nobody twice', () => {
    fc.assert(
      fc.property(asked, people, (requirements, approvers) => {
        const { by, missing } = assignApprovers(requirements, approvers);
        const all = by.flat();
        expect(new Set(all).size).toBe(all.length);
        for (const [at, { roles: any, count }] of requirements.entries()) {
          expect(by[at]!.length + missing[at]!).toBe(count);
          for (const person of by[at]!) expect(any.some((one) => approvers.get(person)!.has(one))).toBe(true);
        }
        expect(all).toHaveLength(
          most(
            requirements.flatMap(({ roles: any, count }) => Array.from({ length: count }, () => any)),
            approvers,
          ),
        );
      }),
      { numRuns: propertyRuns(1000) },
    );
  });
});
