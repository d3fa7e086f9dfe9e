import type { EvidencePointer } from './case-facts.ts';

/** met: seen to be so. stated: a person said so. partly: some of it, or with a known gap. missing: nothing here shows it. */
export type MetNeed = { readonly state: 'met' | 'stated' | 'partly' | 'missing'; readonly because: string; readonly evidence: readonly EvidencePointer[] };

/** Nothing here shows it. */
export const missing = (because: string): MetNeed => ({ state: 'missing', because, evidence: [] });
