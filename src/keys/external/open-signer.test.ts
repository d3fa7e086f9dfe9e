import { describe, expect, it } from 'vitest';
import type { Signer } from '../signer.ts';
import { openSigner } from './open-signer.ts';

const asked: string[] = [];
const local = { place: 'the file', sign: () => Promise.reject(new Error('unused')) } as unknown as Signer;
const openLocal = (nameOrPath: string): Promise<Signer> => {
  asked.push(nameOrPath);
  return Promise.resolve(local);
};

describe('opening a signer by its reference', () => {
  it.each(['default', './keys/release.pem', '/keys/release.pem'])('%s is a key of this machine', async (reference) => {
    expect(await openSigner(reference, { environment: {}, openLocal })).toBe(local);
    expect(asked.at(-1)).toBe(reference);
  });

  it.each([
    ['pkcs11:token=t;object=o?module-path=/l.so&pin-value=secret123', 'TL0001', /PIN/],
    ['gcpkms://projects/secret123', 'TL0001', /"gcpkms:" is not known/],
    ['', 'TL0001', /empty/],
    ['pkcs11:token=t;object=o?module-path=/no/such/library.so', 'TL1104', /pkcs11-tool is not installed/],
    ['vault://runs', 'TL1104', /VAULT_ADDR is not set/],
  ])('%j fails with one clear error, and no key of this machine is tried', async (reference, code, message) => {
    const before = asked.length;
    const error: Error = await openSigner(reference, { environment: { PATH: '/nowhere' }, openLocal }).then(
      () => new Error('opened'),
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify([error, error.message])).not.toContain('secret123');
    expect(asked).toHaveLength(before);
  });
});
