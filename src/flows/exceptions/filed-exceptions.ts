import type { GivenException, GivenReview } from '#approval';
import type { TrustStanding } from '#trust';
import { type JudgedException, judgeException } from '#verify';
import { documentStatements } from '../signed-documents/document-files.ts';
import { DOCUMENT_PORTS, judgedAt } from '../signed-documents/signed-at.ts';
import type { UnreadDocument } from '../signed-documents/unread-document.ts';
import { withdrawnBecause } from '../signed-documents/withdrawn-because.ts';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';

/** A signed document of the folder of exceptions, and what its signature is worth. */
export type FiledException = {
  readonly path: string;
  readonly judged: JudgedException;
  /** Taken back by the same person. */
  readonly withdrawnBecause?: string;
};

/** Every exception and withdrawal of a project, judged by the trust file. Never throws: what cannot be read does not count, and is told. */
export const filedExceptions = async (projectRoot: string, trust: TrustStanding): Promise<readonly FiledException[]> => {
  const { paths, unread } = await documentStatements(projectRoot, 'exceptions');
  const authorities = trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [];
  const found: FiledException[] = [];
  for (const path of paths) found.push({ path, judged: await judgedAt(path, (signed) => judgeException({ signed, trust, authorities }, DOCUMENT_PORTS)) });
  if (unread !== undefined) found.push({ path: unread.path, judged: { kind: 'refused', because: unread.because } });
  return found.map((one) => {
    const { judged } = one;
    if (judged.kind !== 'exception') return one;
    const because = withdrawnBecause(found, judged);
    return because === undefined ? one : { ...one, withdrawnBecause: because };
  });
};

type Signed = Extract<JudgedException, { readonly kind: 'exception' }>;

/** One of them as a policy counts it. */
export const givenException = ({ sha256, exception, by }: Pick<Signed, 'sha256' | 'exception' | 'by'>, isWithdrawn: boolean): GivenException => {
  const { finding, record, environment, level, confirms, role, reason, statedAt, expiresAt } = exception;
  const { person, isPerson, isAdmin } = by;
  const given = { sha256, finding, manifestSha256: record.manifestSha256, environment, person, isPerson, isAdmin, role, reason, statedAt, expiresAt, isWithdrawn };
  return { ...given, ...(level === undefined ? {} : { isBreakGlass: true }), ...(confirms === undefined ? {} : { confirms }) };
};

/** Those that are exceptions, as a policy counts them. */
export const givenExceptions = (filed: readonly FiledException[]): readonly GivenException[] =>
  filed.flatMap(({ judged, withdrawnBecause }) => (judged.kind === 'exception' ? [givenException(judged, withdrawnBecause !== undefined)] : []));

/** Those that are reviews of a break-glass, as a policy counts them. */
export const givenReviews = (filed: readonly FiledException[]): readonly GivenReview[] =>
  filed.flatMap(({ judged }) => {
    if (judged.kind !== 'review') return [];
    const { record, ...review } = judged.review;
    const { person, isPerson, isAdmin } = judged.by;
    return [{ ...review, sha256: judged.sha256, manifestSha256: record.manifestSha256, person, isPerson, isAdmin }];
  });

/** Files of which nobody knows what they say: each may be an exception, or take one back. */
export const unreadExceptions = (filed: readonly FiledException[]): readonly UnreadDocument[] =>
  filed.flatMap(({ path, judged }) =>
    (judged.kind === 'refused' || judged.kind === 'unknown') && judged.exception === undefined && judged.review === undefined ? [{ path, because: judged.because }] : [],
  );

/**
 * Emergencies whose signature does not count any more, by who stands there: the key was revoked or lost its right. They let a model run while
 * it counted, or could have.
 */
export const formerEmergencies = (filed: readonly FiledException[]): readonly GivenException[] =>
  filed.flatMap(({ judged }) =>
    judged.kind === 'refused' && judged.exception?.level !== undefined && judged.sha256 !== undefined
      ? [givenException({ sha256: judged.sha256, exception: judged.exception, by: { person: judged.exception.person, isPerson: true, isAdmin: false, keyId: '' } }, false)]
      : [],
  );
