import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIdentityToken, tokenProblem, type IdentityToken } from './identity-token.ts';

const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (claims: unknown, header: unknown = { alg: 'RS256' }): string => `${part(header)}.${part(claims)}.${part('signature')}`;

const CLAIMS = { iss: 'https://issuer.example', aud: 'sigstore', sub: 'repo:lab/model', exp: 2_000_000_000 };

const accepted = (text: string): IdentityToken => {
  const reading = readIdentityToken(text);
  if (reading.kind === 'rejected') throw new Error(reading.problems[0]?.message);
  return reading.value;
};

describe('an identity token', () => {
  it('is read without being believed', () => {
    expect(accepted(token(CLAIMS))).toMatchObject({ issuer: 'https://issuer.example', audiences: ['sigstore'], subject: 'repo:lab/model', expiresAt: 2_000_000_000 });
    expect(accepted(token({ ...CLAIMS, aud: ['other', 'sigstore'] })).audiences).toEqual(['other', 'sigstore']);
  });

  it('is about its address of e-mail only where that is verified', () => {
    expect(accepted(token({ ...CLAIMS, email: 'a@lab.example', email_verified: true })).subject).toBe('a@lab.example');
    expect(accepted(token({ ...CLAIMS, email: 'a@lab.example', email_verified: false })).subject).toBe('repo:lab/model');
    expect(accepted(token({ ...CLAIMS, email: 'a@lab.example', email_verified: 'true' })).subject).toBe('repo:lab/model');
  });

  it.each([
    ['no token', 'secret', 'is not a JWT'],
    ['a fourth part', `${token(CLAIMS)}.more`, 'is not a JWT'],
    ['no signature', `${part({ alg: 'RS256' })}.${part(CLAIMS)}.`, 'is not a JWT'],
    ['the algorithm none', token(CLAIMS, { alg: 'none' }), 'is not signed'],
    ['the algorithm NONE', token(CLAIMS, { alg: 'NONE' }), 'is not signed'],
    ['claims that are no object', token([]), 'does not hold JSON objects'],
    ['a claim twice', `${part({ alg: 'RS256' })}.${part('{"iss":"a","iss":"b","aud":"sigstore","sub":"c","exp":1}')}.${part('x')}`, 'does not hold JSON objects'],
    ['no issuer', token({ ...CLAIMS, iss: undefined }), '(iss)'],
    ['no subject', token({ ...CLAIMS, sub: '' }), '(sub)'],
    ['no audience', token({ ...CLAIMS, aud: [] }), '(aud)'],
    ['an audience that is no text', token({ ...CLAIMS, aud: ['sigstore', 1] }), '(aud)'],
    ['no end', token({ ...CLAIMS, exp: '2000000000' }), '(exp)'],
    ['a beginning that is no number', token({ ...CLAIMS, nbf: 'now' }), '(nbf)'],
  ])('with %s is refused', (_, text, because) => {
    expect(readIdentityToken(text)).toMatchObject({ kind: 'rejected', problems: [{ message: expect.stringContaining(because) }] });
  });

  it('never throws, and tells no letter of itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((claims) => token(claims)),
        ),
        (text) => {
          const reading = readIdentityToken(text);
          if (reading.kind === 'rejected' && text.length > 30) expect(reading.problems[0]!.message).not.toContain(text);
        },
      ),
    );
  });
});

describe('an identity token that is used', () => {
  const now = { audience: 'sigstore', nowMs: 1_900_000_000_000 };

  it.each([
    ['E03 for another service', { aud: 'registry.example' }, {}, 'the identity token is for registry.example, not for sigstore'],
    ['E03 for a service whose name begins the same', { aud: 'sigstore.example' }, {}, 'the identity token is for sigstore.example, not for sigstore'],
    ['E03 of an issuer that was not meant', {}, { issuer: 'https://token.example' }, 'the identity token is issued by https://issuer.example, not by https://token.example'],
    ['E03 that has expired', { exp: 1_900_000_000 }, {}, 'the identity token has expired at 2030-03-17T17:46:40Z'],
    ['E03 that counts later', { nbf: 1_900_000_100 }, {}, 'the identity token counts only from 2030-03-17T17:48:20Z on'],
    ['E03 with letters that disguise it', { aud: 'sig\u202estore' }, {}, 'not for sigstore'],
  ])('%s is refused', (_, claims, demand, because) => {
    expect(tokenProblem(accepted(token({ ...CLAIMS, ...claims })), { ...now, ...demand })).toContain(because);
  });

  it('is good up to its last second, and a little before its first: clocks differ', () => {
    expect(tokenProblem(accepted(token({ ...CLAIMS, exp: 1_900_000_001, nbf: 1_900_000_020 })), { ...now, issuer: 'https://issuer.example' })).toBeUndefined();
  });
});
