import { checkAuthority, checkScts, type SigningCertificate } from '#seal';
import { bundleCheck, sourceCheck } from './bundle-check.ts';
import type { AskedSigner, BundlePorts, BundleQuestion } from './bundle-question.ts';
import type { BundleCheck, BundleTime } from './bundle-verdict.ts';

/** Whether the certificate counted at a proven time, was promised to logs, and names who was asked for. */
export const certificateChecks = (
  read: SigningCertificate,
  times: readonly BundleTime[],
  { trustedRoot, by, thresholds }: BundleQuestion,
  ports: BundlePorts,
): readonly BundleCheck[] => {
  const paths = times.map(({ at, atMs }) => ({ at, path: checkAuthority(read.certificate, trustedRoot, atMs, ports.verifyWith) }));
  const held = paths.flatMap(({ at, path }) => (path.kind === 'held' ? [{ at, path }] : []))[0];
  const identity = identityCheck(read, by);
  if (held === undefined) {
    const refused = paths.flatMap(({ path }) => (path.kind === 'refused' ? [path] : []));
    const [worst = refused[0]] = refused.filter(({ refusal }) => refusal !== 'unknown-authority');
    const outcome = worst === undefined || worst.refusal === 'unknown-authority' ? 'unknown' : 'broken';
    return [bundleCheck('certificate', outcome, worst?.because ?? 'no time at which the certificate must have counted is proven'), identity];
  }
  const scts = checkScts(read.certificate, held.path.issuer, trustedRoot, ports);
  const promised =
    scts.kind === 'refused'
      ? bundleCheck('certificate-log', 'broken', scts.because)
      : sourceCheck('certificate-log', { found: scts.logs.length, asked: thresholds.certificateLogs, names: scts.logs, refused: [], what: 'log of certificates' });
  return [bundleCheck('certificate', 'held', `issued by ${held.path.authority}, and counted at ${held.at}`), promised, identity];
};

/** Both texts must be those that were asked for, letter for letter. */
const identityCheck = ({ issuer, subject }: SigningCertificate, by: AskedSigner): BundleCheck => {
  if (by.kind === 'identity' && by.issuer !== issuer) return bundleCheck('identity', 'broken', `the identity is vouched for by ${issuer}, not by ${by.issuer}`);
  if (by.kind === 'identity' && by.subject !== subject) return bundleCheck('identity', 'broken', `the certificate is of ${subject}, not of ${by.subject}`);
  return bundleCheck('identity', 'held', `${subject}, vouched for by ${issuer}`);
};
