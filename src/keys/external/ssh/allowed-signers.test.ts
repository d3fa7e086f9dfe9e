import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { makeHardwareKey } from '../../../../test/harness/hardware-ssh-key.ts';
import { findAllowedSigner, readAllowedSigners } from './allowed-signers.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const ZERO = `ssh-ed25519 ${Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), Buffer.alloc(32)]).toString('base64')}`;

const read = (text: string): ReturnType<typeof readAllowedSigners> => readAllowedSigners(text, nodeCrypto);

describe('a list of allowed signers', () => {
  it.each([
    [`anna ${ED25519}`, { principals: ['anna'] }],
    [`  anna,anna@example.org\t${ED25519} a comment "with anything, in it`, { principals: ['anna', 'anna@example.org'] }],
    [`anna namespaces="git" ${ED25519}`, { namespaces: ['git'] }],
    [`anna namespaces="git,file" ${ED25519}`, { namespaces: ['git', 'file'] }],
    [`anna valid-after="19700102Z" ${ED25519}`, { validAfterSeconds: 86_400 }],
    [`anna valid-before="20240229Z" ${ED25519}`, { validBeforeSeconds: Date.UTC(2024, 1, 29) / 1000 }],
    [`anna valid-before="202612312359Z" ${ED25519}`, { validBeforeSeconds: Date.UTC(2026, 11, 31, 23, 59) / 1000 }],
    [`anna valid-after="20260131120001Z",namespaces="x" ${ED25519}`, { validAfterSeconds: Date.UTC(2026, 0, 31, 12, 0, 1) / 1000, namespaces: ['x'] }],
    [`anna ${makeHardwareKey('ecdsa', 'ssh:team').publicLine}`, { key: expect.objectContaining({ application: 'ssh:team' }) }],
  ])('%s', (line, signer) => {
    expect(read(`# head\n\n${line}\r\n`)).toMatchObject({ kind: 'accepted', value: [{ ...signer, line: 3 }] });
  });

  it.each([
    ['a pattern', `*@example.org ${ED25519}`],
    ['a pattern with one letter', `ann? ${ED25519}`],
    ['an exclusion', `anna,!bert ${ED25519}`],
    ['quotes', `"anna b" ${ED25519}`],
    ['an empty name', `anna, ${ED25519}`],
    ['a name that looks like another', `an\u200bna ${ED25519}`],
    ['a certificate authority', `anna cert-authority ${ED25519}`],
    ['a certificate authority in capitals', `anna CERT-AUTHORITY,namespaces="git" ${ED25519}`],
    ['an unknown option', `anna no-touch-required ${ED25519}`],
    ['an option twice', `anna namespaces="a",namespaces="b" ${ED25519}`],
    ['no options between commas', `anna namespaces="a",,valid-after="20260101Z" ${ED25519}`],
    ['a pattern of namespaces', `anna namespaces="trainlock-*" ${ED25519}`],
    ['no namespace', `anna namespaces="" ${ED25519}`],
    ['a time without its zone', `anna valid-after="20260101" ${ED25519}`],
    ['a day that does not exist', `anna valid-after="20260229Z" ${ED25519}`],
    ['an hour that does not exist', `anna valid-after="202601012400Z" ${ED25519}`],
    ['an end before the begin', `anna valid-after="20260102Z",valid-before="20260101Z" ${ED25519}`],
    ['no key', 'anna'],
    ['no bytes of a key', 'anna ssh-ed25519'],
    ['a key that is no base64', 'anna ssh-ed25519 AAAA!'],
    ['a key with more at its end', `anna ${ED25519.slice(0, -1)}lAAAA`],
    ['a key of another type than written', `anna ${ED25519.replace('ssh-ed25519', 'ecdsa-sha2-nistp256')}`],
    ['a key with which anybody can sign', `anna ${ZERO}`],
    ['RSA', 'anna ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQE='],
    ['a very long line', `anna ${ED25519} ${'x'.repeat(9000)}`],
    ['a hardware key of a web site', `anna ${makeHardwareKey('ed25519', 'https://example.org').publicLine}`],
  ])('with %s is refused as a whole, with the line', (_, line) => {
    expect(read(`bert ${ED25519}\n${line}\n`)).toMatchObject({ kind: 'rejected', problems: [{ line: 2 }] });
  });

  it('tells every line that is wrong', () => {
    const answer = read(`* ${ED25519}\nanna ${ED25519}\nbert x\n`);
    expect(answer.kind === 'rejected' && answer.problems.map(({ line }) => line)).toEqual([1, 3]);
  });

  it('lets any of several lines of a key allow', () => {
    const answer = read(`anna valid-before="20260101Z" ${ED25519}\nanna namespaces="n",valid-after="20260101000001Z" ${ED25519}\nbert ${ED25519}\n`);
    if (answer.kind === 'rejected') throw new Error('rejected');
    const { key } = answer.value[0]!;
    const ask = (principal: string, namespace: string, atSeconds: number | undefined): string => {
      const found = findAllowedSigner(answer.value, { principal, key, namespace, atSeconds });
      return found.kind === 'allowed' ? `line ${found.signer.line}` : found.refusal;
    };
    expect(ask('anna', 'n', Date.UTC(2026, 0, 1) / 1000)).toBe('line 1');
    expect(ask('anna', 'n', Date.UTC(2026, 0, 2) / 1000)).toBe('line 2');
    expect(ask('anna', 'm', Date.UTC(2026, 0, 2) / 1000)).toBe('time');
    expect(ask('anna', 'n', undefined)).toBe('time-unknown');
    expect(ask('bert', 'm', undefined)).toBe('line 3');
    expect(ask('ann', 'm', undefined)).toBe('other-principal');
  });

  it('is read in a time that does not explode, and never throws', () => {
    for (const part of [',', '"', '" ', '",', 'a,']) expect(read(`anna ${part.repeat(4000)} ${ED25519}\n`.repeat(80)).kind).toBe('rejected');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        read(text);
        read(`anna ${text} ${ED25519}`);
        return true;
      }),
      { numRuns: 1000 },
    );
  }, 20_000);
});
