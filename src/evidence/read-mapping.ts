import { accepted, type Crypto, escapeControl, keysAt, nearest, type Problem, problemsOf, type Reading, rejected, toHex } from '#base';
import { allFields, fieldAt, pathNow } from '#manifest';
import { placedIn, readPlainYaml } from '#yaml';
import { MAPPING_KEYS } from './generated/mapping-keys.ts';
import type { Clause, MappingDocument } from './generated/mapping-types.ts';
import { schemaErrors } from './generated/mapping-validator.ts';

export type Mapping = Omit<MappingDocument, 'version' | 'clauses'> & {
  /** Digest of the file, in hexadecimal. */
  readonly sha256: string;
  readonly clauses: readonly MappedClause[];
};

export type MappedClause = Clause & { /** Nobody has checked it against a source. */ readonly isDraft: boolean };

/**
 * Reads a compliance map from untrusted bytes. Closed: every unknown key, source and place of the manifest is told with its line, so that
 * no map points at nothing. Never throws.
 */
export const readMapping = (bytes: Uint8Array, crypto: Crypto): Reading<Mapping> => {
  const source = readPlainYaml(bytes);
  if (source.kind === 'rejected') return source;
  const { value } = source.value;
  const errors = schemaErrors(value);
  if (errors.length > 0) return rejected(...problemsOf(errors, value, nearest, (pointer) => keysAt(pointer, MAPPING_KEYS)).map(placedIn(source.value)));
  const { version: _, ...document } = value as unknown as MappingDocument;
  const problems = mappingProblems(document);
  if (problems.length > 0) return rejected(...problems.map(placedIn(source.value)));
  return accepted({ ...document, sha256: toHex(crypto.sha256(bytes)), clauses: document.clauses.map((clause) => ({ ...clause, isDraft: clause.sources === undefined })) });
};

/** What no schema can say: names that nobody has, places that no manifest has, clauses that say nothing. */
const mappingProblems = ({ id, date, supersedes, sources = {}, clauses }: Omit<MappingDocument, 'version'>): readonly Problem[] => [
  ...(supersedes === undefined || (supersedes.startsWith(`${id}@`) && supersedes.slice(id.length + 1) < date)
    ? []
    : [{ pointer: '/supersedes', message: `is not an earlier map of ${id}` }]),
  ...clauses.flatMap((clause, at) => clauseProblems(clause, { at, sources, first: clauses.findIndex((other) => other.clause === clause.clause) })),
];

const clauseProblems = (
  { clause, sources: named = [], needs = [], beyond }: Clause,
  { at, sources, first }: { readonly at: number; readonly sources: NonNullable<MappingDocument['sources']>; readonly first: number },
): readonly Problem[] => [
  ...(first < at ? [{ pointer: `/clauses/${at}/clause`, message: `${escapeControl(clause)} stands here a second time` }] : []),
  ...(needs.length === 0 && beyond === undefined ? [{ pointer: `/clauses/${at}`, message: 'says neither what is needed nor what nothing here can show' }] : []),
  ...named.flatMap((name, which) => (Object.hasOwn(sources, name) ? [] : [{ pointer: `/clauses/${at}/sources/${which}`, message: `there is no source ${escapeControl(name)}` }])),
  ...needs.flatMap(({ record }, which): readonly Problem[] => {
    if (record === undefined || fieldAt(pathNow(record)) !== undefined) return [];
    const near = nearest(
      record,
      allFields().map(({ path }) => path),
    );
    return [
      {
        pointer: `/clauses/${at}/needs/${which}/record`,
        message: `a manifest has no place ${escapeControl(record)}`,
        ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
      },
    ];
  }),
];
