import type { SignedAmendment, SignedReversion } from './chain-of.ts';
import type { SignedDeployment } from './deployments-of.ts';
import type { SignedDeprecation } from './deprecations-of.ts';
import type { HistoryDocument, Signed } from './history-document.ts';
import type { SignedPromotion } from './promotions-of.ts';

/** Documents that count, by their kind. */
export type SortedHistory = {
  readonly amendments: readonly SignedAmendment[];
  readonly deprecations: readonly SignedDeprecation[];
  readonly promotions: readonly SignedPromotion[];
  readonly deployments: readonly SignedDeployment[];
  readonly reversions: readonly SignedReversion[];
};

type Counted = Signed<{ readonly document: HistoryDocument }>;

/** Sorts documents that count by their kind; each keeps its signer. */
export const sortHistory = (counted: readonly Counted[]): SortedHistory => ({
  amendments: counted.flatMap(({ document, ...signed }) => (document.kind === 'amendment' ? [{ ...signed, amendment: document.amendment }] : [])),
  deprecations: counted.flatMap(({ document, ...signed }) => (document.kind === 'deprecation' ? [{ ...signed, deprecation: document.deprecation }] : [])),
  promotions: counted.flatMap(({ document, ...signed }) => (document.kind === 'promotion' ? [{ ...signed, promotion: document.promotion }] : [])),
  deployments: counted.flatMap(({ document, ...signed }) => (document.kind === 'deployment' ? [{ ...signed, deployment: document.deployment }] : [])),
  reversions: counted.flatMap(({ document, ...signed }) => (document.kind === 'reversion' ? [{ ...signed, reversion: document.reversion }] : [])),
});
