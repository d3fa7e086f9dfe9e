/** The record: its types, its readers, and the dictionary of its fields. */
export { checkDocument, type DocumentCheck, type DocumentForm } from './check-document.ts';
export { allFields, type ChangeClass, type Field, fieldAt, memberNames, type Risk, schemaPathOf } from './field-dictionary.ts';
export type * from './generated/manifest-types.ts';
export { checkManifest, type ManifestReading, readManifest } from './read-manifest.ts';
export { checkStatement, PREDICATE_TYPE, readStatement, type Statement, STATEMENT_TYPE, type StatementReading, type Subject } from './read-statement.ts';
export { problemsOf, type ValidatorError } from './schema-problems.ts';
export { SCHEMA_VERSION } from './schema-version.ts';
