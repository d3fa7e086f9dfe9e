import { createHash } from 'node:crypto';
import { shellWord } from '#base';
import { nodeCrypto } from '#files';
import { type ApprovalKind, approvalNamespace, checkSshSignature, readSshSignature, type SshPorts, type SshSignature } from '#seal';
import { nodeVerifySignature } from '../../node-signatures.ts';
import { type Environment, runProgram } from '../run-program.ts';
import { couldNotSign, saidBy } from '../signer-errors.ts';

/** The hashes and signatures of Node, for checking SSH signatures. */
export const nodeSshPorts: SshPorts = { crypto: nodeCrypto, sha512: (bytes) => createHash('sha512').update(bytes).digest(), verify: nodeVerifySignature };

export type SshSignOptions = {
  readonly kind: ApprovalKind;
  /** Private key, or public key whose private half an agent or a hardware key holds. */
  readonly keyPath: string;
  readonly environment: Environment;
  /** Hears what ssh-keygen says, for example that a hardware key waits to be touched. */
  readonly onNotice?: (text: string) => void;
  /** For a person to type a passphrase or touch a key. Default: 120 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * Has ssh-keygen sign a statement of a person. It finds the key as it always does: a file, an agent, a hardware key; a passphrase it asks
 * for at the terminal or through SSH_ASKPASS. The signature is read and checked before it is given out. Throws TL1104.
 */
export const sshSign = async (message: Uint8Array, options: SshSignOptions): Promise<{ readonly armored: string; readonly signature: SshSignature }> => {
  const { kind, keyPath, environment, onNotice, timeoutMs = 120_000, signal } = options;
  const place = `the SSH key ${saidBy(keyPath)}`;
  const namespace = approvalNamespace(kind);
  const answer = await runProgram('ssh-keygen', ['-Y', 'sign', '-f', keyPath, '-n', namespace], { environment, timeoutMs, input: message, onNotice, signal });
  if (answer.kind === 'missing') throw couldNotSign('ssh-keygen is not installed', { place, fix: 'install OpenSSH: apt-get install openssh-client' });
  if (answer.kind === 'failed') throw couldNotSign(saidBy(answer.reason), { place });
  if (answer.code !== 0) throw couldNotSign(`ssh-keygen said: ${saidBy(lastLine(answer.stderr))}`, { place, fix: `ssh-keygen -l -f ${shellWord(keyPath)}` });
  const armored = answer.stdout.toString('latin1');
  const read = readSshSignature(armored, nodeCrypto);
  if (read.kind === 'rejected')
    throw couldNotSign(read.problems[0]!.message, { place, fix: 'sign with a key that is allowed: ssh-keygen -t ed25519, or -t ed25519-sk on hardware' });
  const check = checkSshSignature(read.value, message, namespace, nodeSshPorts);
  if (check.kind === 'refused') throw couldNotSign(`the signature that ssh-keygen made is refused: ${check.because}`, { place });
  return { armored, signature: read.value };
};

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
