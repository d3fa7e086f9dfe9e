import type { JsonValue } from '#base';
import { isObject } from './json-parts.ts';
import type { MigrationStep, Shown } from './migration.ts';
import { V0_TO_V1 } from './v0-to-v1.ts';

/** The step at N leads from major version N to N + 1. */
const STEPS: readonly MigrationStep[] = [V0_TO_V1];

/** The major version that is written unless a team says otherwise. */
export const CURRENT_MAJOR = 1;

/** Every major version that is read, the oldest first. */
export const KNOWN_MAJORS = [0, 1] as const;

/**
 * Shows the value of a manifest as another major version says it, and tells what it says otherwise. From one version to itself nothing
 * changes. Pure, and total for any value that fits the schema of `from`; what it gives for other values fits no schema. Versions are among KNOWN_MAJORS.
 */
export const migrateManifest = (value: JsonValue, from: number, to: number): Shown => {
  let shown: Shown = { value: isObject(value) ? value : {}, notes: [] };
  const then = ({ value: next, notes }: Shown): Shown => ({ value: next, notes: [...shown.notes, ...notes] });
  for (let at = from; at < to; at += 1) shown = then(STEPS[at]!.forward(shown.value));
  for (let at = from; at > to; at -= 1) shown = then(STEPS[at - 1]!.back(shown.value));
  return shown;
};

/** Where a place of an older major version stands in a view of now; undefined for a name that it does not have and a later one uses for something. */
export const placeNow = (pointer: string, from: number): string | undefined =>
  STEPS.slice(from).reduce<string | undefined>((place, step) => (place === undefined ? undefined : step.placeOf(place)), pointer);

/** A path of the manifest as it is written now, where an older version wrote it otherwise. Policies, maps and deprecations outlive versions. */
export const pathNow = (path: string): string => STEPS.reduce((now, step) => step.pathOf(now), path);
