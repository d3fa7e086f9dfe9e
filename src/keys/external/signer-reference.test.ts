import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSignerReference } from './signer-reference.ts';

const MODULE = '?module-path=/usr/lib/softhsm/libsofthsm2.so';
const modulePath = '/usr/lib/softhsm/libsofthsm2.so';
const UUID = '1234abcd-12ab-34cd-56ef-1234567890ab';

describe('a reference to a key', () => {
  it.each([
    ['default', { kind: 'local', nameOrPath: 'default' }],
    ['./keys/release.pem', { kind: 'local', nameOrPath: './keys/release.pem' }],
    ['/keys/a:b.pem', { kind: 'local', nameOrPath: '/keys/a:b.pem' }],
    ['C:\\keys\\a.pem', { kind: 'local', nameOrPath: 'C:\\keys\\a.pem' }],
    [`pkcs11:token=train;object=run${MODULE}`, { kind: 'pkcs11', token: 'train', object: 'run', modulePath }],
    [`pkcs11:token=my%20token;id=%01%aB;type=private${MODULE}`, { kind: 'pkcs11', token: 'my token', id: '01ab', modulePath }],
    [`pkcs11:object=r%C3%BCn;serial=9aec;token=t;id=A${MODULE}`, { kind: 'pkcs11', token: 't', serial: '9aec', object: 'rün', id: '41', modulePath }],
    ['pkcs11:token=t;object=-x%3B%3F?module-path=/a%20b.so', { kind: 'pkcs11', token: 't', object: '-x;?', modulePath: '/a b.so' }],
    ['vault://runs', { kind: 'vault', keyName: 'runs' }],
    ['vault://team_a.runs-2', { kind: 'vault', keyName: 'team_a.runs-2' }],
    [`awskms:///${UUID}`, { kind: 'aws-kms', keyId: UUID }],
    ['awskms:///alias/team/runs', { kind: 'aws-kms', keyId: 'alias/team/runs' }],
    [`awskms:///arn:aws:kms:eu-west-1:111122223333:key/${UUID}`, { kind: 'aws-kms', keyId: `arn:aws:kms:eu-west-1:111122223333:key/${UUID}`, region: 'eu-west-1' }],
    [
      'awskms:///arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/runs',
      { kind: 'aws-kms', keyId: 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/runs', region: 'us-gov-west-1' },
    ],
  ])('%s is understood', (text, value) => {
    expect(readSignerReference(text)).toEqual({ kind: 'accepted', value });
  });

  it.each([
    [''],
    ['a'.repeat(4097)],
    ['key\nname'],
    ['key\u0000'],
    ['key\u202eempty'],
    ['key\ud800'],
    ['http://example.org/key'],
    ['file:///key.pem'],
    ['VAULT://runs'],
    ['PKCS11:token=t;object=o'],
    ['gcpkms://projects/p'],
    ['vault:runs'],
    ['vault://'],
    ['vault://a/b'],
    ['vault://../sys/seal'],
    ['vault://a?b'],
    ['vault://a%2fb'],
    ['vault://-a'],
    [`vault://${'a'.repeat(200)}`],
    ['awskms://localhost:4566/alias/runs'],
    ['awskms:///'],
    ['awskms:///runs'],
    ['awskms:///alias/'],
    ['awskms:///alias/a b'],
    [`awskms:///key/${UUID}`],
    [`awskms:///${UUID}/x`],
    [`awskms:///arn:aws:kms:eu-west-1:111122223333:${UUID}`],
    [`awskms:///arn:aws:s3:eu-west-1:111122223333:key/${UUID}`],
    [`awskms:///arn:aws:kms:evil.example.org#-1:111122223333:key/${UUID}`],
    ['pkcs11:'],
    [`pkcs11:${MODULE}`],
    [`pkcs11:token=t${MODULE}`],
    [`pkcs11:object=o${MODULE}`],
    ['pkcs11:token=t;object=o'],
    ['pkcs11:token=t;object=o?module-path=lib.so'],
    ['pkcs11:token=t;object=o;module-path=/lib.so'],
    [`pkcs11:token=t;object=o?token=u&module-path=/lib.so`],
    [`pkcs11:token=t;token=u;object=o${MODULE}`],
    [`pkcs11:token=t;object=o;${MODULE}`],
    [`pkcs11:token=;object=o${MODULE}`],
    [`pkcs11:token=t;object=o;slot-id=0${MODULE}`],
    [`pkcs11:token=t;object=o;x-vendor=1${MODULE}`],
    [`pkcs11:token=t;object=o;type=cert${MODULE}`],
    [`pkcs11:token=t;object=%zz${MODULE}`],
    [`pkcs11:token=t;object=%ff${MODULE}`],
    [`pkcs11:token=t;object=%0a${MODULE}`],
    [`pkcs11:token=t;object=a b${MODULE}`],
    [`pkcs11:token=t;object=o${MODULE}?module-path=/other.so`],
    [`pkcs11:token=t;object=${'a'.repeat(2000)}${MODULE}`],
  ])('%j is refused with one reason', (text) => {
    const read = readSignerReference(text);
    expect(read).toMatchObject({ kind: 'rejected', problems: [{ hint: expect.stringMatching(/./) }] });
    expect(read.kind === 'rejected' && read.problems).toHaveLength(1);
  });

  it.each([
    'pkcs11:token=t;object=o?module-path=/l.so&pin-value=secret123',
    'pkcs11:token=t;pin-value=secret123;object=o?module-path=/l.so',
    'pkcs11:token=t;object=o?pin-source=secret123',
  ])('a PIN in it is refused and not repeated', (text) => {
    const read = JSON.stringify(readSignerReference(text));
    expect(read).toContain('TRAINLOCK_PKCS11_PIN');
    expect(read).not.toContain('secret123');
  });

  it('never throws, and takes nothing with a scheme for a path', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `pkcs11:token=t;${text}`),
          fc.string().map((text) => `awskms:///${text}`),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const read = readSignerReference(text);
          return read.kind === 'rejected' || read.value.kind !== 'local' || !/^[a-z][a-z0-9]+:/i.test(text);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
