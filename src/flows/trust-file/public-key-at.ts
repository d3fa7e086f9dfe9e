import { fromUtf8, TrainlockError } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { isSshKeyLine, type PublicKey, readPublicKeyPem, readSshKeyLine } from '#seal';

const MAX_KEY = 65_536;

/** The public key in a file: in PEM, or as SSH writes it. Throws TL0002 if it cannot be read, TL1102 if it holds none that can be used. */
export const publicKeyAt = async (path: string): Promise<PublicKey> => {
  const text = fromUtf8(await readBounded(path, MAX_KEY)) ?? '';
  const ssh = isSshKeyLine(text) ? readSshKeyLine(text, nodeCrypto) : undefined;
  if (ssh?.kind === 'accepted') return ssh.value.publicKey;
  const reading = ssh ?? readPublicKeyPem(text, nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL1102', `${path} holds no public key that can be used`, {
    where: path,
    notes: reading.problems.map(({ message }) => message),
    fix: 'export one: trainlock keys export NAME > key.pub',
  });
};
