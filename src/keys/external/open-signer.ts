import { exhaustive, TrainlockError } from '#base';
import type { Signer } from '../signer.ts';
import { openAwsKmsSigner } from './aws-kms-signer.ts';
import { openPkcs11Signer } from './pkcs11-signer.ts';
import type { Environment } from './run-program.ts';
import { readSignerReference } from './signer-reference.ts';
import { openVaultSigner } from './vault-signer.ts';

export type OpenSignerOptions = {
  readonly environment: Environment;
  /** Opens a key of this machine by its name or path. */
  readonly openLocal: (nameOrPath: string) => Promise<Signer>;
  readonly signal?: AbortSignal;
};

/**
 * The key that a reference names, ready to sign. References come from the user (command line, environment, user config), never from a
 * record or a project file: a PKCS #11 reference names a library that is loaded. Throws TL0001 for a reference that is not understood,
 * and what the signer throws.
 */
export const openSigner = async (reference: string, { environment, openLocal, signal }: OpenSignerOptions): Promise<Signer> => {
  const read = readSignerReference(reference);
  if (read.kind === 'rejected') {
    const { message, hint } = read.problems[0]!;
    // The reference itself is not repeated: it may hold a PIN.
    throw new TrainlockError('TL0001', message, hint === undefined ? {} : { notes: [hint] });
  }
  const named = read.value;
  switch (named.kind) {
    case 'local':
      return openLocal(named.nameOrPath);
    case 'pkcs11':
      return openPkcs11Signer(named, { environment, signal });
    case 'vault':
      return openVaultSigner(named.keyName, { environment, signal });
    case 'aws-kms':
      return openAwsKmsSigner(named, { signal });
    default:
      return exhaustive(named);
  }
};
