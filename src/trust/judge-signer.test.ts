import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, escapeControl } from '#base';
import { makeTestKey, ports, trustDocument } from '../../test/fixtures/trust-files.ts';
import type { Role, TrustDocument } from './generated/trust-types.ts';
import { judgeByTimes } from './judge-by-times.ts';
import { judgeSigner, type ProvenTime, type SignedBy, type SignerAnswer, type SignerQuestion, type TrustedTime } from './judge-signer.ts';
import { localTrust } from './local-trust.ts';
import { readTrust } from './read-trust.ts';
import type { Bounds } from './trust.ts';
import type { TrustStanding } from './trust-standing.ts';

const RUN = 'https://trainlock.dev/training-run/v0';
const APPROVAL = 'https://trainlock.dev/approval/v0';
const [plain, bounded, revoked, compromised, staging, beginning, stranger] = [
  makeTestKey(),
  makeTestKey(),
  makeTestKey(),
  makeTestKey(),
  makeTestKey(),
  makeTestKey(),
  makeTestKey(),
];
const root = makeTestKey();
const CI = { issuer: 'https://issuer.example.com', subject: 'https://example.com/train.yml@refs/heads/main' };

const standingOf = (signers: TrustDocument['signers'], version = 3): TrustStanding => {
  const reading = readTrust(canonicalJson(trustDocument([root], { version, signers })), ports.crypto);
  if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
  return { kind: 'accepted', trust: reading.value };
};

const signer = (name: string, publicKey: string, bounds: Bounds = {}): TrustDocument['signers'][number] => ({
  name,
  kind: 'person',
  keys: [{ publicKey, ...bounds }],
  roles: ['signer'],
  statementTypes: [RUN],
});
const trust = standingOf([
  { ...signer('ann', plain.pem), person: 'ann@example.com', roles: ['initiator', 'signer'] },
  signer('ben', bounded.pem, { validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-08-01T00:00:00Z' }),
  signer('cleo', revoked.pem, { revoked: { at: '2026-05-01T00:00:00Z', reason: 'left the team' } }),
  signer('dan', compromised.pem, { revoked: { at: '2026-05-01T00:00:00Z', reason: 'laptop lost', compromisedSince: '2026-04-01T00:00:00Z' } }),
  { ...signer('eve', staging.pem), roles: ['approver-data'], statementTypes: [APPROVAL], environments: ['staging'] },
  signer('finn', beginning.pem, { validFrom: '2026-02-01T00:00:00Z' }),
  { name: 'ci', kind: 'service', identities: [CI], roles: ['signer'], statementTypes: [RUN] },
]);

const at = (time: string): TrustedTime => ({ kind: 'authority', at: time });
const NONE: TrustedTime = { kind: 'none' };
const keyOf = ({ keyId }: { readonly keyId: string }): SignedBy => ({ kind: 'key', keyId });
const ask = (by: SignedBy, more: Partial<SignerQuestion> = {}): SignerAnswer => judgeSigner({ trust, by, statementType: RUN, time: NONE, ...more });
const wordOf = (answer: SignerAnswer): string => (answer.kind === 'refused' ? answer.refusal : answer.kind);

describe('judgeSigner', () => {
  it.each<readonly [string, SignedBy, Partial<SignerQuestion>, string, string]>([
    [
      'a listed key for its type',
      keyOf(plain),
      {},
      'trusted',
      'of ann may sign https://trainlock.dev/training-run/v0 by version 3 of the trust file; nothing limits when it counts, and nobody but the signer says when it signed',
    ],
    [
      'a listed key in its role, dated',
      keyOf(plain),
      { role: 'initiator', time: { kind: 'witness', at: '2026-03-01T00:00:00Z' } },
      'trusted',
      'as initiator by version 3 of the trust file; a witness proves that the signature existed on 2026-03-01T00:00:00Z',
    ],
    [
      'a listed identity',
      { kind: 'identity', ...CI },
      {},
      'trusted',
      'the identity https://example.com/train.yml@refs/heads/main (vouched for by https://issuer.example.com) of ci may sign',
    ],
    ['A08 a key that is not listed', keyOf(stranger), {}, 'unknown-key', `the key ${stranger.keyId.slice(0, 12)}… is not in version 3 of the trust file`],
    ['A08 a root key, which signs the trust file and nothing else', keyOf(root), {}, 'unknown-key', 'is not in version 3'],
    ['A07 a key with a name of the language', { kind: 'key', keyId: '__proto__' }, {}, 'unknown-key', 'the key __proto__… is not in'],
    ['A08 another subject of the same issuer', { kind: 'identity', ...CI, subject: `${CI.subject}2` }, {}, 'unknown-key', 'is not in version 3'],
    ['A08 the same subject of another issuer', { kind: 'identity', ...CI, issuer: 'https://issuer.example.org' }, {}, 'unknown-key', 'is not in version 3'],
    ['B09 a subject that a pattern would take', { kind: 'identity', ...CI, subject: CI.subject.replace('.', 'x') }, {}, 'unknown-key', 'is not in version 3'],
    [
      'A08 a key for another type',
      keyOf(plain),
      { statementType: APPROVAL },
      'wrong-type',
      'of ann may not sign https://trainlock.dev/approval/v0: version 3 of the trust file allows https://trainlock.dev/training-run/v0',
    ],
    ['A05 a key for another version of its type', keyOf(plain), { statementType: `${RUN.slice(0, -1)}2` }, 'wrong-type', 'may not sign'],
    ['A08 a key for a longer type than its own', keyOf(plain), { statementType: `${RUN}/x` }, 'wrong-type', 'may not sign'],
    [
      'A08 a key in a role that it does not have',
      keyOf(plain),
      { role: 'admin' },
      'wrong-role',
      'of ann does not have the role admin: version 3 of the trust file gives initiator, signer',
    ],
    ['A08 a key in its environment', keyOf(staging), { statementType: APPROVAL, environment: 'staging' }, 'trusted', 'for staging by version 3'],
    [
      'A08 a key in another environment',
      keyOf(staging),
      { statementType: APPROVAL, environment: 'production' },
      'wrong-environment',
      'of eve counts only for staging, not for production, says version 3 of the trust file',
    ],
    ['A08 a key of one environment where none is asked about', keyOf(staging), { statementType: APPROVAL }, 'no-environment', 'and the question names no environment'],
    ['a key of all environments in one', keyOf(plain), { environment: 'production' }, 'trusted', 'for production'],
    [
      'D07 a time before the key counts',
      keyOf(bounded),
      { time: at('2026-01-31T23:59:59Z') },
      'not-yet-valid',
      'of ben counts from 2026-02-01T00:00:00Z on, but a time authority saw the signature on 2026-01-31T23:59:59Z already',
    ],
    ['the first moment of a key', keyOf(bounded), { time: at('2026-02-01T00:00:00Z') }, 'trusted', 'when it counted'],
    ['the last moment of a key', keyOf(bounded), { time: at('2026-08-01T00:00:00.000Z') }, 'trusted', 'when it counted'],
    [
      'D07 a time after the end of a key',
      keyOf(bounded),
      { time: at('2026-08-01T00:00:00.001Z') },
      'expired',
      'of ben counted until 2026-08-01T00:00:00Z, but the signature is only proven to have existed on 2026-08-01T00:00:00.001Z',
    ],
    [
      'a key with an end and no trusted time',
      keyOf(bounded),
      {},
      'undatable',
      'of ben counts from 2026-02-01T00:00:00Z on, counts until 2026-08-01T00:00:00Z, and no time authority or witness dates the signature',
    ],
    ['a key with a beginning and no trusted time', keyOf(beginning), {}, 'undatable', 'of finn counts from 2026-02-01T00:00:00Z on, and no time authority'],
    ['a time that cannot be read', keyOf(bounded), { time: at('2026-06-31T00:00:00Z') }, 'undatable', 'what the signer says of the time does not count'],
    ['a signature from before a revocation', keyOf(revoked), { time: at('2026-04-30T23:59:59Z') }, 'trusted', 'when it counted'],
    [
      'D07 a signature from the moment of a revocation',
      keyOf(revoked),
      { time: at('2026-05-01T00:00:00Z') },
      'revoked',
      'of cleo was revoked on 2026-05-01T00:00:00Z (left the team), and the signature is only proven to have existed on 2026-05-01T00:00:00Z, not before',
    ],
    [
      'D13 a revoked key and no trusted time, whatever the run says of its own time',
      keyOf(revoked),
      {},
      'undatable',
      'of cleo was revoked on 2026-05-01T00:00:00Z (left the team), and no time authority or witness dates the signature',
    ],
    ['a signature from before a compromise', keyOf(compromised), { time: at('2026-03-31T23:59:59Z') }, 'trusted', 'when it counted'],
    ['D13 a signature from the moment of a compromise', keyOf(compromised), { time: at('2026-04-01T00:00:00Z') }, 'compromised', 'not before'],
    [
      'D13 a signature between compromise and revocation',
      keyOf(compromised),
      { time: at('2026-04-15T00:00:00Z') },
      'compromised',
      'of dan may have been used by others since 2026-04-01T00:00:00Z (laptop lost), and the signature is only proven to have existed on 2026-04-15T00:00:00Z, not before',
    ],
    [
      'D13 a signature from after the revocation of a compromised key',
      keyOf(compromised),
      { time: { kind: 'witness', at: '2026-06-01T00:00:00Z' } },
      'compromised',
      'since 2026-04-01T00:00:00Z',
    ],
    ['D13 a compromised key with a back-dated run and no trusted time', keyOf(compromised), {}, 'undatable', 'what the signer says of the time does not count'],
    [
      'E06 a trust file that nobody pinned',
      keyOf(plain),
      { trust: { kind: 'unpinned', because: 'none of its roots is pinned here' } },
      'unknown',
      'whose signatures count is not known here: none of its roots is pinned here',
    ],
    [
      'E06 a trust file that was refused',
      keyOf(plain),
      { trust: { kind: 'refused', refusal: 'expired', because: 'it expired' } },
      'unknown',
      'whose signatures count is not known here: it expired',
    ],
    ['E06 no trust file', keyOf(plain), { trust: { kind: 'none', because: 'there is none' } }, 'unknown', 'not known here'],
    ['E06 a trust file without signers', keyOf(plain), { trust: standingOf([]) }, 'unknown-key', 'is not in version 3'],
  ])('%s', (_, by, question, expected, because) => {
    const answer = ask(by, question);
    expect(wordOf(answer)).toBe(expected);
    expect(answer.because).toContain(because);
  });

  it('names signer, person and roles of a trusted signature', () => {
    expect(ask(keyOf(plain))).toMatchObject({ kind: 'trusted', by: 'listed', signer: { name: 'ann', person: 'ann@example.com', kind: 'person' }, roles: ['initiator', 'signer'] });
  });

  it('B11 escapes what names and reasons would do to a terminal', () => {
    const hostile = standingOf([signer('\u001b[2Jann\u202e', plain.pem, { revoked: { at: '2026-05-01T00:00:00Z', reason: 'lost\nok   trusted' } })]);
    const questions: readonly Partial<SignerQuestion>[] = [
      ...[NONE, at('2026-06-01T00:00:00Z'), at('2026-04-01T00:00:00Z')].map((time) => ({ time })),
      { statementType: '\u0007' },
      { role: 'admin' },
    ];
    for (const question of questions) {
      const { because } = ask(keyOf(plain), { trust: hostile, ...question });
      expect(because).toBe(escapeControl(because));
      expect(because).toContain('\\x1b[2Jann\\u{202e}');
    }
  });
});

describe('judgeSigner without a trust file', () => {
  const local = localTrust([
    { keyId: plain.keyId, name: 'the key default of this user', statementTypes: [RUN] },
    { keyId: revoked.keyId, name: 'the key old of this user', statementTypes: [RUN], revoked: { at: '2026-05-01T00:00:00Z', reason: 'rotated' } },
  ]);

  it.each<readonly [string, SignedBy, Partial<SignerQuestion>, string, string]>([
    ['the own key for a run', keyOf(plain), {}, 'trusted', 'is a key of this user: the record is self-attested'],
    ['the own key for a run, as signer', keyOf(plain), { role: 'signer' }, 'trusted', 'self-attested'],
    ['A08 the own key for an approval', keyOf(plain), { statementType: APPROVAL }, 'wrong-type', 'counts without a trust file only for https://trainlock.dev/training-run/v0'],
    ['A08 the own key as approver', keyOf(plain), { role: 'approver-data' }, 'wrong-role', 'has the role signer without a trust file, not approver-data'],
    ['A08 the own key for an environment', keyOf(plain), { environment: 'production' }, 'wrong-environment', 'not for production'],
    ['A08 the key of somebody else', keyOf(stranger), {}, 'unknown-key', "is none of this user's, and there is no trust file"],
    ['an identity', { kind: 'identity', ...CI }, {}, 'unknown-key', 'and there is no trust file'],
    ['D13 an own key that was revoked, undated', keyOf(revoked), {}, 'undatable', 'was revoked on 2026-05-01T00:00:00Z (rotated)'],
    ['an own key that was revoked later', keyOf(revoked), { time: at('2026-04-01T00:00:00Z') }, 'trusted', 'self-attested'],
  ])('%s', (_, by, question, expected, because) => {
    const answer = ask(by, { trust: local, ...question });
    expect(wordOf(answer)).toBe(expected);
    expect(answer.because).toContain(because);
    if (answer.kind === 'trusted') expect(answer).toMatchObject({ by: 'self', roles: ['signer'] });
  });
});

describe('judgeByTimes', () => {
  const dated = (by: SignedBy, times: readonly ProvenTime[]): SignerAnswer => judgeByTimes({ trust, by, statementType: RUN }, times);

  it('asks authorities before witnesses, takes one that makes the signature count, and else tells the first', () => {
    const [early, late]: readonly ProvenTime[] = [
      { kind: 'witness', at: '2026-03-01T00:00:00Z' },
      { kind: 'authority', at: '2026-06-01T00:00:00Z' },
    ];
    expect(dated(keyOf(plain), [early!, late!]).because).toContain('a time authority proves');
    expect(dated(keyOf(compromised), [early!, late!]).because).toContain('a witness proves that the signature existed on 2026-03-01');
    expect(dated(keyOf(compromised), [late!])).toMatchObject({ refusal: 'compromised' });
    expect(dated(keyOf(compromised), [])).toMatchObject({ refusal: 'undatable' });
  });

  const moment = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString());
  const time = fc.record({ kind: fc.constantFrom('authority' as const, 'witness' as const), at: moment });
  const bounds = fc
    .record({
      from: fc.option(moment, { nil: undefined }),
      until: fc.option(moment, { nil: undefined }),
      revokedAt: fc.option(moment, { nil: undefined }),
      since: fc.option(moment, { nil: undefined }),
    })
    .map(({ from, until, revokedAt, since }): Bounds => {
      const isWindow = from === undefined || until === undefined || from < until;
      const hasSince = revokedAt !== undefined && since !== undefined && since <= revokedAt;
      return {
        ...(from === undefined ? {} : { validFrom: from }),
        ...(until === undefined || !isWindow ? {} : { validUntil: until }),
        ...(revokedAt === undefined ? {} : { revoked: { at: revokedAt, reason: 'lost', ...(hasSince ? { compromisedSince: since } : {}) } }),
      };
    });

  it('never trusts with fewer proofs of time what it does not trust with more', () => {
    let refusals = 0;
    fc.assert(
      fc.property(bounds, fc.array(time, { minLength: 1, maxLength: 4 }), fc.nat(), (limits, times, drop) => {
        const standing = standingOf([signer('ann', plain.pem, limits)]);
        const question = { trust: standing, by: keyOf(plain), statementType: RUN };
        const more = judgeByTimes(question, times);
        const fewer = judgeByTimes(
          question,
          times.filter((_, place) => place !== drop % times.length),
        );
        const none = judgeByTimes(question, []);
        if (more.kind !== 'trusted') refusals += 1;
        return more.kind === 'trusted' || (fewer.kind !== 'trusted' && none.kind !== 'trusted');
      }),
      { numRuns: 500 },
    );
    expect(refusals).toBeGreaterThan(20);
  });

  it('never trusts without a trust file, a signer, a role or a type what it does not trust with it', () => {
    const roles: readonly Role[] = ['initiator', 'signer', 'approver-data'];
    const listed = fc.record({ roles: fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1 }), types: fc.uniqueArray(fc.constantFrom(RUN, APPROVAL), { minLength: 1 }) });
    fc.assert(
      fc.property(listed, fc.constantFrom(...roles), fc.constantFrom(RUN, APPROVAL), ({ roles: given, types }, role, statementType) => {
        const standing = standingOf([{ ...signer('ann', plain.pem), roles: given, statementTypes: types }]);
        const whole = judgeSigner({ trust: standing, by: keyOf(plain), statementType, role, time: NONE });
        expect(whole.kind === 'trusted').toBe(given.includes(role) && types.includes(statementType));
        for (const trust of [standingOf([]), { kind: 'none', because: '' } as const, { kind: 'unpinned', because: '' } as const]) {
          expect(judgeSigner({ trust, by: keyOf(plain), statementType, role, time: NONE }).kind).not.toBe('trusted');
        }
      }),
      { numRuns: 100 },
    );
  });
});
