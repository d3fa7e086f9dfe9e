import { resolve } from 'node:path';
import { fromUtf8 } from '#base';
import { nodeCrypto } from '#files';
import { readPublicKeyPem, type TimeAuthority } from '#seal';
import { sealsOf, signerKeyOf } from '#store';
import type { SealEvidence } from '#verify';
import { certificatesAt } from '../trust-file/certificates-at.ts';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';
import { localKeys } from '../trust-file/local-keys.ts';
import { publicKeyAt } from '../trust-file/public-key-at.ts';
import { standingOf } from '../trust-file/standing-of.ts';
import { trustedRootAt } from '../trust-file/trusted-root-at.ts';

export type SealQuestion = {
  /** Where the statement lies; its signatures lie beside it. */
  readonly statementPath: string;
  /** A bundle that stands alone: it is its own signature. */
  readonly document?: Uint8Array;
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files of public keys that count for this question. */
  readonly keys: readonly string[];
  /** A pin file for this question, in place of those of the configuration. */
  readonly pin?: string;
  /** Files with certificates of time authorities that count for this question. */
  readonly authorities: readonly string[];
  /** A file with the trusted root of Sigstore by which certificates are judged. */
  readonly trustedRoot?: string;
  /** Identities that count for this question. */
  readonly identities?: readonly { readonly issuer: string; readonly subject: string }[];
  /** The moment that is asked about, RFC 3339. */
  readonly now: string;
};

/** Fetches what says whose record it is. Throws TL0002 or TL1102 for a key or pin file that was named and is none. */
export const sealEvidence = async (question: SealQuestion): Promise<SealEvidence> => {
  const { statementPath, document, env } = question;
  const beside = await signerKeyOf(statementPath).catch(() => undefined);
  const trust = await standingOf(question);
  const trustedRoot = question.trustedRoot === undefined ? undefined : await trustedRootAt(resolve(question.workingDirectory, question.trustedRoot));
  const besideKey = beside === undefined ? undefined : readPublicKeyPem(fromUtf8(beside) ?? '', nodeCrypto);
  return {
    bundles: document === undefined ? await sealsOf(statementPath) : [{ name: statementPath, bytes: document, isFurther: false }],
    named: await Promise.all(question.keys.map((path) => publicKeyAt(resolve(question.workingDirectory, path)))),
    local: await localKeys(env),
    trust,
    authorities: [...(await namedAuthorities(question)), ...(trustedRoot?.timeAuthorities ?? []), ...(trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [])],
    ...(trustedRoot === undefined ? {} : { trustedRoot }),
    ...(question.identities === undefined ? {} : { identities: question.identities }),
    ...(besideKey?.kind === 'accepted' ? { beside: besideKey.value } : {}),
  };
};

/** A chain in PEM: the certificate that dates, or its issuer, first. */
const namedAuthorities = ({ authorities, workingDirectory }: SealQuestion): Promise<readonly TimeAuthority[]> =>
  Promise.all(authorities.map(async (named) => ({ name: named, certificates: await certificatesAt(resolve(workingDirectory, named)) })));
