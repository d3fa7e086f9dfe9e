import { fromUtf8 } from '#base';
import { readBoundedIfThere } from '#files';
import { allDocumentStatements, MAX_SIGNED } from '../signed-documents/document-files.ts';

const DIGEST = /[0-9a-f]{64}/g;

/** Every digest that a statement of a person names, whoever signed it: what was replaced, and what was judged, is kept under these. Never throws. */
export const namedDigests = async (projectRoot: string): Promise<ReadonlySet<string>> => {
  const named = new Set<string>();
  for (const path of await allDocumentStatements(projectRoot)) {
    const bytes = await readBoundedIfThere(path, MAX_SIGNED).catch(() => undefined);
    for (const digest of (bytes === undefined ? undefined : fromUtf8(bytes))?.match(DIGEST) ?? []) named.add(digest);
  }
  return named;
};
