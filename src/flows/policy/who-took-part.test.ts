import { describe, expect, it } from 'vitest';
import { readPolicy } from '#approval';
import { nodeCrypto } from '#files';
import type { Manifest } from '#manifest';
import { actorsOf } from './decide-change.ts';
import { judgePolicyChange } from './policy-change.ts';
import { takingPart, unknownAuthors } from './who-took-part.ts';

const people = (...names: readonly string[]): { readonly roles: ReadonlyMap<'signer', readonly string[]> } => ({ roles: new Map([['signer', names]]) });

describe('who took part', () => {
  it.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ['as the policy writes them', ['ann', 'ben'], ['ben'], ['ben']],
    ['in other letters', ['Ben@Example.com', 'ann'], ['BEN', 'ben@example.COM'], ['Ben@Example.com']],
    ['by each that it may be', ['Ben', 'ben'], ['BEN'], ['Ben', 'ben']],
    ['with spaces around, and wide letters', ['ben'], [' ｂｅｎ '], ['ben']],
    ['not by a part of a name', ['ben'], ['ben b', 'be', ''], []],
  ])('is found %s', (_, known, names, expected) => {
    expect(takingPart(people(...known), names)).toEqual(expected);
  });

  it('tells whom the policy knows by neither name nor address', () => {
    const authors = [
      { name: 'Ann Lee', mail: 'ANN@example.com' },
      { name: 'ben', mail: 'b@home' },
      { name: 'eve', mail: 'eve@example.com' },
      { name: '', mail: 'x@y' },
      { name: 'dee', mail: '' },
    ];
    expect(unknownAuthors(people('ann@example.com', 'Ben'), [...authors, ...authors])).toEqual(['eve <eve@example.com>', '<x@y>', 'dee']);
  });
});

describe('a policy that writes its people in other letters', () => {
  const text =
    'version: 1\nroles: { approver-model: [Ann@example.com, Ben@example.com], initiator: [Ann@example.com] }\nrules: [{ id: a, why: b, changed: ["**", policy], require: [{ role: approver-model }] }]\n';
  const reading = readPolicy(Buffer.from(text), nodeCrypto);
  if (reading.kind !== 'accepted') throw new Error(JSON.stringify(reading));
  const policy = reading.value;

  it('shuts out who made a change, by record and commits', () => {
    const candidate = { manifest: { run: { participant: { email: 'ANN@EXAMPLE.COM' } } } as Manifest, statement: Buffer.alloc(0), bundles: [] };
    const question = { policy, candidate, named: [], alsoTook: ['ben', 'ben@EXAMPLE.com'], trust: { kind: 'none' } as never };
    expect(actorsOf(question)).toEqual({ actors: ['Ann@example.com', 'Ben@example.com'], stranger: undefined });
    expect(() => actorsOf({ ...question, named: ['ben@example.com'] })).toThrow('does not know');
  });

  it.each([
    ['of today', '2026-11-27T00:00:00Z', 'allowed'],
    ['of 29 days ago', '2026-10-29T00:00:01Z', 'allowed'],
    ['of 30 days ago', '2026-10-28T00:00:00Z', 'undecided'],
    ['of a moment that cannot be read', 'lately', 'undecided'],
  ])('lets an approval %s of a policy count for a month', (_, approvedAt, expected) => {
    const policyChange = { fromSha256: policy.sha256, toSha256: '0'.repeat(64) };
    const policyApproval = { policyChange, role: 'approver-model', meaning: 'approval', person: 'Ben@example.com', reason: 'x', approvedAt } as const;
    const by = { person: 'Ben@example.com', isPerson: true, isAdmin: false, keyId: '' };
    const filed = [{ path: '', hasExpired: false, judged: { kind: 'policy-approval', sha256: '', policyApproval, by, because: '' } as const }];
    const { kind } = judgePolicyChange({ before: policy, toSha256: '0'.repeat(64), actors: ['Ann@example.com'], filed, now: '2026-11-27T00:00:00Z' });
    expect(kind).toBe(expected);
  });

  it('shuts out who changed the policy', () => {
    const decision = (actors: readonly string[]): unknown => judgePolicyChange({ before: policy, toSha256: '0'.repeat(64), actors, filed: [], now: '2026-11-27T00:00:00Z' });
    expect(decision(['ben@EXAMPLE.com'])).toEqual(decision(['Ben@example.com']));
    expect(decision(['ben@EXAMPLE.com'])).not.toEqual(decision([]));
  });
});
