import { describe, expect, it } from 'vitest';
import { approversOf, peopleOf, requirementOf, type Role } from './policy.ts';

const rolesOf = (roles: Readonly<Partial<Record<Role, readonly string[]>>>): ReadonlyMap<Role, readonly string[]> => new Map(Object.entries(roles) as [Role, readonly string[]][]);

const approvers = (roles: Parameters<typeof rolesOf>[0], { machines = [] as readonly string[], isSolo = false } = {}): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...approversOf({ roles: rolesOf(roles), machines: new Set(machines), isSolo })].map(([person, own]) => [person, [...own]]));

describe('the people of a policy', () => {
  it('are all who have a role, each once', () => {
    expect([...peopleOf({ roles: rolesOf({ initiator: ['ann', 'ci'], signer: ['ci'], admin: ['dee'] }) })]).toEqual(['ann', 'ci', 'dee']);
    expect([...peopleOf({ roles: new Map() })]).toEqual([]);
  });
});

describe('who may approve', () => {
  it('is everybody with a role that approves, in each of them', () => {
    expect(approvers({ 'approver-data': ['ann', 'ben'], 'approver-model': ['ben'], deployer: ['cleo'], initiator: ['dee'] })).toEqual({
      ann: ['approver-data'],
      ben: ['approver-data', 'approver-model'],
    });
  });

  it('is nobody where nobody has such a role', () => {
    expect(approvers({ auditor: ['ann'] })).toEqual({});
  });

  it('is no machine, and no admin', () => {
    expect(approvers({ 'approver-data': ['ann', 'ci', 'dee'], admin: ['dee'] }, { machines: ['ci'] })).toEqual({ ann: ['approver-data'] });
  });

  it('is an admin where one person does everything, and still no machine', () => {
    expect(approvers({ 'approver-data': ['ann', 'ci'], admin: ['ann', 'ci'] }, { machines: ['ci'], isSolo: true })).toEqual({ ann: ['approver-data'] });
  });
});

describe('a requirement', () => {
  it('asks for one person if nothing is said', () => {
    expect(requirementOf({ role: 'approver-data' })).toEqual({ roles: ['approver-data'], count: 1 });
    expect(requirementOf({ anyOf: ['approver-data', 'approver-model'], count: 2 })).toEqual({ roles: ['approver-data', 'approver-model'], count: 2 });
  });
});
