import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { armorOf, blobOf, type HardwareKey, makeHardwareKey } from '../../../../test/harness/hardware-ssh-key.ts';
import { hasPrograms } from '../../../../test/harness/project.ts';
import { findAllowedSigner, readAllowedSigners } from './allowed-signers.ts';
import { APPROVAL_KINDS, approvalNamespace, checkSshSignature, readSshSignature, readSshSignatureBlob } from '#seal';
import { nodeSshPorts, sshSign } from './ssh-sign.ts';

const MESSAGE = Buffer.from('{"what":"is approved"}');
const NAMESPACE = approvalNamespace('approval');
const IN_JUNE = Date.UTC(2026, 5, 15) / 1000;

/** ssh-keygen says times as 20260615000000Z. */
const timeText = (seconds: number): string => `${new Date(seconds * 1000).toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`;

type Case = {
  readonly signature: string;
  readonly message?: Uint8Array;
  readonly namespace?: string;
  readonly principal?: string;
  readonly at?: number;
};

describe.skipIf(!hasPrograms('ssh-keygen'))('signatures of SSH (skipped without ssh-keygen)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-ssh-'));
  const file = (name: string): string => join(folder, name);
  const env = { ...process.env, HOME: folder, SSH_AUTH_SOCK: undefined, SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'force' };
  const keygen = (...args: readonly string[]): void => {
    const answer = spawnSync('ssh-keygen', [...args], { env, encoding: 'utf8', input: '' });
    expect(answer.status, answer.stderr).toBe(0);
  };
  const hardware: Record<'sk-ed25519' | 'sk-ecdsa', HardwareKey> = { 'sk-ed25519': makeHardwareKey('ed25519'), 'sk-ecdsa': makeHardwareKey('ecdsa') };
  const signatures: Record<string, string> = {};
  let allowedText = '';

  const signWith = (key: string, namespace: string, hash: string = 'sha512'): string => {
    const answer = spawnSync('ssh-keygen', ['-Y', 'sign', '-f', file(key), '-n', namespace, '-O', `hashalg=${hash}`], { env, input: MESSAGE });
    expect(answer.status, answer.stderr.toString()).toBe(0);
    return answer.stdout.toString();
  };
  const publicLine = (key: string): string =>
    readFileSync(file(`${key}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');

  beforeAll(() => {
    keygen('-q', '-t', 'ed25519', '-N', '', '-f', file('ed25519'));
    keygen('-q', '-t', 'ecdsa', '-b', '256', '-N', '', '-f', file('ecdsa'));
    keygen('-q', '-t', 'ed25519', '-N', '', '-f', file('stranger'));
    keygen('-q', '-t', 'rsa', '-b', '3072', '-N', '', '-f', file('rsa'));
    keygen('-q', '-t', 'ecdsa', '-b', '384', '-N', '', '-f', file('p384'));
    keygen('-q', '-t', 'ed25519', '-N', 'open sesame', '-f', file('locked'));
    const window = 'valid-after="20260101Z",valid-before="20261231235959Z"';
    allowedText = [
      '# who may approve',
      '',
      `anna@example.org namespaces="${NAMESPACE}",${window} ${publicLine('ed25519')} anna's laptop`,
      `berta@example.org,bert@example.org ${publicLine('ecdsa')}`,
      `carl@example.org namespaces="git,${NAMESPACE}" ${hardware['sk-ed25519'].publicLine}`,
      `dora@example.org valid-before="20260615Z" ${hardware['sk-ecdsa'].publicLine} a key of Dora`,
    ].join('\n');
    writeFileSync(file('allowed'), `${allowedText}\n`);
    for (const key of ['ed25519', 'ecdsa', 'stranger']) {
      signatures[key] = signWith(key, NAMESPACE);
      signatures[`${key}-sha256`] = signWith(key, NAMESPACE, 'sha256');
      signatures[`${key}-git`] = signWith(key, 'git');
    }
    for (const [name, key] of Object.entries(hardware)) {
      signatures[name] = armorOf(key.signBlob({ message: MESSAGE, namespace: NAMESPACE }));
      signatures[`${name}-sha256`] = armorOf(key.signBlob({ message: MESSAGE, namespace: NAMESPACE, hash: 'sha256', flags: 5, counter: 0xffffffff }));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ours = ({ signature, message = MESSAGE, namespace = NAMESPACE, principal = 'anna@example.org', at = IN_JUNE }: Case): string => {
    const read = readSshSignature(signature, nodeCrypto);
    if (read.kind === 'rejected') return 'unreadable';
    const check = checkSshSignature(read.value, message, namespace, nodeSshPorts);
    if (check.kind === 'refused') return check.refusal;
    const signers = readAllowedSigners(allowedText, nodeCrypto);
    if (signers.kind === 'rejected') throw new Error(JSON.stringify(signers.problems));
    const answer = findAllowedSigner(signers.value, { principal, key: read.value.key, namespace, atSeconds: at });
    return answer.kind === 'allowed' ? 'allowed' : answer.refusal;
  };

  let count = 0;
  const theirs = async ({ signature, message = MESSAGE, namespace = NAMESPACE, principal = 'anna@example.org', at = IN_JUNE }: Case): Promise<boolean> => {
    const path = file(`signature-${(count += 1)}`);
    writeFileSync(path, signature);
    const args = ['-Y', 'verify', '-f', file('allowed'), '-I', principal, '-n', namespace, '-s', path, `-Overify-time=${timeText(at)}`];
    const child = spawn('ssh-keygen', args, { env: { ...env, TZ: 'UTC' }, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined);
    child.stdin.end(message);
    const code = await new Promise((resolve) => child.on('close', resolve));
    rmSync(path);
    return code === 0;
  };

  const at = (...time: readonly [number, number, number, number?, number?, number?]): number => Date.UTC(time[0], time[1] - 1, ...(time.slice(2) as [number])) / 1000;

  it.each<readonly [string, () => Case, string]>([
    ['Ed25519', () => ({ signature: signatures['ed25519']! }), 'allowed'],
    ['Ed25519 over SHA-256', () => ({ signature: signatures['ed25519-sha256']! }), 'allowed'],
    ['ECDSA', () => ({ signature: signatures['ecdsa']!, principal: 'bert@example.org' }), 'allowed'],
    ['ECDSA over SHA-256', () => ({ signature: signatures['ecdsa-sha256']!, principal: 'berta@example.org' }), 'allowed'],
    ['ECDSA in another namespace that its line allows', () => ({ signature: signatures['ecdsa-git']!, principal: 'berta@example.org', namespace: 'git' }), 'allowed'],
    ['Ed25519 as hardware makes it', () => ({ signature: signatures['sk-ed25519']!, principal: 'carl@example.org' }), 'allowed'],
    ['the same with a verified user and the last counter', () => ({ signature: signatures['sk-ed25519-sha256']!, principal: 'carl@example.org' }), 'allowed'],
    ['ECDSA as hardware makes it', () => ({ signature: signatures['sk-ecdsa']!, principal: 'dora@example.org' }), 'allowed'],
    ['the same with a verified user and the last counter', () => ({ signature: signatures['sk-ecdsa-sha256']!, principal: 'dora@example.org' }), 'allowed'],
    ['another namespace', () => ({ signature: signatures['ed25519-git']! }), 'namespace'],
    ['another namespace that is asked for', () => ({ signature: signatures['ed25519']!, namespace: 'git' }), 'namespace'],
    ['a namespace that the line does not allow', () => ({ signature: signatures['ed25519-git']!, namespace: 'git' }), 'other-namespace'],
    ['another kind of approval', () => ({ signature: signatures['ed25519']!, namespace: approvalNamespace('exception') }), 'namespace'],
    ['a namespace that begins the same', () => ({ signature: signatures['ed25519']!, namespace: 'trainlock-approval' }), 'namespace'],
    ['another message', () => ({ signature: signatures['ed25519']!, message: Buffer.from('{"what":"is not approved"}') }), 'wrong-signature'],
    ['another message, hardware', () => ({ signature: signatures['sk-ed25519']!, message: Buffer.from('x'), principal: 'carl@example.org' }), 'wrong-signature'],
    ['an empty message', () => ({ signature: signatures['ed25519']!, message: Buffer.alloc(0) }), 'wrong-signature'],
    ['another principal', () => ({ signature: signatures['ed25519']!, principal: 'berta@example.org' }), 'other-principal'],
    ['a principal that begins the same', () => ({ signature: signatures['ed25519']!, principal: 'anna@example' }), 'other-principal'],
    ['a key of nobody', () => ({ signature: signatures['stranger']! }), 'unknown-key'],
    ['before the time', () => ({ signature: signatures['ed25519']!, at: at(2025, 12, 31, 23, 59, 59) }), 'time'],
    ['the first second', () => ({ signature: signatures['ed25519']!, at: at(2026, 1, 1) }), 'allowed'],
    ['the last second', () => ({ signature: signatures['ed25519']!, at: at(2026, 12, 31, 23, 59, 59) }), 'allowed'],
    ['after the time', () => ({ signature: signatures['ed25519']!, at: at(2027, 1, 1) }), 'time'],
    ['after the time, hardware', () => ({ signature: signatures['sk-ecdsa']!, principal: 'dora@example.org', at: at(2026, 6, 15, 0, 0, 1) }), 'time'],
    ['a cut text', () => ({ signature: signatures['ed25519']!.slice(0, -60) }), 'unreadable'],
    ['no signature', () => ({ signature: '' }), 'unreadable'],
    ['a signature of RSA', () => ({ signature: signWith('rsa', NAMESPACE) }), 'unreadable'],
    ['a signature of P-384', () => ({ signature: signWith('p384', NAMESPACE) }), 'unreadable'],
  ])('%s: trainlock and ssh-keygen say the same', async (_, make, expected) => {
    const one = make();
    expect(ours(one)).toBe(expected);
    expect(await theirs(one)).toBe(expected === 'allowed');
  });

  it.each(['ed25519', 'ecdsa', 'sk-ed25519', 'sk-ecdsa'])('a flipped bit at any place of a signature of %s is noticed by both', async (name) => {
    const principal = { ed25519: 'anna@example.org', ecdsa: 'berta@example.org', 'sk-ed25519': 'carl@example.org', 'sk-ecdsa': 'dora@example.org' }[name]!;
    const blob = blobOf(signatures[name]!);
    expect(ours({ signature: armorOf(blob), principal })).toBe('allowed');
    const flipped = (index: number, bit: number): string => armorOf(blob.map((byte, here) => (here === index ? byte ^ (1 << bit) : byte)));
    for (let index = 0; index < blob.length; index += 1) {
      for (let bit = 0; bit < 8; bit += 1) expect(ours({ signature: flipped(index, bit), principal }), `byte ${index}, bit ${bit}`).not.toBe('allowed');
    }
    const accepted: number[] = [];
    const positions = blob.map((_, index) => index).length;
    for (let index = 0; index < positions; index += 8) {
      const few = Array.from({ length: Math.min(8, positions - index) }, (_, more) => index + more);
      const answers = await Promise.all(few.map((one) => theirs({ signature: flipped(one, one % 8), principal })));
      accepted.push(...few.filter((_, more) => answers[more]));
    }
    expect(accepted).toEqual([]);
  });

  it('never takes what is cut, or what has more at its end', () => {
    for (const name of ['ed25519', 'sk-ecdsa']) {
      const blob = blobOf(signatures[name]!);
      for (let length = 0; length < blob.length; length += 1) expect(readSshSignatureBlob(blob.subarray(0, length), nodeCrypto).kind).toBe('rejected');
      expect(readSshSignatureBlob(Buffer.concat([blob, Buffer.of(0)]), nodeCrypto).kind).toBe('rejected');
    }
  });

  it.each<readonly [string, () => Case, string]>([
    [
      'a hardware key that nobody touched',
      () => ({ signature: armorOf(hardware['sk-ed25519'].signBlob({ message: MESSAGE, namespace: NAMESPACE, flags: 0 })), principal: 'carl@example.org' }),
      'user-presence',
    ],
    [
      'only a verified user, no presence',
      () => ({ signature: armorOf(hardware['sk-ecdsa'].signBlob({ message: MESSAGE, namespace: NAMESPACE, flags: 4 })), principal: 'dora@example.org' }),
      'user-presence',
    ],
    ['text before the signature', () => ({ signature: `x\n${signatures['ed25519']!}` }), 'unreadable'],
    ['text behind the signature', () => ({ signature: `${signatures['ed25519']!}x\n` }), 'unreadable'],
    ['blanks in the signature', () => ({ signature: signatures['ed25519']!.replace('\nU1', '\n U1') }), 'unreadable'],
    ['letters that are no base64', () => ({ signature: signatures['ed25519']!.replace('\nU1', '\nU*') }), 'unreadable'],
    ['a very long text', () => ({ signature: signatures['ed25519']!.replace('\nU1', `\n${'A'.repeat(9000)}U1`) }), 'unreadable'],
  ])('is stricter than ssh-keygen: %s', (_, make, expected) => {
    expect(ours(make())).toBe(expected);
  });

  it('does not take a hardware key that was made for a web site', () => {
    const web = makeHardwareKey('ed25519', 'https://example.org');
    expect(readSshSignature(armorOf(web.signBlob({ message: MESSAGE, namespace: NAMESPACE })), nodeCrypto)).toMatchObject({
      kind: 'rejected',
      problems: [{ message: expect.stringContaining('not made for SSH') }],
    });
  });

  it('does not take a hardware signature for one of a plain key with the same numbers', () => {
    const blob = hardware['sk-ed25519'].signBlob({ message: MESSAGE, namespace: NAMESPACE });
    const plain = Buffer.from(blob.toString('latin1').replaceAll('sk-ssh-ed25519@openssh.com', 'ssh-ed25519'), 'latin1');
    expect(readSshSignatureBlob(plain, nodeCrypto).kind).toBe('rejected');
  });

  it('reads line ends of Windows', () => {
    expect(ours({ signature: signatures['ed25519']!.replaceAll('\n', '\r\n') })).toBe('allowed');
  });

  it('never throws over any text or bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const blob = Buffer.concat([Buffer.from('SSHSIG\0\0\0\u0001'), bytes]);
        return readSshSignatureBlob(blob, nodeCrypto).kind === 'rejected' && readSshSignature(Buffer.from(bytes).toString('latin1'), nodeCrypto).kind === 'rejected';
      }),
      { numRuns: 1000 },
    );
  });

  describe('made by ssh-keygen for trainlock', () => {
    it.each(APPROVAL_KINDS)('hold for the kind %s, and for ssh-keygen too', async (kind) => {
      for (const [key, principal] of [
        ['ed25519', 'anna@example.org'],
        ['ecdsa', 'berta@example.org'],
      ] as const) {
        const { armored, signature } = await sshSign(MESSAGE, { kind, keyPath: file(key), environment: env });
        expect(signature).toMatchObject({ namespace: approvalNamespace(kind), hash: 'sha512' });
        for (const other of APPROVAL_KINDS) {
          const one = { signature: armored, namespace: approvalNamespace(other), principal };
          expect(ours(one)).toBe(other !== kind ? 'namespace' : key === 'ed25519' && kind !== 'approval' ? 'other-namespace' : 'allowed');
          expect(await theirs(one)).toBe(ours(one) === 'allowed');
        }
      }
    });

    it('come from an agent where only the public key is there', async () => {
      const socket = file('agent.sock');
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
      try {
        for (let tries = 0; tries < 100 && !existsSync(socket); tries += 1) await new Promise((later) => setTimeout(later, 50));
        keygen('-q', '-t', 'ed25519', '-N', '', '-f', file('moved'));
        const environment = { ...env, SSH_AUTH_SOCK: socket };
        expect(spawnSync('ssh-add', ['-q', file('moved')], { env: environment }).status).toBe(0);
        rmSync(file('moved'));
        const { signature } = await sshSign(MESSAGE, { kind: 'approval', keyPath: file('moved.pub'), environment });
        expect(checkSshSignature(signature, MESSAGE, NAMESPACE, nodeSshPorts)).toEqual({ kind: 'held', userVerified: false });
      } finally {
        agent.kill('SIGKILL');
      }
    });

    it('come from a key with a passphrase, asked for by the program of the user', async () => {
      writeFileSync(file('ask'), '#!/bin/sh\necho "open sesame"\n');
      chmodSync(file('ask'), 0o755);
      const made = await sshSign(MESSAGE, { kind: 'approval', keyPath: file('locked'), environment: { ...env, SSH_ASKPASS: file('ask') } });
      expect(made.signature.key.type).toBe('ssh-ed25519');
    });

    it.each([
      ['the passphrase is not given', () => file('locked'), {}, /ssh-keygen said/],
      ['the key is missing', () => file('nothing'), {}, /No such file/],
      ['the key is of RSA', () => file('rsa'), {}, /type is not allowed/],
      ['the key is of P-384', () => file('p384'), {}, /type is not allowed/],
      ['ssh-keygen is not installed', () => file('ed25519'), { PATH: '/nowhere' }, /not installed/],
    ])('say that %s', async (_, keyPath, more, message) => {
      await expect(sshSign(MESSAGE, { kind: 'approval', keyPath: keyPath(), environment: { ...env, ...more } })).rejects.toMatchObject({
        code: 'TL1104',
        message: expect.stringMatching(message),
      });
    });
  });
});
