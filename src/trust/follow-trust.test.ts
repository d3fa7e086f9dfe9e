import { describe, expect, it } from 'vitest';
import { canonicalJson, utf8 } from '#base';
import { makeTestKey, ports, sha256Of, trustDocument, trustFile } from '../../test/fixtures/trust-files.ts';
import type { TrustAnswer } from './accept-trust.ts';
import { followTrust } from './follow-trust.ts';
import type { PinnedRoots } from './pinned-roots.ts';
import { trustStanding } from './trust-standing.ts';

const [ann, ben, cleo, dan, eve] = [makeTestKey(), makeTestKey(), makeTestKey(), makeTestKey(), makeTestKey()];
const now = '2026-06-01T00:00:00Z';
const pinned = (...keys: readonly (typeof ann)[]): PinnedRoots => ({ threshold: keys.length, roots: keys.map(({ keyId, publicKey }) => ({ keyId, key: publicKey })) });

// The roots move from ann and ben by way of cleo to dan; the first two versions have expired.
const one = trustDocument([ann, ben], { threshold: 2, expiresAt: '2026-02-01T00:00:00Z' });
const two = trustDocument([ben, cleo], { threshold: 2, version: 2, expiresAt: '2026-04-01T00:00:00Z', previousSha256: sha256Of(canonicalJson(one)) });
const three = trustDocument([cleo, dan], { threshold: 2, version: 3, previousSha256: sha256Of(canonicalJson(two)) });
const files = [trustFile(one, [ann, ben]), trustFile(two, [ann, ben, cleo]), trustFile(three, [ben, cleo, dan])] as const;
const other = trustFile({ ...two, expiresAt: '2027-01-01T00:00:00Z' }, [ann, ben, cleo]);
const wordOf = (answer: TrustAnswer): string => (answer.kind === 'accepted' ? `version ${answer.trust.version}` : answer.refusal);

describe('followTrust', () => {
  it.each<readonly [string, PinnedRoots, readonly Uint8Array[], string]>([
    ['walks from the first roots to the newest version', pinned(ann, ben), files, 'version 3'],
    ['begins where the pinned roots signed', pinned(ben, cleo), files, 'version 3'],
    ['needs no older version where the pinned roots signed the newest', pinned(cleo, dan), [files[2]], 'version 3'],
    ['passes a version that stands there twice', pinned(ann, ben), [files[0], files[0], files[1], files[2]], 'version 3'],
    ['D12 refuses a chain with a missing link', pinned(ann, ben), [files[0], files[2]], 'below-threshold'],
    ['D12 refuses a chain that goes back', pinned(ann, ben), [files[0], files[1], files[0]], 'rollback'],
    ['D12 refuses two contents for one version', pinned(ann, ben), [files[0], files[1], other], 'same-version-other-content'],
    ['D12 refuses a version that follows another one', pinned(ann, ben), [files[0], other, files[2]], 'not-linked'],
    ['D12 refuses a last version that has expired', pinned(ann, ben), [files[0], files[1]], 'expired'],
    ['refuses a chain that no pinned root signed', pinned(eve), files, 'below-threshold'],
    ['refuses a chain with something that is no trust file', pinned(ann, ben), [files[0], utf8('{}'), files[1], files[2]], 'malformed'],
    ['E06 refuses an empty chain', pinned(ann, ben), [], 'missing'],
    ['D12 refuses a chain that ends before the version that was seen', { ...pinned(ann, ben), lastSeen: { version: 4, sha256: 'a'.repeat(64) } }, files, 'rollback'],
    [
      'D12 refuses a chain with another content for the version that was seen',
      { ...pinned(ann, ben), lastSeen: { version: 2, sha256: 'a'.repeat(64) } },
      files,
      'same-version-other-content',
    ],
    ['goes past the version that was seen', { ...pinned(ann, ben), lastSeen: { version: 2, sha256: sha256Of(canonicalJson(two)) } }, files, 'version 3'],
  ])('%s', (_, pin, chain, expected) => {
    expect(wordOf(followTrust(pin, chain, now, ports))).toBe(expected);
  });

  it('accepts the version that counted at a past moment', () => {
    expect(wordOf(followTrust(pinned(ann, ben), files.slice(0, 2), '2026-03-01T00:00:00Z', ports))).toBe('version 2');
  });
});

describe('trustStanding', () => {
  it.each<readonly [string, PinnedRoots | undefined, readonly Uint8Array[], string]>([
    ['a trust file with its roots pinned', pinned(ann, ben), files, 'accepted'],
    ['a trust file without a pin, however well it is signed', undefined, files, 'unpinned'],
    ['a trust file without a pin, even if it is junk', undefined, [utf8('junk')], 'unpinned'],
    ['a trust file of other roots than the pinned ones', pinned(eve), files, 'refused'],
    ['a pin whose trust file was taken away', pinned(ann, ben), [], 'refused'],
    ['neither a pin nor a trust file', undefined, [], 'none'],
  ])('%s: %s', (_, pin, chain, expected) => {
    expect(trustStanding({ pin, chain, now }, ports).kind).toBe(expected);
  });
});
