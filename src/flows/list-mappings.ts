/** The compliance maps that came with trainlock. */
import { shippedMappings } from './case-facts/mapping-files.ts';

export type ListedMapping = {
  readonly id: string;
  readonly date: string;
  readonly title: string;
  readonly sha256: string;
  readonly clauses: number;
  /** Clauses that nobody has checked against a source. */
  readonly drafts: number;
};

/** Throws TL1601 for a map that cannot be understood. */
export const listMappings = async (): Promise<readonly ListedMapping[]> =>
  (await shippedMappings()).map(({ mapping: { id, date, title, sha256, clauses } }) => ({
    id,
    date,
    title,
    sha256,
    clauses: clauses.length,
    drafts: clauses.filter(({ isDraft }) => isDraft).length,
  }));
