import type { JsonValue, Problem } from '#base';
import { CURRENT_MAJOR, migrateManifest, type MigrationNote } from '#migrate';
import type { Manifest } from './generated/manifest-types.ts';
import { checkManifest } from './read-manifest.ts';

/** A manifest as another major version says it; undecided where what it says cannot be said there. */
export type ShownAs =
  | { readonly kind: 'shown'; readonly value: JsonValue; readonly notes: readonly MigrationNote[] }
  | { readonly kind: 'undecided'; readonly problems: readonly Problem[] };

/** Shows a manifest as a major version among KNOWN_MAJORS says it. What is given fits the schema of that version. Never throws. */
export const showManifestAs = (manifest: Manifest, major: number): ShownAs => {
  const { value, notes } = migrateManifest(manifest as unknown as JsonValue, CURRENT_MAJOR, major);
  const check = checkManifest(value);
  if (check.kind === 'accepted') return { kind: 'shown', value, notes };
  return { kind: 'undecided', problems: check.problems.map((problem) => ({ ...problem, message: `it cannot be written as schema ${major}: ${problem.message}` })) };
};
