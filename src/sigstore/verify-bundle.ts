import { type Bundle, checkTimestamp, countAuthorities, windowText } from '#seal';
import { bundleCheck, sourceCheck } from './bundle-check.ts';
import type { BundlePorts, BundleQuestion } from './bundle-question.ts';
import { signerOf } from './bundle-signer.ts';
import type { BundleTime, BundleVerdict } from './bundle-verdict.ts';
import { certificateChecks } from './certificate-checks.ts';
import { artifactCheck, loggedContent, signatureCheck, signedBytes } from './content-checks.ts';
import { distinctLogs, entryChecks, logCounts } from './entry-checks.ts';

/**
 * Everything a Sigstore bundle claims, checked offline against a trusted root: whose signature it is, over which bytes, since when it
 * exists, and which logs have it. Every check that is asked must hold. One proven time at which the certificate counted is enough, and
 * a further one takes nothing away; an entry of a known log that does not hold refuses the bundle. Never throws, whatever the bytes.
 */
export const verifyBundle = (bundle: Bundle, question: BundleQuestion, ports: BundlePorts): BundleVerdict => {
  const signer = signerOf(bundle, question.by, ports.crypto);
  if ('because' in signer) return verdictOf({ checks: [bundleCheck('signer', 'broken', signer.because)] });
  const signed = signedBytes(bundle, question.artifact);
  if (signed === undefined) return verdictOf({ checks: [bundleCheck('signature', 'broken', 'the signature is over a file, and the file is not at hand')] });
  const content = loggedContent(bundle, signed, signer, ports.crypto);
  const logged = entryChecks(bundle, content, question, ports);
  const tokens = bundle.timestamps.map((token) => checkTimestamp(token, { signature: bundle.content.signature }, question.trustedRoot.timeAuthorities, ports));
  const dated = tokens.flatMap((token) => (token.kind === 'held' ? [token] : []));
  const times: readonly BundleTime[] = [
    ...dated.map(({ time, timeMs, authority }): BundleTime => ({ kind: 'authority', at: time, atMs: timeMs, by: authority })),
    ...logged.entries.flatMap(({ time }) => time ?? []),
  ];
  const refusedTokens = tokens.flatMap((token) => (token.kind === 'refused' ? [{ because: token.because, isStranger: token.refusal === 'unknown-authority' }] : []));
  const sources = countAuthorities(dated) + new Set(times.flatMap(({ kind, by }) => (kind === 'log' ? [by] : []))).size;
  const logs = distinctLogs(logged.entries.filter((entry) => logCounts(entry, times)).map(({ log }) => log));
  return verdictOf({
    checks: [
      bundleCheck('signer', 'held', signer.kind === 'key' ? `the key ${signer.key.keyId.slice(0, 12)}… that was named` : 'a certificate for code signing with one identity'),
      signatureCheck(bundle, signer.key, signed, ports.verifySignature),
      artifactCheck(bundle, question.artifact, ports.crypto),
      sourceCheck('time', { found: sources, asked: question.thresholds.times, names: times.map(({ at, by }) => `${by} (${at})`), refused: refusedTokens, what: 'source of time' }),
      ...(signer.kind === 'certificate' ? certificateChecks(signer.read, times, question, ports) : []),
      ...logged.checks,
      ...logged.entries.flatMap((entry) =>
        logCounts(entry, times) ? [] : [bundleCheck('log', 'broken', `the log ${entry.log.name} counts only ${windowText(entry.log.window)}`)],
      ),
      sourceCheck('log', {
        found: logs.length,
        asked: question.thresholds.logs,
        names: logs,
        refused: logged.unknown.map((because) => ({ because, isStranger: true })),
        what: 'log',
      }),
    ],
    ...(signer.kind === 'certificate' ? { identity: { issuer: signer.read.issuer, subject: signer.read.subject } } : {}),
    times,
    logs,
  });
};

const verdictOf = ({ checks, identity, times = [], logs = [] }: Partial<Omit<BundleVerdict, 'kind'>> & Pick<BundleVerdict, 'checks'>): BundleVerdict => {
  const asked = checks.filter(({ outcome }) => outcome !== 'not-asked');
  const isGood = asked.length > 0 && asked.every(({ outcome }) => outcome === 'held');
  return { kind: isGood ? 'accepted' : 'refused', checks, ...(identity === undefined ? {} : { identity }), times, logs };
};
