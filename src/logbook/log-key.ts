import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes, shellWord, TrainlockError, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { type KeyUse, type VerifierKey, verifierKeyOf } from '#tlog';
import { damaged } from './log-trouble.ts';

/** A key that signs notes: that of a log, or of a witness. */
export type NoteSigner = { readonly key: VerifierKey; readonly sign: (message: Uint8Array) => Uint8Array };

export const LOG_KEY = 'log.key';
const LARGEST = 4096;

/** A new Ed25519 key and the PEM (PKCS #8) to keep it in. */
export const newNoteKey = (name: string, use: KeyUse): { readonly signer: NoteSigner; readonly pem: Uint8Array } => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { signer: signerOf(privateKey, name, use), pem: utf8(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string) };
};

const signerOf = (secret: KeyObject, name: string, use: KeyUse): NoteSigner => {
  const publicKey = Uint8Array.from(createPublicKey(secret).export({ type: 'spki', format: 'der' }).subarray(-32));
  const key = verifierKeyOf({ name, use, publicKey }, nodeCrypto);
  if (key.kind === 'rejected') throw new TrainlockError('TL0901', `a key cannot be used: ${key.problems[0]!.message}`);
  return { key: key.value, sign: (message) => Uint8Array.from(sign(null, message, secret)) };
};

/**
 * The key that signs for a log. Throws TL1401 if it is not there, others can read it, or it is no Ed25519 key; TL1402 if it is another
 * key than the one that the log has signed with so far.
 */
export const loadLogKey = async (folder: string, known: VerifierKey): Promise<NoteSigner> => {
  const signer = await loadNoteKey(join(folder, LOG_KEY), known.name, known.use);
  if (compareBytes(signer.key.publicKey, known.publicKey) !== 0) throw damaged(join(folder, LOG_KEY), `${LOG_KEY} is not the key of this log`);
  return signer;
};

/** A private key in PEM, which nobody else may read. Throws TL1401. */
export const loadNoteKey = async (path: string, name: string, use: KeyUse): Promise<NoteSigner> => {
  const pem = await readPrivate(path);
  let secret: KeyObject;
  try {
    secret = createPrivateKey({ key: pem, format: 'pem' });
  } catch (error) {
    throw unusable(path, 'it is not a private key', error);
  }
  if (secret.asymmetricKeyType !== 'ed25519') throw unusable(path, 'it is not an Ed25519 key');
  return signerOf(secret, name, use);
};

const readPrivate = async (path: string): Promise<Buffer> => {
  try {
    // Without waiting: a pipe of that name cannot hold us up.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw unusable(path, 'it is not a regular file');
      if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
        throw new TrainlockError('TL1401', `other users can read the key of the log (mode ${(facts.mode & 0o777).toString(8).padStart(4, '0')})`, {
          where: path,
          notes: ['whoever has the key can sign a second history; if somebody may have read it, open a new log: trainlock log continue'],
          fix: `chmod 600 ${shellWord(path)}`,
        });
      }
      if (facts.size > LARGEST) throw unusable(path, 'it is too large for a key');
      const buffer = Buffer.alloc(LARGEST);
      const { bytesRead } = await file.read(buffer, 0, LARGEST, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof TrainlockError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(path, code === 'ENOENT' ? 'it is not there' : code === 'EACCES' ? 'no permission' : `the system said ${code ?? 'nothing'}`, error);
  }
};

const unusable = (path: string, reason: string, cause?: unknown): TrainlockError =>
  new TrainlockError('TL1401', `the key of the log cannot be used: ${reason}`, {
    where: path,
    fix: 'bring it back from a copy, or open a new log that begins with this one: trainlock log continue',
    cause,
  });
