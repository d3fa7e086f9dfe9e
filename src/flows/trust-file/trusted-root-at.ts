import { TrainlockError } from '#base';
import { nodeCrypto, readBounded } from '#files';
import { readTrustedRoot, type TrustedRoot } from '#seal';

const MAX_ROOT = 4 * 1024 * 1024;

/** The trusted root of Sigstore in a file. Throws TL0002 with every problem if it is none. */
export const trustedRootAt = async (path: string): Promise<TrustedRoot> => {
  const reading = readTrustedRoot(await readBounded(path, MAX_ROOT), nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL0002', `${path} holds no trusted root of Sigstore that can be used`, {
    where: path,
    notes: reading.problems.slice(0, 5).map(({ pointer, message }) => `${pointer}: ${message}`),
    fix: 'cosign trusted-root create --help   # makes one for a private instance',
  });
};
