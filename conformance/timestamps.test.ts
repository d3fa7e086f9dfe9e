import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { nodeVerifyWith } from '#keys';
import { type Bundle, checkTimestamp, readBundle, readCertificate, type TimeAuthority, type TimestampCheck } from '#seal';
import { vectorsOf } from './foreign-vectors.ts';

const suite = vectorsOf('sigstore-conformance');

type TrustedRoot = {
  readonly timestampAuthorities?: readonly {
    readonly uri?: string;
    readonly certChain: { readonly certificates: readonly { readonly rawBytes: string }[] };
    readonly validFor?: { readonly start?: string; readonly end?: string };
  }[];
};

/** The part of a trusted root of Sigstore that is about time. */
const authoritiesOf = ({ timestampAuthorities = [] }: TrustedRoot): readonly TimeAuthority[] =>
  timestampAuthorities.map(({ uri = 'unnamed', certChain, validFor = {} }) => ({
    name: uri,
    certificates: certChain.certificates.map(({ rawBytes }) => {
      const read = readCertificate(Buffer.from(rawBytes, 'base64'));
      if (read.kind === 'rejected') throw new Error(read.problems[0]?.message);
      return read.value;
    }),
    ...(validFor.start === undefined ? {} : { validFrom: validFor.start }),
    ...(validFor.end === undefined ? {} : { validUntil: validFor.end }),
  }));

const signatureOf = ({ content }: Bundle): Uint8Array => content.signature;

describe.skipIf(suite === undefined)('sigstore-conformance, the times of bundles', () => {
  const checksOf = (name: string, change: (authority: TimeAuthority) => TimeAuthority = (same) => same): readonly TimestampCheck[] => {
    const file = (leaf: string): Buffer => readFileSync(join(suite ?? '', 'test/assets/bundle-verify', name, leaf));
    // One of the tokens was put in with line breaks in its base64, which the strict reader of bundles refuses.
    const bundle = readBundle(Buffer.from(file('bundle.sigstore.json').toString().replaceAll('\\n', '')));
    if (bundle.kind === 'rejected') throw new Error(bundle.problems[0]?.message);
    const authorities = authoritiesOf(JSON.parse(file('trusted_root.json').toString()) as TrustedRoot).map(change);
    return bundle.value.timestamps.map((token) => checkTimestamp(token, { signature: signatureOf(bundle.value) }, authorities, { crypto: nodeCrypto, verifyWith: nodeVerifyWith }));
  };

  it.each(['trust-root-tsa-validity-end-inclusive', 'rekor2-timestamp-with-expired-cert-chain', 'rekor2-dsse-happy-path', 'rekor2-checkpoint-cosigned'])(
    '%s has a time that counts',
    (name) => {
      expect(checksOf(name)).toMatchObject([{ kind: 'held' }]);
    },
  );

  it('rekor2-timestamp-payload-mismatch_fail dates another signature', () => {
    expect(checksOf('rekor2-timestamp-payload-mismatch_fail')).toMatchObject([{ kind: 'refused', refusal: 'other-imprint' }]);
  });

  it('rekor2-timestamp-with-incorrect-time_fail has a good time, at which the certificate of the signer was no longer valid', () => {
    const [check] = checksOf('rekor2-timestamp-with-incorrect-time_fail');
    expect(check).toMatchObject({ kind: 'held' });
  });

  it('trust-root-tsa-validity-end-inclusive is refused one second later', () => {
    const earlier = checksOf('trust-root-tsa-validity-end-inclusive', (authority) => ({ ...authority, validUntil: '2025-06-12T12:02:19Z' }));
    expect(earlier).toMatchObject([{ kind: 'refused', refusal: 'outside-window' }]);
  });
});
