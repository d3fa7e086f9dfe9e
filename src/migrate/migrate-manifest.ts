import type { JsonValue } from '#base';
import { isObject } from './json-parts.ts';
import type { MigrationNote, MigrationStep, Shown } from './migration.ts';
import { V0_TO_V1 } from './v0-to-v1.ts';

/** The step at N leads from major version N to N + 1. */
const STEPS: readonly MigrationStep[] = [V0_TO_V1];

/** The major version that is written unless a team says otherwise. */
export const CURRENT_MAJOR = 1;

/** Every major version that is read, the oldest first. */
export const KNOWN_MAJORS = [0, 1] as const;

/**
 * Shows the value of a manifest as another major version says it. From one version to itself nothing changes. Pure, and total for any
 * value that fits the schema of `from`; what it gives for other values fits no schema. Versions are among KNOWN_MAJORS.
 */
export const migrateManifest = (value: JsonValue, from: number, to: number): Shown => {
  let shown: Shown = { value: isObject(value) ? value : {}, notes: [] };
  for (let at = from; at < to; at += 1) {
    const next = STEPS[at]!.forward(shown.value);
    shown = { value: next.value, notes: [...shown.notes, ...next.notes] };
  }
  const notes: readonly MigrationNote[] = shown.notes;
  for (let at = from; at > to; at -= 1) shown = { value: STEPS[at - 1]!.back(shown.value), notes };
  return shown;
};
