import type { KeyObject } from 'node:crypto';
import { TrainlockError, utf8 } from '#base';
import { pemOf } from '#seal';

/** Forms in which a private key is written: `pem` is for openssl, Node.js and most others, `cosign` for cosign. */
export type PrivateForm = 'pem' | 'cosign';

/** PEM of a private key: PKCS #8, encrypted if there is a passphrase. Throws TL0001 for a passphrase that other tools cannot be given. */
export const privatePem = async (key: KeyObject, passphrase: string | undefined, form: PrivateForm = 'pem'): Promise<string> => {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  if (passphrase === undefined) return pemOf('PRIVATE KEY', pkcs8);
  checkPassphrase(passphrase);
  switch (form) {
    case 'pem': {
      const { sealPbes2 } = await import('./pbes2.ts');
      return pemOf('ENCRYPTED PRIVATE KEY', await sealPbes2(pkcs8, passphrase));
    }
    case 'cosign': {
      const { sealCosignKey } = await import('./cosign-key.ts');
      return pemOf('ENCRYPTED SIGSTORE PRIVATE KEY', await sealCosignKey(pkcs8, passphrase));
    }
  }
};

/** Most bytes that openssl reads as a passphrase. Source: OpenSSL PEM_BUFSIZE. */
const LONGEST = 1024;

const checkPassphrase = (passphrase: string): void => {
  const isFine = passphrase !== '' && passphrase.isWellFormed() && !/[\0\r\n]/.test(passphrase) && utf8(passphrase).length <= LONGEST;
  if (isFine) return;
  throw new TrainlockError('TL0001', passphrase === '' ? 'the passphrase is empty' : 'the passphrase cannot be given to other tools', {
    notes: [`a passphrase is one line of 1 to ${LONGEST} bytes`],
    fix: 'export TRAINLOCK_PASSPHRASE_FILE=FILE   # a file with mode 0600 that holds the passphrase',
  });
};
