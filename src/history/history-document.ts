import { accepted, type Crypto, type Reading } from '#base';
import {
  type Amendment,
  type Deployment,
  type Deprecation,
  type Promotion,
  readAmendment,
  readDeployment,
  readDeprecation,
  readPromotion,
  readRemediation,
  readReversion,
  type Remediation,
  type Reversion,
} from '#statements';

/** What a person, or a machine that deploys, has said about a record after it was made. */
export type HistoryDocument =
  | { readonly kind: 'amendment'; readonly amendment: Amendment }
  | { readonly kind: 'deprecation'; readonly deprecation: Deprecation }
  | { readonly kind: 'promotion'; readonly promotion: Promotion }
  | { readonly kind: 'deployment'; readonly deployment: Deployment }
  | { readonly kind: 'reversion'; readonly reversion: Reversion }
  | { readonly kind: 'remediation'; readonly remediation: Remediation };

export type HistoryKind = HistoryDocument['kind'];

export const HISTORY_KINDS: readonly HistoryKind[] = ['amendment', 'deprecation', 'promotion', 'deployment', 'reversion', 'remediation'];

/** A document whose signature holds, and whose signer counts for it. */
export type Signed<T> = T & {
  /** SHA-256 of its payload. */
  readonly sha256: string;
  /** Who stands behind the key. */
  readonly person: string;
  /** Whether the trust file makes the person an admin. */
  readonly isAdmin: boolean;
};

/** Reads a document of a kind from untrusted bytes. Says nothing of who signed it. Never throws. */
export const readHistory = (kind: HistoryKind, payload: Uint8Array, crypto: Crypto): Reading<HistoryDocument> => {
  switch (kind) {
    case 'amendment':
      return as(readAmendment(payload), (amendment) => ({ kind, amendment }));
    case 'deprecation':
      return as(readDeprecation(payload, crypto), (deprecation) => ({ kind, deprecation }));
    case 'promotion':
      return as(readPromotion(payload), (promotion) => ({ kind, promotion }));
    case 'deployment':
      return as(readDeployment(payload), (deployment) => ({ kind, deployment }));
    case 'reversion':
      return as(readReversion(payload), (reversion) => ({ kind, reversion }));
    case 'remediation':
      return as(readRemediation(payload), (remediation) => ({ kind, remediation }));
  }
};

const as = <T>(reading: Reading<T>, document: (value: T) => HistoryDocument): Reading<HistoryDocument> =>
  reading.kind === 'accepted' ? accepted(document(reading.value)) : reading;

/** Who, when and why: what every document has. The time is a claim, RFC 3339 in UTC with milliseconds. */
export const wordOf = (document: HistoryDocument): { readonly person: string; readonly reason: string; readonly at: string } => {
  switch (document.kind) {
    case 'amendment':
      return { ...document.amendment, at: document.amendment.amendedAt };
    case 'deprecation':
      return { ...document.deprecation, at: document.deprecation.deprecatedAt };
    case 'promotion':
      return { ...document.promotion, at: document.promotion.promotedAt };
    case 'deployment':
      return { ...document.deployment, at: document.deployment.gatedAt };
    case 'reversion':
      return { ...document.reversion, at: document.reversion.revertedAt };
    case 'remediation':
      return { ...document.remediation, at: document.remediation.statedAt };
  }
};

type HistoryObject = { readonly type: string; readonly id: string };

/** What a document is about, as logs tell it: a word for its kind, and an id. */
export const objectOfHistory = (document: HistoryDocument): HistoryObject => {
  switch (document.kind) {
    case 'amendment':
      return { type: 'run', id: document.amendment.record.runId };
    case 'promotion':
      return { type: 'run', id: document.promotion.record.runId };
    case 'deployment':
      return { type: 'run', id: document.deployment.record.runId };
    case 'remediation':
      return { type: 'run', id: document.remediation.record.runId };
    case 'reversion':
      return { type: document.reversion.of.kind, id: document.reversion.of.sha256 };
    case 'deprecation':
      return deprecatedObject(document.deprecation.of);
  }
};

const deprecatedObject = (of: Deprecation['of']): HistoryObject => {
  switch (of.kind) {
    case 'run':
      return { type: 'run', id: of.runId };
    case 'snapshot':
      return { type: 'snapshot', id: of.snapshotSha256 };
    case 'package':
      return { type: 'package', id: of.name };
    case 'field':
      return { type: 'field', id: of.path };
  }
};
