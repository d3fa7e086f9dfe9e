import { readCertificate, type TimeAuthority } from '#seal';
import type { Trust } from '#trust';

/** The time authorities of a trust file. One that is listed with certificates which cannot be read dates nothing. */
export const listedAuthorities = ({ timeAuthorities }: Trust): readonly TimeAuthority[] =>
  timeAuthorities.flatMap(({ name, certificates }) => {
    const readings = certificates.map(readCertificate);
    return readings.every((reading) => reading.kind === 'accepted') ? [{ name, certificates: readings.map(({ value }) => value) }] : [];
  });
