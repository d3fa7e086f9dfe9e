import { fromUtf8, TrainlockError } from '#base';
import { readBounded } from '#files';
import { type Certificate, pemOf, readCertificatePem } from '#seal';

const MAX_CHAIN = 1024 * 1024;

/** The certificates in a file of PEM, in their order. Throws TL0002 if it holds none, or something else beside them. */
export const certificatesAt = async (path: string): Promise<readonly Certificate[]> => {
  const text = fromUtf8(await readBounded(path, MAX_CHAIN)) ?? '';
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  const readings = blocks.map(readCertificatePem);
  const certificates = readings.flatMap((reading) => (reading.kind === 'accepted' ? [reading.value] : []));
  if (certificates.length > 0 && certificates.length === readings.length) return certificates;
  throw new TrainlockError('TL0002', `${path} holds no certificates in PEM`, {
    where: path,
    notes: readings.flatMap((reading) => (reading.kind === 'rejected' ? reading.problems.map(({ message }) => message) : [])),
    fix: 'name a file with the certificates of the authority, the one that signs tokens first',
  });
};

/** PEM of a certificate, in the form that trust files have. */
export const certificatePem = (der: Uint8Array): string => pemOf('CERTIFICATE', der);
