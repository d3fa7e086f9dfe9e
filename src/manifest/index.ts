/** The record: its types, its readers, and the dictionary of its fields. */
export { checkDocument, type DocumentCheck, documentForm, type DocumentForm } from './check-document.ts';
export { deprecatedFields, type DeprecatedField } from './deprecated-fields.ts';
export { type DeliveredRecord, MAX_DELIVERY, readDelivery, writeDelivery } from './delivery.ts';
export { allFields, CAUSE_CLASSES, type ChangeClass, type Field, fieldAt, isCauseClass, memberNames, type Risk, schemaPathOf } from './field-dictionary.ts';
export type * from './generated/manifest-types.ts';
export { type Criterion, judgeCriterion } from './judge-criterion.ts';
export { originOf } from './origin-of.ts';
export { otherDocument } from './other-document.ts';
export { packageName } from './package-name.ts';
export { checkManifest, readManifest } from './read-manifest.ts';
export { PREDICATE_TYPE, predicateTypeOf, readStatement, STATEMENT_TYPE } from './read-statement.ts';
export { showManifestAs } from './show-as.ts';
export { SCHEMA_VERSION } from './schema-version.ts';
export { pathNow } from '#migrate';
export { compareVersions } from './version-order.ts';
export { fitsRange, readVersionRange } from './version-range.ts';
