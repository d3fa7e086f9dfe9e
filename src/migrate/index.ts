/** Versions of the schema of records: one shown as another. A view only: signed bytes are never rewritten. */
export type { MigrationNote } from './migration.ts';
export { CURRENT_MAJOR, KNOWN_MAJORS, migrateManifest, pathNow, placeNow } from './migrate-manifest.ts';
