import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#base';
import { makeTestKey, ports, trustDocument } from '../../test/fixtures/trust-files.ts';
import { describeTrust } from './describe-trust.ts';
import { pinOf } from './pinned-roots.ts';
import { readTrust } from './read-trust.ts';
import type { Bounds, Trust } from './trust.ts';

const [ann, ben] = [makeTestKey(), makeTestKey()];
const now = '2026-06-01T00:00:00Z';
const bounds: readonly (readonly [Bounds, string, string])[] = [
  [{}, 'valid', 'counts, at any time'],
  [
    { validFrom: '2026-05-01T00:00:00Z', validUntil: '2026-07-01T00:00:00Z' },
    'valid',
    'counts since 2026-05-01T00:00:00Z and until 2026-07-01T00:00:00Z; each signature needs a proven time',
  ],
  [{ validFrom: '2026-07-01T00:00:00Z' }, 'not-yet-valid', 'counts from 2026-07-01T00:00:00Z on'],
  [{ validUntil: '2026-05-01T00:00:00Z' }, 'expired', 'counted until 2026-05-01T00:00:00Z; what is proven to be older stays valid'],
  [{ revoked: { at: '2026-05-01T00:00:00Z', reason: 'left' } }, 'revoked', 'revoked on 2026-05-01T00:00:00Z (left); what is proven to be older stays valid'],
  [
    { revoked: { at: '2026-05-01T00:00:00Z', reason: 'lost\u001b', compromisedSince: '2026-04-01T00:00:00Z' } },
    'compromised',
    'may be used by others since 2026-04-01T00:00:00Z (lost\\x1b); only what is proven to be older counts',
  ],
  [{ revoked: { at: '2026-07-01T00:00:00Z', reason: 'leaves' } }, 'valid', 'counts until its revocation on 2026-07-01T00:00:00Z; each signature needs a proven time'],
];
const identities = bounds.map(([limits], at) => ({ issuer: 'https://issuer.example.com', subject: `job ${at}`, ...limits }));
const trustOf = (version: number): Trust => {
  const signers = [
    {
      name: 'ci',
      kind: 'service' as const,
      keys: [{ publicKey: ann.pem }],
      identities,
      roles: ['signer' as const],
      statementTypes: ['https://trainlock.dev/training-run/v0'],
      environments: ['production'],
    },
  ];
  const reading = readTrust(canonicalJson(trustDocument([ann], { version, signers })), ports.crypto);
  if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
};
const trust = trustOf(2);

describe('describeTrust', () => {
  it('shows each key and identity of a signer with its state and why', () => {
    const { signers } = describeTrust(trust, pinOf(trust), now);
    expect(signers).toMatchObject([{ name: 'ci', kind: 'service', roles: ['signer'], environments: ['production'] }]);
    expect(signers[0]!.credentials).toEqual([
      { kind: 'key', id: ann.keyId, state: 'valid', because: 'counts, at any time' },
      ...bounds.map(([, state, because], at) => ({ kind: 'identity', id: `job ${at} (vouched for by https://issuer.example.com)`, state, because })),
    ]);
  });

  it('shows which roots are pinned here, and which pins are roots', () => {
    const pin = { threshold: 1, roots: [{ keyId: ann.keyId, name: 'ann', key: ann.publicKey }, { keyId: ben.keyId }] };
    expect(describeTrust(trust, pin, now)).toMatchObject({
      roots: [{ keyId: ann.keyId, isPinned: true, because: 'pinned here' }],
      pins: [
        { name: 'ann', isRoot: true, because: 'a root of version 2' },
        { name: 'without name', isRoot: false, because: 'no root of version 2: earlier versions must lead from it to this one' },
      ],
    });
    expect(describeTrust(trust, undefined, now)).toMatchObject({ roots: [{ isPinned: false }], pins: [] });
  });

  it('says until when the file counts, or that it does no more', () => {
    expect(describeTrust(trust, undefined, now)).toMatchObject({ state: 'valid', because: 'version 2 counts until 2027-01-01T00:00:00Z; 1 of 1 root must sign the next one' });
    expect(describeTrust(trust, undefined, '2027-01-01T00:00:00Z')).toMatchObject({
      state: 'expired',
      because: expect.stringContaining('expired on 2027-01-01T00:00:00Z') as string,
    });
  });
});
